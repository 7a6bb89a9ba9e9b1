#include <memory>
#include <string>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>
#include <re2/re2.h>

#include "plugins/text/answers.hpp"
#include "plugins/text/unicode.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

class RegexJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<RegexJudge>({.id = "dev.itera.judge.regex",
                                        .short_name = "regex",
                                        .version = "1.0.0",
                                        .summary = "1 if the answer matches a regular expression, else 0",
                                        .settings_schema = R"({"type": "object", "properties": {
           "pattern": {"type": "string", "description": "RE2 syntax; without it, the row's expected answer is the pattern"},
           "match": {"type": "string", "enum": ["full", "partial"], "default": "full", "description": "the whole answer must match, or a part of it is enough"},
           "ignore_case": {"type": "boolean", "default": false, "description": "capital and small letters are the same"}
         }})",
                                        .traits = deterministic});
  }

  RegexJudge(Host, Settings const& settings) : full_(settings.text("match") == "full") {
    options_.set_log_errors(false);
    options_.set_case_sensitive(!settings.flag("ignore_case"));
    if (!settings.has("pattern")) return;
    pattern_ = std::make_unique<RE2>(settings.text("pattern"), options_);
    if (!pattern_->ok())
      throw Invalid(fmt::format("`pattern` of judge `regex` is no regular expression: {}", why(*pattern_)),
                    "RE2 has no look-around and no back-references; its syntax is at "
                    "https://github.com/google/re2/wiki/Syntax");
  }

  void step(Step const& item) override {
    if (pattern_) return judge(item, *pattern_);
    auto const expected = text::expected_or_error(item, "regex");
    if (!expected) return;
    RE2 const pattern(re2::StringPiece(expected->data(), expected->size()), options_);
    if (!pattern.ok())
      return item.error("judge", fmt::format("the expected answer {} is no regular expression: {}",
                                             text::in_quotes(*expected), why(pattern)));
    judge(item, pattern);
  }

 private:
  static std::string why(RE2 const& pattern) { return text::one_line(pattern.error()); }

  void judge(Step const& item, RE2 const& pattern) const {
    auto const got = text::valid_utf8(item.output());
    bool const right = full_ ? RE2::FullMatch(got, pattern) : RE2::PartialMatch(got, pattern);
    item.score(
        Score{.value = right ? 1.0 : 0.0,
              .passed = right,
              .reason = fmt::format("{} {}: {}", right ? "matches" : "does not match",
                                    text::in_quotes(pattern.pattern()), text::in_quotes(item.output()))});
  }

  RE2::Options options_;
  bool full_;
  std::unique_ptr<RE2> pattern_;
};

}  // namespace

ITERA_PLUGINS(RegexJudge)
