#pragma once
#include <string>
#include <string_view>

/// Text that GitHub's Markdown shows as it is, on one line: no mark-up, no HTML, no formula, no mention, no
/// reference to an issue, no link. Control and direction characters are left out, and what a text has beyond
/// 4,000 bytes.
std::string inert(std::string_view text);

/// The data of a workflow command: everything after `::` ends with its line, so line breaks are escaped.
std::string command_data(std::string_view text);
/// A property of a workflow command, in which `:` and `,` mean something.
std::string command_property(std::string_view text);

/// Length in UTF-16 code units, which no count of characters exceeds. Precondition: UTF-8.
std::size_t utf16_length(std::string_view text);
