#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

/// Where and how a document breaks a schema.
struct Violation {
  std::string pointer;  ///< JSON pointer (RFC 6901) of the value; empty for the whole document
  std::string what;     ///< one line
};

/// A JSON Schema of draft 7, within the bounds of prepare.hpp. Fetches nothing.
class JsonSchema {
 public:
  /// Throws sdk::Invalid for what is no schema, or none that is executed. `warn` as in prepared().
  JsonSchema(nlohmann::json const& schema, std::function<void(std::string const&)> const& warn);
  ~JsonSchema();
  JsonSchema(JsonSchema const&) = delete;
  JsonSchema& operator=(JsonSchema const&) = delete;

  bool allows(nlohmann::json const& document) const;
  /// The deepest first violation that is found, for a document that is not allowed. Memory grows with the
  /// number of violations.
  Violation violation(nlohmann::json const& document) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
