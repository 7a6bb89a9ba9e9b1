#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>

#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

using Set = std::set<std::string>;

struct Sizes {
  double both = 0, answer = 0, expected = 0;
};

// 0..1. Two empty sets are the same by every measure. Of one empty set the measures that would divide by zero
// are 0, as in scikit-learn.
double measured(std::string const& measure, Sizes const& n) {
  if (n.answer == 0 && n.expected == 0) return 1;
  if (measure == "equal") return n.both == n.answer && n.both == n.expected ? 1 : 0;
  if (n.both == 0) return 0;
  if (measure == "precision") return n.both / n.answer;
  if (measure == "recall") return n.both / n.expected;
  if (measure == "f1") return 2 * n.both / (n.answer + n.expected);
  return n.both / (n.answer + n.expected - n.both);  // jaccard
}

std::string listed(std::vector<std::string> const& items) {
  return text::in_quotes(std::vector<std::string_view>(items.begin(), items.end()));
}

class SetMatchJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<SetMatchJudge>(
        {.id = "dev.itera.judge.set_match",
         .short_name = "set_match",
         .version = "1.0.0",
         .summary = "answer and expected answer as sets: equal, or how much they share",
         .settings_schema = R"({"type": "object", "properties": {
           "separator": {"type": "string", "default": ",", "description": "what stands between two members, in the answer and in the expected cell"},
           "score": {"type": "string", "enum": ["equal", "jaccard", "precision", "recall", "f1"], "default": "equal", "description": "1 for equal sets and else 0, or the share of members by this measure"},
           "ignore_case": {"type": "boolean", "default": false, "description": "capital and small letters are the same"},
           "ignore_space": {"type": "boolean", "default": true, "description": "runs of white space are one blank, and none at the ends of a member"},
           "unicode": {"type": "boolean", "default": true, "description": "compare in the normal form NFKC"},
           "pass_at": {"type": "number", "default": 1, "minimum": 0, "maximum": 1, "description": "the score from which a row is passed"}
         }})",
         .traits = deterministic});
  }

  SetMatchJudge(Host, Settings const& settings)
      : separator_(settings.text("separator")),
        measure_(settings.text("score")),
        folding_(text::folding(settings)),
        pass_at_(settings.number("pass_at")) {
    if (separator_.empty())
      throw Invalid("`separator` of judge `set_match` is empty",
                    "write what stands between two members, for example `separator = \",\"`");
  }

  void step(Step const& item) override {
    auto const cell = text::expected_or_error(item, "set_match");
    if (!cell) return;
    auto const got = members(item.output());
    auto const expected = members(*cell);
    std::vector<std::string> missing;
    std::vector<std::string> extra;
    std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(),
                        std::back_inserter(missing));
    std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(), std::back_inserter(extra));
    auto const score =
        measured(measure_, {static_cast<double>(got.size() - extra.size()), static_cast<double>(got.size()),
                            static_cast<double>(expected.size())});
    std::string reason =
        missing.empty() && extra.empty()
            ? "the sets are equal"
            : fmt::format("{} of {} expected members", expected.size() - missing.size(), expected.size());
    if (!missing.empty()) reason += ", lacks " + listed(missing);
    if (!extra.empty()) reason += ", has besides " + listed(extra);
    item.score(Score{.value = score, .passed = score >= pass_at_, .reason = reason});
  }

 private:
  Set members(std::string_view cell) const {
    Set out;
    for (auto const part : text::parts(cell, separator_))
      if (auto member = text::fold(part, folding_); !member.empty()) out.insert(std::move(member));
    return out;
  }

  std::string separator_;
  std::string measure_;
  text::Folding folding_;
  double pass_at_;
};

}  // namespace

ITERA_PLUGINS(SetMatchJudge)
