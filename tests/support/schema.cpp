#include "tests/support/schema.hpp"

#include <fstream>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace itera::test {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// Later versions may add members; this one must describe what it prints.
void close(Json& schema) {
  if (schema.is_object() && schema.contains("properties") && schema.value("type", "") == "object")
    schema["additionalProperties"] = false;
  if (schema.is_structured())
    for (auto& part : schema) close(part);
}

Json read_schema() {
  std::ifstream in(ITERA_SOURCE_DIR "/docs/schemas/verdict-1.json");
  auto schema = Json::parse(in);
  close(schema);
  return schema;
}

}  // namespace

std::string wrong_by_schema(Json const& document) {
  auto const text = read_schema();
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(Adapter(text), schema);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(schema, Adapter(document), &results)) return {};
  std::string out = document.dump() + "\n";
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (auto const& at : error.context) out += at;
    out += ": " + error.description + "\n";
  }
  return out;
}

}  // namespace itera::test
