#include <string>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>

#include "number.hpp"
#include "plugins/text/answers.hpp"
#include "plugins/text/fold.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;

class NumericJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<NumericJudge>(
        {.id = "dev.itera.judge.numeric",
         .short_name = "numeric",
         .version = "1.0.0",
         .summary = "1 if the answer's number is near enough to the expected one, else 0",
         .settings_schema = R"({"type": "object", "properties": {
           "absolute": {"type": "number", "default": 0, "minimum": 0, "description": "how far the number may be from the expected one"},
           "relative": {"type": "number", "default": 0, "minimum": 0, "maximum": 1, "description": "the same as a share of the expected number; the larger allowance of the two counts"},
           "take": {"type": "string", "enum": ["whole", "first", "last"], "default": "whole", "description": "the answer is a number and nothing else, or the first or the last number in it counts"},
           "decimal": {"type": "string", "enum": ["point", "comma"], "default": "point", "description": "the decimal mark, in the answer and in the expected cell"},
           "thousands": {"type": "boolean", "default": false, "description": "groups of three digits may be parted, by a comma where the decimal mark is a point and the other way round"}
         }})",
         .traits = deterministic});
  }

  NumericJudge(Host, Settings const& settings)
      : absolute_(settings.number("absolute")),
        relative_(settings.number("relative")),
        take_(settings.text("take") == "whole"   ? Take::whole
              : settings.text("take") == "first" ? Take::first
                                                 : Take::last),
        notation_{settings.text("decimal") == "point" ? '.' : ',', settings.flag("thousands")} {}

  void step(Step const& item) override {
    auto const cell = text::expected_or_error(item, "numeric");
    if (!cell) return;
    auto const expected = number(*cell, Take::whole);
    if (!expected)
      return item.error("judge", fmt::format("the expected answer {} is no number", text::in_quotes(*cell)));
    auto const got = number(item.output(), take_);
    if (!got)
      return item.score(Score{.value = 0,
                              .passed = false,
                              .reason = fmt::format("{}: {}", no_number(), text::in_quotes(item.output()))});
    bool const right = is_near(*got, *expected, absolute_, relative_);
    item.score(Score{.value = right ? 1.0 : 0.0,
                     .passed = right,
                     .reason = fmt::format("expected {}, got {}", *expected, *got)});
  }

 private:
  std::optional<double> number(std::string_view raw, Take take) const {
    return read_number(text::fold(raw, text::Folding{}), notation_, take);
  }
  std::string_view no_number() const {
    return take_ == Take::whole ? "the answer is no number" : "the answer holds no number";
  }

  double absolute_;
  double relative_;
  Take take_;
  Notation notation_;
};

}  // namespace

ITERA_PLUGINS(NumericJudge)
