#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/codes.hpp"

namespace itera::dsl {

/// What a problem is about, at length: `itera explain E221` and the table in docs/language.md are made of it.
struct Explanation {
  Code code;
  std::string_view text;     ///< what is wrong, and why it matters
  std::string_view example;  ///< clauses of an experiment, or a whole file, that have the problem
  std::string_view way;      ///< the honest way on, one sentence
  std::string_view rule;     ///< the rule of the method behind it ("F3"); empty if there is none
  bool runs = true;  ///< false: the example is told in words, because bytes or megabytes would be needed
};

/// One for every code, in the order of the codes.
std::vector<Explanation> const& explanations();

/// A rule of the method.
struct MethodRule {
  std::string_view id;  ///< "S8"
  std::string_view text;
  std::string_view clause;  ///< what the same id says as a clause of a verdict; empty for most
};
std::span<MethodRule const> method_rules();

/// What is said to get round a rule, and the answer.
struct Excuse {
  std::string_view excuse, answer;
  std::string_view rules;  ///< "D3 D4"
};
std::span<Excuse const> excuses();

/// Looked up without regard to case; null if there is none.
Explanation const* explanation_of(std::string_view id);
MethodRule const* rule_of(std::string_view id);
/// Excuses that meet a rule.
std::vector<Excuse> excuses_for(std::string_view rule);

/// The table of codes in Markdown, as it stands in docs/language.md.
std::string codes_as_markdown();

}  // namespace itera::dsl
