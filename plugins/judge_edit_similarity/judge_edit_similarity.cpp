#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>

#include "levenshtein.hpp"
#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"
#include "plugins/text/unicode.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

class EditSimilarityJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<EditSimilarityJudge>(
        {.id = "dev.itera.judge.edit_similarity",
         .short_name = "edit_similarity",
         .version = "1.0.0",
         .summary = "1 less the characters that must change, as a share of the longer text",
         .settings_schema = R"({"type": "object", "properties": {
           "ignore_case": {"type": "boolean", "default": false, "description": "capital and small letters are the same"},
           "ignore_space": {"type": "boolean", "default": true, "description": "runs of white space are one blank, and none at the ends"},
           "unicode": {"type": "boolean", "default": true, "description": "compare in the normal form NFKC"},
           "separator": {"type": "string", "description": "the expected cell holds several accepted answers, with this between them; the best counts"},
           "max_length": {"type": "integer", "default": 20000, "minimum": 1, "maximum": 100000, "description": "a text of more characters is a judge error: time grows with the product of the lengths"},
           "pass_at": {"type": "number", "default": 0.5, "minimum": 0, "maximum": 1, "description": "the score from which a row is passed"}
         }})",
         .traits = deterministic});
  }

  EditSimilarityJudge(Host, Settings const& settings)
      : folding_(text::folding(settings)),
        separator_(text::separator(settings)),
        max_length_(static_cast<std::size_t>(settings.integer("max_length"))),
        pass_at_(settings.number("pass_at")) {}

  void step(Step const& item) override {
    auto const expected = text::expected_or_error(item, "edit_similarity");
    if (!expected) return;
    auto const got = characters(item.output());
    if (got.size() > max_length_) return too_long(item, "answer", got.size());
    std::string_view nearest;
    std::optional<double> best;
    std::size_t edits = 0;
    for (auto const answer : text::accepted(*expected, separator_)) {
      auto const wanted = characters(answer);
      if (wanted.size() > max_length_) return too_long(item, "expected answer", wanted.size());
      auto const distance = levenshtein(got, wanted);
      auto const longer = std::max({got.size(), wanted.size(), std::size_t{1}});
      auto const similar = 1 - static_cast<double>(distance) / static_cast<double>(longer);
      if (best && similar <= *best) continue;
      best = similar;
      edits = distance;
      nearest = answer;
    }
    item.score(
        Score{.value = *best,
              .passed = *best >= pass_at_,
              .reason = fmt::format("similarity {} ({} edits): expected {}, got {}", text::shown(*best),
                                    edits, text::in_quotes(nearest), text::in_quotes(item.output()))});
  }

 private:
  std::u32string characters(std::string_view raw) const {
    return text::code_points(text::fold(raw, folding_));
  }
  void too_long(Step const& item, std::string_view which, std::size_t size) const {
    item.error("judge", fmt::format("the {} has {} characters; judge `edit_similarity` compares at most {} "
                                    "(`max_length`)",
                                    which, size, max_length_));
  }

  text::Folding folding_;
  std::string separator_;
  std::size_t max_length_;
  double pass_at_;
};

}  // namespace

ITERA_PLUGINS(EditSimilarityJudge)
