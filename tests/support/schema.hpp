#pragma once
#include <string>

#include <nlohmann/json.hpp>

namespace itera::test {

/// What is wrong with a document by docs/schemas/verdict-1.json; empty if nothing is. Stricter than the
/// schema: a member that it does not describe is wrong, too.
std::string wrong_by_schema(nlohmann::json const& document);

}  // namespace itera::test
