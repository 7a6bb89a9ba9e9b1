#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace itera::drawing {

// SVG has no way to measure text where it is made, so widths are estimated: ASCII has the advances of DejaVu
// Sans (a wide face: others fit where it fits), other letters a typical one of their kind.

/// Width of one line in pixels, rather too large than too small. Precondition: UTF-8.
double text_width(std::string_view text, double size, bool bold = false);

/// As it is shown: white space made blanks, control characters and marks that turn the direction of writing
/// made U+FFFD.
std::string printable(std::string_view text);

/// `text` if it fits into `limit` pixels, else its beginning with an ellipsis. Cuts between characters as a
/// reader sees them (grapheme clusters).
std::string shorten(std::string_view text, double size, double limit, bool bold = false);

/// Lines no wider than `limit` pixels, broken at blanks; a word that is wider is shortened.
std::vector<std::string> wrap(std::string_view text, double size, double limit);

// Numbers as a reader of charts expects them, with a true minus sign.
/// 0.0612 -> "+6.1"; in percentage points.
std::string points(double delta, int decimals = 1);
/// 0.05 -> "+5", 0.025 -> "+2.5": as it was written, to four digits, for a share of a score has many.
std::string points_as_written(double delta);
/// 0.0153 -> "±1.53"; in percentage points.
std::string plus_minus(double deviation, int decimals = 2);
/// 0.742 -> "74.2%"
std::string percent(double share, int decimals = 1);
/// 1506 -> "1,506"; other numbers with at most one decimal.
std::string count(double n);
/// 0.4213 -> "$0.421"; three significant digits, cents at least from a dollar on.
std::string dollars(double usd);

}  // namespace itera::drawing
