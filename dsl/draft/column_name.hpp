#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace itera::dsl {

/// Whether a spec can name the column at all: a name in backquotes stands on one line, holds no backquote and
/// no character that turns the order of text. `name` is valid UTF-8.
bool can_be_named(std::string_view name);

/// The column as a spec writes it: in backquotes unless it is an identifier that is no word of the language.
/// Precondition: can_be_named().
std::string column_text(std::string_view name);

/// The name for a comment, whatever it holds: in backquotes, cut to 60 bytes, bad characters replaced.
std::string column_in_comment(std::string_view name);

/// A text literal: quotes, backslashes, control characters and characters that turn text are escaped.
std::string text_literal(std::string_view text);

/// The words of a column's name in lower case: `ticketId`, `ticket_id` and "Ticket ID" are {ticket, id}.
/// A plural `s` is dropped.
std::vector<std::string> words_of(std::string_view name);

/// Where a word of `name` stands in `words`, or their size: the position says how telling it is.
std::size_t place_among(std::string_view name, std::span<std::string_view const> words);

/// `name` made an identifier: other characters become `_`. Empty if nothing is left.
std::string identifier_of(std::string_view name);
bool is_identifier(std::string_view name);

}  // namespace itera::dsl
