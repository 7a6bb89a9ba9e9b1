#include "schema.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/validator.hpp>

#include "keywords.hpp"
#include "plugins/text/answers.hpp"
#include "prepare.hpp"

namespace {

using Json = nlohmann::json;
using Target = valijson::adapters::NlohmannJsonAdapter;
using Problem = valijson::ValidationResults::Error;

// The library says the way to a value as "<root>", "[name]", "[0]".
std::string pointer(std::vector<std::string> const& context) {
  Json::json_pointer out;
  for (std::size_t i = 1; i < context.size(); ++i) out /= context[i].substr(1, context[i].size() - 2);
  return out.to_string();
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return itera::text::one_line(text);
}

bool starts_with(std::vector<std::string> const& path, std::vector<std::string> const& start) {
  return path.size() >= start.size() && std::equal(start.begin(), start.end(), path.begin());
}

// The library lists what is wrong from the inside out, and the first line is the deepest. Where that is one
// of several alternatives that all fail, the line that sums them up comes after it, and says what is wrong.
Violation found(valijson::ValidationResults const& results) {
  auto const begins = [](std::string_view start) {
    return [=](Problem const& problem) { return problem.description.starts_with(start); };
  };
  if (results.begin() == results.end())
    return {"", "not allowed by the schema"};  // a name, by `propertyNames`
  auto const& first = *results.begin();
  auto const alternative =
      std::find_if(results.begin(), results.end(), begins("Failed to validate against child schema"));
  if (alternative != results.end() && starts_with(first.context, alternative->context)) {
    auto const sum = std::find_if(alternative, results.end(), [&](Problem const& problem) {
      return problem.context == alternative->context && problem.description.ends_with("Of constraint.");
    });
    if (sum != results.end()) return {pointer(sum->context), sentence(sum->description)};
  }
  return {pointer(first.context), sentence(first.description)};
}

}  // namespace

struct JsonSchema::Parts {
  Json document;
  valijson::Schema schema;
};

JsonSchema::JsonSchema(Json const& schema, std::function<void(std::string const&)> const& warn)
    : parts_(std::make_unique<Parts>()) {
  parts_->document = prepared(schema, warn);
  valijson::SchemaParser parser;
  add_keywords(parser);
  try {
    parser.populateSchema(Target(parts_->document), parts_->schema);
  } catch (itera::sdk::Error const&) {
    throw;
  } catch (std::exception const& e) {
    throw itera::sdk::Invalid(fmt::format("`schema` is no JSON Schema: {}", itera::text::one_line(e.what())));
  }
}

JsonSchema::~JsonSchema() = default;

bool JsonSchema::allows(Json const& document) const {
  return valijson::Validator().validate(parts_->schema, Target(document), nullptr);
}

Violation JsonSchema::violation(Json const& document) const {
  valijson::ValidationResults results;
  valijson::Validator().validate(parts_->schema, Target(document), &results);
  return found(results);
}
