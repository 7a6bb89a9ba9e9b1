#pragma once
#include <string>
#include <string_view>

namespace itera::drawing {

/// A class that a page may restyle, and the colour without one.
struct Paint {
  std::string_view name, colour;
};

inline constexpr Paint kPaper{"itera-paper", "#ffffff"}, kBand{"itera-band", "#f4f4f4"},
    kGrid{"itera-grid", "#dedede"}, kInk{"itera-ink", "#1a1a1a"}, kMuted{"itera-muted", "#595959"},
    kThreshold{"itera-threshold", "#1a1a1a"}, kFloor{"itera-floor", "#595959"},
    kFail{"itera-fail", "#d55e00"}, kFailText{"itera-fail-text", "#a34700"},
    kUnsure{"itera-unsure", "#e69f00"}, kUnsureText{"itera-unsure-text", "#805500"};
/// The baseline's for 0; those of the arms follow one another over and over.
Paint arm_paint(std::size_t arm);

enum class Anchor { start, middle, end };
enum class Shape { circle, square, triangle, diamond, wedge };
/// Differs from arm to arm as the colours do, so that nobody needs the colours.
Shape arm_shape(std::size_t arm);

struct TextStyle {
  double size = 12;
  Paint paint = kInk;
  Anchor anchor = Anchor::start;
  bool bold = false;
};

inline constexpr std::string_view kDashes = "6 4", kDots = "1.5 3";

struct Stroke {
  double width = 1;
  std::string_view dash = {};
};

/// Collects the body of one SVG document. Texts are made printable and escaped here and nowhere else.
class Canvas {
 public:
  void text(double x, double y, std::string_view text, TextStyle const& style = {});
  /// As much of `text` as fits into `limit` pixels; the whole of it is the element's title.
  void text_within(double limit, double x, double y, std::string_view text, TextStyle const& style = {});
  void line(double x1, double y1, double x2, double y2, Paint paint, Stroke const& stroke = {});
  void rect(double x, double y, double width, double height, Paint paint, double opacity = 1);
  /// A polygon or open line from points "x,y x,y".
  void path(std::string_view d, Paint paint, Stroke const& stroke = {});
  /// A mark of about `size` pixels around a point. A hollow one has the paper's colour inside.
  void mark(Shape shape, double x, double y, double size, Paint paint, bool hollow = false);
  /// A triangle that points left (-1) or right (1), with its point at x, y.
  void arrow_head(double x, double y, int direction, double size, Paint paint);

  /// What stands between open and close shares one title, which viewers show and screen readers say.
  void open(std::string_view title);
  void close();

  /// The finished document; ids are `id` with "-title" and "-desc".
  std::string document(double width, double height, std::string_view id, std::string_view title,
                       std::string_view description) const;

 private:
  std::string body_;
};

/// Fixed point with two decimals.
std::string coordinate(double value);
/// Printable, and safe in XML text and in attributes.
std::string escaped(std::string_view text);
/// `text` with the five characters that mean something in XML and HTML replaced, and nothing else.
std::string markup(std::string_view text);

}  // namespace itera::drawing
