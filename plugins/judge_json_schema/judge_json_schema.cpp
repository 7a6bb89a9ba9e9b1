#include <string>
#include <variant>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/text/answers.hpp"
#include "plugins/text/json.hpp"
#include "schema.hpp"

namespace {

using namespace itera::sdk;
namespace text = itera::text;
using Json = nlohmann::json;

constexpr std::size_t kLargestSchema = 1 << 20;     // bytes
constexpr std::size_t kLargestExplained = 1 << 20;  // bytes: each value may break the schema

Json parsed(std::string const& schema) {
  if (schema.size() > kLargestSchema) throw Invalid("`schema` of judge `json_schema` is larger than 1 MiB");
  auto json = text::read_json(schema);
  if (auto const* no = std::get_if<text::NoJson>(&json))
    throw Invalid("`schema` of judge `json_schema` is no JSON: " + no->why,
                  "give the schema's text, for example `schema = file(\"answer.schema.json\")`");
  return std::get<Json>(std::move(json));
}

class JsonSchemaJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<JsonSchemaJudge>(
        {.id = "dev.itera.judge.json_schema",
         .short_name = "json_schema",
         .version = "1.0.0",
         .summary = "1 if the answer is JSON that a JSON Schema allows, else 0",
         .settings_schema = R"({"type": "object", "required": ["schema"], "properties": {
           "schema": {"type": "string", "description": "JSON Schema of draft 7, as text or file(\"...\"); nothing is fetched"}
         }})",
         .traits = deterministic});
  }

  JsonSchemaJudge(Host host, Settings const& settings)
      : schema_(parsed(settings.text("schema")),
                [&](std::string const& sentence) { host.log(LogLevel::warning, sentence); }) {}

  void step(Step const& item) override {
    auto const answer = text::read_json(item.output());
    if (auto const* no = std::get_if<text::NoJson>(&answer))
      return item.score(Score{.reason = "the answer is no JSON: " + no->why});
    auto const& document = std::get<Json>(answer);
    bool const right = schema_.allows(document);
    item.score(Score{.value = right ? 1.0 : 0.0,
                     .passed = right,
                     .reason = right ? "valid" : explained(document, item.output().size())});
  }

 private:
  std::string explained(Json const& document, std::size_t bytes) const {
    if (bytes > kLargestExplained) return "invalid; an answer of more than 1 MiB is not explained";
    auto const found = schema_.violation(document);
    auto const place = found.pointer.empty() ? std::string() : " at " + text::in_quotes(found.pointer);
    return fmt::format("invalid{}: {}", place, found.what);
  }

  JsonSchema schema_;
};

}  // namespace

ITERA_PLUGINS(JsonSchemaJudge)
