#pragma once
#include <string>
#include <string_view>

namespace itera {

/// Appends what canonical() makes of a text or a number, byte for byte, without a document in between: for
/// what is written once a row or a cell.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, double number);

}  // namespace itera
