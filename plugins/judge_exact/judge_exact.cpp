#include <algorithm>
#include <string>

#include <itera/sdk/plugin.hpp>

#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"

namespace {

using namespace itera::sdk;

class ExactJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<ExactJudge>({.id = "dev.itera.judge.exact",
                                        .short_name = "exact",
                                        .version = "1.0.0",
                                        .summary = "1 if the answer is the expected text, else 0",
                                        .settings_schema = R"({"type": "object", "properties": {
           "ignore_case": {"type": "boolean", "default": false, "description": "capital and small letters are the same"},
           "ignore_space": {"type": "boolean", "default": true, "description": "runs of white space are one blank, and none at the ends"},
           "unicode": {"type": "boolean", "default": true, "description": "compare in the normal form NFKC"},
           "separator": {"type": "string", "description": "the expected cell holds several accepted answers, with this between them"}
         }})",
                                        .traits = deterministic});
  }

  ExactJudge(Host, Settings const& settings)
      : folding_(itera::text::folding(settings)), separator_(itera::text::separator(settings)) {}

  void step(Step const& item) override {
    auto const expected = itera::text::expected_or_error(item, "exact");
    if (!expected) return;
    auto const accepted = itera::text::accepted(*expected, separator_);
    auto const got = itera::text::fold(item.output(), folding_);
    bool const right = std::any_of(accepted.begin(), accepted.end(),
                                   [&](auto answer) { return itera::text::fold(answer, folding_) == got; });
    item.score(Score{.value = right ? 1.0 : 0.0,
                     .passed = right,
                     .reason = "expected " + itera::text::one_of(accepted) + ", got " +
                               itera::text::in_quotes(item.output())});
  }

 private:
  itera::text::Folding folding_;
  std::string separator_;
};

}  // namespace

ITERA_PLUGINS(ExactJudge)
