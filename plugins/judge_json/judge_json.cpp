#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/text/answers.hpp"
#include "plugins/text/json.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;
using Json = nlohmann::json;
using Pointer = Json::json_pointer;

// `contains` throws where a pointer's text is an array index that is none, which is as good as absent.
Json const* at(Json const& document, Pointer const& field) {
  try {
    return document.contains(field) ? &document.at(field) : nullptr;
  } catch (Json::exception const&) {
    return nullptr;
  }
}

std::string shown(Pointer const& field) {
  auto const name = field.to_string();
  return name.empty() ? "the answer" : text::in_quotes(name);
}

class JsonJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<JsonJudge>({.id = "dev.itera.judge.json",
                                       .short_name = "json",
                                       .version = "1.0.0",
                                       .summary = "the fields of a JSON answer that are as expected",
                                       .settings_schema = R"({"type": "object", "properties": {
           "fields": {"type": "array", "description": "JSON pointers of what is compared, like \"/total\"; without it, each member of the expected object"},
           "score": {"type": "string", "enum": ["all", "share"], "default": "all", "description": "1 if all fields are equal and else 0, or the share of fields that are"},
           "pass_at": {"type": "number", "default": 1, "minimum": 0, "maximum": 1, "description": "the score from which a row is passed"}
         }})",
                                       .traits = deterministic});
  }

  JsonJudge(Host, Settings const& settings)
      : all_(settings.text("score") == "all"), pass_at_(settings.number("pass_at")) {
    if (!settings.has("fields")) return;
    for (auto const& field : settings.words("fields")) try {
        fields_.emplace_back(field);
      } catch (Json::exception const&) {
        throw Invalid(fmt::format("`fields` of judge `json`: {} is no JSON pointer", text::in_quotes(field)),
                      "a pointer begins with `/`, for example `/total` or `/items/0/name` (RFC 6901)");
      }
    if (fields_.empty())
      throw Invalid("`fields` of judge `json` is empty",
                    "name what is compared, or leave it out for every member of the expected object");
  }

  void step(Step const& item) override {
    auto const cell = text::expected_or_error(item, "json");
    if (!cell) return;
    auto const expected = text::read_json(*cell);
    if (auto const* no = std::get_if<text::NoJson>(&expected))
      return item.error("judge", "the expected answer is no JSON: " + no->why);
    auto const& wanted = std::get<Json>(expected);
    auto const fields = fields_.empty() ? members(wanted) : fields_;
    for (auto const& field : fields)
      if (!at(wanted, field))
        return item.error("judge", fmt::format("the expected answer has no field {}", shown(field)));
    auto const answer = text::read_json(item.output());
    if (auto const* no = std::get_if<text::NoJson>(&answer))
      return item.score(Score{.reason = "the answer is no JSON: " + no->why});
    compare(item, fields, wanted, std::get<Json>(answer));
  }

 private:
  static std::vector<Pointer> members(Json const& expected) {
    std::vector<Pointer> out;
    if (expected.is_object())
      for (auto const& member : expected.items()) out.push_back(Pointer() / member.key());
    if (out.empty()) out.emplace_back("");
    return out;
  }

  void compare(Step const& item, std::vector<Pointer> const& fields, Json const& expected,
               Json const& answer) const {
    std::size_t equal = 0;
    std::string first;
    for (auto const& field : fields) {
      auto const& wanted = *at(expected, field);
      auto const* got = at(answer, field);
      if (got && *got == wanted) {
        ++equal;
      } else if (first.empty()) {
        first = fmt::format("{}: expected {}, got {}", shown(field), text::quoted_json(wanted),
                            got ? text::quoted_json(*got) : "nothing");
      }
    }
    auto const share = static_cast<double>(equal) / static_cast<double>(fields.size());
    auto const score = all_ && equal < fields.size() ? 0.0 : share;
    item.score(Score{.value = score,
                     .passed = score >= pass_at_,
                     .reason = fmt::format("{} of {} fields equal{}", equal, fields.size(),
                                           first.empty() ? "" : "; " + first)});
  }

  std::vector<Pointer> fields_;
  bool all_;
  double pass_at_;
};

}  // namespace

ITERA_PLUGINS(JsonJudge)
