#include <optional>
#include <string>

#include <itera/sdk/plugin.hpp>

#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"
#include "squad.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

class TokenF1Judge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<TokenF1Judge>(
        {.id = "dev.itera.judge.token_f1",
         .short_name = "token_f1",
         .version = "1.0.0",
         .summary = "F1 of the words that answer and expected answer share, as SQuAD counts them",
         .settings_schema = R"({"type": "object", "properties": {
           "separator": {"type": "string", "description": "the expected cell holds several accepted answers, with this between them; the best counts"},
           "unicode": {"type": "boolean", "default": true, "description": "bring both into the normal form NFKC first; SQuAD's own script does not"},
           "pass_at": {"type": "number", "default": 0.5, "minimum": 0, "maximum": 1, "description": "the score from which a row is passed"}
         }})",
         .traits = deterministic});
  }

  TokenF1Judge(Host, Settings const& settings)
      : separator_(text::separator(settings)),
        folding_{.letter_case = false, .space = false, .unicode = settings.flag("unicode")},
        pass_at_(settings.number("pass_at")) {}

  void step(Step const& item) override {
    auto const expected = text::expected_or_error(item, "token_f1");
    if (!expected) return;
    auto const words = squad_words(text::fold(item.output(), folding_));
    std::string_view nearest;
    std::optional<Overlap> best;
    for (auto const answer : text::accepted(*expected, separator_)) {
      auto const found = overlap(words, squad_words(text::fold(answer, folding_)));
      if (best && found.f1 <= best->f1) continue;
      best = found;
      nearest = answer;
    }
    item.score(Score{.value = best->f1,
                     .passed = best->f1 >= pass_at_,
                     .reason = "F1 " + text::shown(best->f1) + " (precision " + text::shown(best->precision) +
                               ", recall " + text::shown(best->recall) + "): expected " +
                               text::in_quotes(nearest) + ", got " + text::in_quotes(item.output())});
  }

 private:
  std::string separator_;
  text::Folding folding_;
  double pass_at_;
};

}  // namespace

ITERA_PLUGINS(TokenF1Judge)
