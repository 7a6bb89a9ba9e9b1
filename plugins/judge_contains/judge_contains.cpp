#include <algorithm>
#include <string>
#include <vector>

#include <itera/sdk/plugin.hpp>

#include "find.hpp"
#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"
#include "plugins/text/unicode.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

class ContainsJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<ContainsJudge>({.id = "dev.itera.judge.contains",
                                           .short_name = "contains",
                                           .version = "1.0.0",
                                           .summary = "1 if texts stand in the answer, else 0",
                                           .settings_schema = R"({"type": "object", "properties": {
           "texts": {"type": "array", "description": "what is looked for in every answer; without it, the row's expected answer"},
           "separator": {"type": "string", "description": "the expected cell holds several texts, with this between them"},
           "need": {"type": "string", "enum": ["all", "any"], "default": "all", "description": "whether all of them must be there, or one is enough"},
           "whole_words": {"type": "boolean", "default": false, "description": "not inside of a longer word or number"},
           "ignore_case": {"type": "boolean", "default": false, "description": "capital and small letters are the same"},
           "ignore_space": {"type": "boolean", "default": true, "description": "runs of white space are one blank, and none at the ends"},
           "unicode": {"type": "boolean", "default": true, "description": "compare in the normal form NFKC"}
         }})",
                                           .traits = deterministic});
  }

  ContainsJudge(Host, Settings const& settings)
      : separator_(text::separator(settings)),
        all_(settings.text("need") == "all"),
        whole_words_(settings.flag("whole_words")),
        folding_(text::folding(settings)) {
    if (!settings.has("texts")) return;
    texts_ = settings.words("texts");
    bool const says_something = !texts_.empty() && std::none_of(texts_.begin(), texts_.end(), [&](auto& t) {
      return text::fold(t, folding_).empty();
    });
    if (!says_something)
      throw Invalid(
          "`texts` of judge `contains` holds no text, or an empty one, which stands in every answer",
          "name what is looked for, or leave `texts` out to look for the row's expected answer");
    if (!separator_.empty())
      throw Invalid("judge `contains` has both `texts` and `separator`",
                    "`separator` parts the expected answer, which is not looked at where `texts` are given");
  }

  void step(Step const& item) override {
    std::vector<std::string_view> wanted(texts_.begin(), texts_.end());
    if (wanted.empty()) {
      auto const expected = text::expected_or_error(item, "contains");
      if (!expected) return;
      wanted = text::parts(*expected, separator_);
      std::erase_if(wanted, [&](auto part) { return text::fold(part, folding_).empty(); });
      if (wanted.empty())
        return item.error("judge", "the row's expected answer is empty, and so stands in every answer");
    }
    auto const got = text::code_points(text::fold(item.output(), folding_));
    std::vector<std::string_view> there;
    std::vector<std::string_view> missing;
    for (auto const part : wanted) {
      bool const found = stands_in(text::code_points(text::fold(part, folding_)), got, whole_words_);
      (found ? there : missing).push_back(part);
    }
    bool const right = all_ ? missing.empty() : !there.empty();
    auto const reason = !right ? "it lacks " + text::in_quotes(missing)
                        : all_ ? "it holds all that is looked for"
                               : "it holds " + text::in_quotes(there.front());
    item.score(Score{.value = right ? 1.0 : 0.0,
                     .passed = right,
                     .reason = reason + ", got " + text::in_quotes(item.output())});
  }

 private:
  std::vector<std::string> texts_;
  std::string separator_;
  bool all_;
  bool whole_words_;
  text::Folding folding_;
};

}  // namespace

ITERA_PLUGINS(ContainsJudge)
