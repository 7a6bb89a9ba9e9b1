#pragma once
#include <span>
#include <string>
#include <vector>

#include "tests/support/ebnf_sentence.hpp"

namespace itera::grammar_test {

/// The EBNF of docs/language.md, with what its words mean. Throws std::runtime_error if it is not in order.
support::ebnf::Language const& documented_language();

/// The reserved words as docs/language.md lists them.
std::vector<std::string> documented_reserved_words();

/// A text of the tokens. Gaps and comments are by chance, where they are allowed and where they are needed.
std::string text_of(std::span<support::ebnf::Token const> tokens, support::ebnf::Sentences& sentences,
                    support::Dice& dice);

/// Each token apart from the next.
std::string plain_text_of(std::span<support::ebnf::Token const> tokens);

/// The tokens of a text, as the first block of the EBNF has them. Nothing if there is anything else.
std::optional<std::vector<support::ebnf::Token>> tokens_of(std::string_view text);

/// Without the line breaks that the third block of the EBNF does not speak of: all but those between the
/// columns of `traffic`.
std::vector<support::ebnf::Token> without_layout(std::span<support::ebnf::Token const> tokens);

/// One token, or a few, deleted or doubled, one swapped with the next or replaced, or one of `others` put in.
std::vector<support::ebnf::Token> mutated(std::vector<support::ebnf::Token> tokens,
                                          std::span<support::ebnf::Token const> others, support::Dice& dice);

/// Line breaks put between the clauses that begin at `begun`, and by chance wherever they mean nothing.
std::vector<support::ebnf::Token> laid_out(std::span<support::ebnf::Token const> tokens,
                                           std::span<support::ebnf::Place::Inside const> begun,
                                           support::Dice& dice);

}  // namespace itera::grammar_test
