#include <optional>
#include <string>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>

#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"
#include "rouge.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

class RougeLJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<RougeLJudge>(
        {.id = "dev.itera.judge.rouge_l",
         .short_name = "rouge_l",
         .version = "1.0.0",
         .summary = "ROUGE-L: F-measure of the longest common subsequence of words",
         .settings_schema = R"({"type": "object", "properties": {
           "separator": {"type": "string", "description": "the expected cell holds several accepted answers, with this between them; the best counts"},
           "all_scripts": {"type": "boolean", "default": false, "description": "words of all scripts; rouge_score's tokenizer knows a-z and 0-9 only"},
           "unicode": {"type": "boolean", "default": true, "description": "bring both into the normal form NFKC first; rouge_score does not"},
           "max_words": {"type": "integer", "default": 20000, "minimum": 1, "maximum": 100000, "description": "a longer text is a judge error: time grows with the product of the lengths"},
           "pass_at": {"type": "number", "default": 0.5, "minimum": 0, "maximum": 1, "description": "the score from which a row is passed"}
         }})",
         .traits = deterministic});
  }

  RougeLJudge(Host, Settings const& settings)
      : separator_(text::separator(settings)),
        all_scripts_(settings.flag("all_scripts")),
        folding_{.letter_case = false, .space = false, .unicode = settings.flag("unicode")},
        max_words_(static_cast<std::size_t>(settings.integer("max_words"))),
        pass_at_(settings.number("pass_at")) {}

  void step(Step const& item) override {
    auto const expected = text::expected_or_error(item, "rouge_l");
    if (!expected) return;
    auto const words = words_of(item.output());
    if (words.size() > max_words_) return too_long(item, "answer", words.size());
    std::string_view nearest;
    std::optional<RougeL> best;
    for (auto const answer : text::accepted(*expected, separator_)) {
      auto const wanted = words_of(answer);
      if (wanted.size() > max_words_) return too_long(item, "expected answer", wanted.size());
      auto const found = rouge_l(words, wanted);
      if (best && found.f <= best->f) continue;
      best = found;
      nearest = answer;
    }
    item.score(
        Score{.value = best->f,
              .passed = best->f >= pass_at_,
              .reason = fmt::format("ROUGE-L {} (precision {}, recall {}): expected {}, got {}",
                                    text::shown(best->f), text::shown(best->precision),
                                    text::shown(best->recall), text::in_quotes(nearest), got(item, words))});
  }

 private:
  std::vector<std::string> words_of(std::string_view raw) const {
    return rouge_words(text::fold(raw, folding_), all_scripts_);
  }
  static std::string got(Step const& item, std::vector<std::string> const& words) {
    return text::in_quotes(item.output()) + (words.empty() ? ", which has no words" : "");
  }
  void too_long(Step const& item, std::string_view which, std::size_t size) const {
    item.error("judge", fmt::format("the {} has {} words; judge `rouge_l` compares at most {} (`max_words`)",
                                    which, size, max_words_));
  }

  std::string separator_;
  bool all_scripts_;
  text::Folding folding_;
  std::size_t max_words_;
  double pass_at_;
};

}  // namespace

ITERA_PLUGINS(RougeLJudge)
