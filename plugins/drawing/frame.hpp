#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "plugins/drawing/figures.hpp"
#include "plugins/drawing/svg.hpp"

namespace itera::drawing {

inline constexpr double kWidth = 900, kMargin = 26;
inline constexpr double kSmall = 11;  ///< ticks, legends and notes; other text has 12

/// Title and subtitle; gives the y below them.
double heading(Canvas& canvas, std::string_view title, std::string_view subtitle);

/// An upright line from `top` to `bottom` at x, with what it is above it, to its left or right.
struct Reference {
  double x;
  std::string text;
  Paint paint;
  std::string_view dash = {};
  bool label_right = false;
};
void reference(Canvas& canvas, Reference const& line, double top, double bottom);

/// A mark and what it means.
struct Key {
  enum class Kind { mark, hollow, point, line } kind;  ///< a point is hollow, and without a line
  Paint paint;
  std::string text;
  Shape shape = Shape::square;
  std::string_view dash = {};
};
/// One after the other from `y` on, in as many lines as they need; gives the y below them.
double legend(Canvas& canvas, double y, std::vector<Key> const& keys);

/// What has to be said under a chart, a paragraph each; gives the y below.
double notes(Canvas& canvas, double y, std::vector<std::string> const& paragraphs);

/// A name inside of a paragraph, cut if it is very long.
std::string brief(std::string_view name);
/// Adds what read_figures() left aside.
void say_strays(std::vector<std::string>& paragraphs, Figures const& figures);

}  // namespace itera::drawing
