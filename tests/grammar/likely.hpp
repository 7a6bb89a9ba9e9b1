#pragma once
#include "tests/support/ebnf_sentence.hpp"

namespace itera::grammar_test {

/// Texts for tokens of the clause layer that mean something where they stand, so that a clause is read to its
/// end and not only to the first number out of range: `trials 3`, `using exact`, `>= +5pp`. It fits
/// `surroundings`.
support::ebnf::Sentences::Likely likely_tokens(support::Dice& dice);

/// The other clauses that a clause beginning with `head` needs around it to be understood.
std::string surroundings(std::string_view head);

}  // namespace itera::grammar_test
