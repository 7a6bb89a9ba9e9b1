#pragma once
#include <optional>
#include <string_view>

/// How numbers are written.
struct Notation {
  char decimal = '.';      ///< `.` or `,`
  bool thousands = false;  ///< the other one of the two may stand between groups of three digits
};

/// Which number of a text counts.
enum class Take { whole, first, last };

/// The number that `text` is (`whole`), or the first or last one in it: a sign, digits with a decimal mark,
/// an exponent ("-1.5e3", ".5", "42."). In a longer text a number does not begin behind a letter or a digit
/// ("GPT4" has none), and a sign behind one is a dash ("10-12" has 10 and 12). Nothing if there is none, or
/// if it is too large or too small for a double. Time is linear.
std::optional<double> read_number(std::string_view text, Notation notation, Take take);

/// Whether `value` is near enough: |value - expected| <= max(absolute, relative * |expected|), as
/// pytest.approx has it. With a tolerance above zero the last bits of binary fractions do not count: 1.1 is
/// within 0.1 of 1.
bool is_near(double value, double expected, double absolute, double relative);
