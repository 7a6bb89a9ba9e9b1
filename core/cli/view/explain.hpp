#pragma once
#include <iosfwd>

#include "dsl/explain/explain.hpp"

namespace itera::cli::view {

/// Codes and rules, one a line.
void human_list(std::ostream& out);
void json_list(std::ostream& out);
/// One code at length, with the rule behind it and what is said against that.
void human_code(std::ostream& out, dsl::Explanation const& code);
void json_code(std::ostream& out, dsl::Explanation const& code);
void human_rule_of_method(std::ostream& out, dsl::MethodRule const& rule);
void json_rule(std::ostream& out, dsl::MethodRule const& rule);
void human_excuses(std::ostream& out);
void json_excuses(std::ostream& out);

}  // namespace itera::cli::view
