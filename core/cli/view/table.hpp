#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace itera::cli::view {

using Line = std::vector<std::string>;

/// The first column to the left, numbers to the right; nothing behind the last cell of a line. Two spaces
/// before each line.
void table(std::ostream& out, std::vector<Line> const& lines);

}  // namespace itera::cli::view
