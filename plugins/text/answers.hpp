#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <itera/sdk/json.hpp>
#include <itera/sdk/plugin.hpp>

namespace itera::text {

/// The parts of `text` between separators, empty ones left out ("a|b|" has two). An empty separator gives the
/// whole text, if it is not empty. The views are of `text`.
std::vector<std::string_view> parts(std::string_view text, std::string_view separator);

/// The answers that an expected cell accepts: its parts, or the empty answer if it has none.
std::vector<std::string_view> accepted(std::string_view expected, std::string_view separator);

/// The setting `separator`; empty if it is not set.
std::string separator(sdk::Settings const& settings);

/// `text` as one line of UTF-8: control characters and line breaks as blanks, U+FFFD for what is not UTF-8.
std::string one_line(std::string_view text);

/// `text` for a one-line reason: in backquotes, shortened to 80 bytes between characters, as one_line().
std::string in_quotes(std::string_view text);
/// "`a`, `b`, ..." with at most five.
std::string in_quotes(std::vector<std::string_view> const& texts);
/// What was accepted, for a reason: "`a`", or "one of `a`, `b`".
std::string one_of(std::vector<std::string_view> const& texts);

/// A number of a reason, to four digits.
std::string shown(double value);

/// The row's expected answer. Without one, gives the item's error in the name of judge `judge`, and nothing.
std::optional<std::string_view> expected_or_error(sdk::Step const& item, std::string_view judge);

}  // namespace itera::text
