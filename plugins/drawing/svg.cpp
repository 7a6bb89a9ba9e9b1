#include "plugins/drawing/svg.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

// Okabe and Ito's colours (2008), which differ for every kind of colour vision and in grey.
constexpr std::array<Paint, 5> kArms{{{"itera-arm-0", "#6e6e6e"},
                                      {"itera-arm-1", "#0072b2"},
                                      {"itera-arm-2", "#009e73"},
                                      {"itera-arm-3", "#cc79a7"},
                                      {"itera-arm-4", "#56b4e9"}}};
constexpr std::array<Shape, 5> kShapes{Shape::circle, Shape::square, Shape::triangle, Shape::diamond,
                                       Shape::wedge};

std::string paint_attributes(Paint paint) {
  return fmt::format(R"(class="{}" color="{}")", paint.name, paint.colour);
}

std::string polygon(std::initializer_list<std::pair<double, double>> corners) {
  std::string out;
  for (auto const& [x, y] : corners)
    out += fmt::format("{}{},{}", out.empty() ? "M" : "L", coordinate(x), coordinate(y));
  return out + "Z";
}

std::string outline(Shape shape, double x, double y, double size) {
  auto const r = size / 2;
  switch (shape) {
    case Shape::circle:
      return fmt::format("M{0},{1}a{2},{2} 0 1,0 {3},0a{2},{2} 0 1,0 -{3},0Z", coordinate(x - r * 1.06),
                         coordinate(y), coordinate(r * 1.06), coordinate(2 * r * 1.06));
    case Shape::square:
      return polygon({{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}});
    case Shape::triangle:
      return polygon({{x, y - 1.2 * r}, {x + 1.2 * r, y + 0.9 * r}, {x - 1.2 * r, y + 0.9 * r}});
    case Shape::diamond:
      return polygon({{x, y - 1.35 * r}, {x + 1.35 * r, y}, {x, y + 1.35 * r}, {x - 1.35 * r, y}});
    case Shape::wedge:
      return polygon({{x, y + 1.2 * r}, {x + 1.2 * r, y - 0.9 * r}, {x - 1.2 * r, y - 0.9 * r}});
  }
  return {};
}

std::size_t slot(std::size_t arm) {
  return arm == 0 ? 0 : 1 + (arm - 1) % (kArms.size() - 1);
}

}  // namespace

Paint arm_paint(std::size_t arm) {
  return kArms[slot(arm)];
}

Shape arm_shape(std::size_t arm) {
  return kShapes[slot(arm)];
}

std::string coordinate(double value) {
  auto const text = fmt::format("{:.2f}", value);
  return text == "-0.00" ? "0.00" : text;
}

std::string escaped(std::string_view text) {
  return markup(printable(text));
}

std::string markup(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void Canvas::text(double x, double y, std::string_view text, TextStyle const& style) {
  text_within(1e9, x, y, text, style);
}

void Canvas::text_within(double limit, double x, double y, std::string_view text, TextStyle const& style) {
  auto const whole = printable(text);
  auto const shown = shorten(whole, style.size, limit, style.bold);
  constexpr std::string_view anchors[] = {"", R"( text-anchor="middle")", R"( text-anchor="end")"};
  body_ += fmt::format(R"(<text x="{}" y="{}" font-size="{:g}"{}{} {} fill="currentColor">{}{}</text>)"
                       "\n",
                       coordinate(x), coordinate(y), style.size, anchors[static_cast<int>(style.anchor)],
                       style.bold ? R"( font-weight="bold")" : "", paint_attributes(style.paint),
                       shown == whole ? "" : "<title>" + escaped(whole) + "</title>", escaped(shown));
}

void Canvas::line(double x1, double y1, double x2, double y2, Paint paint, Stroke const& stroke) {
  path(fmt::format("M{},{}L{},{}", coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2)), paint,
       stroke);
}

void Canvas::rect(double x, double y, double width, double height, Paint paint, double opacity) {
  body_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" {} fill="currentColor"{}/>)"
                       "\n",
                       coordinate(x), coordinate(y), coordinate(width), coordinate(height),
                       paint_attributes(paint),
                       opacity < 1 ? fmt::format(R"( fill-opacity="{:g}")", opacity) : "");
}

void Canvas::path(std::string_view d, Paint paint, Stroke const& stroke) {
  body_ += fmt::format(R"(<path d="{}" {} fill="none" stroke="currentColor" stroke-width="{:g}"{}/>)"
                       "\n",
                       d, paint_attributes(paint), stroke.width,
                       stroke.dash.empty() ? "" : fmt::format(R"( stroke-dasharray="{}")", stroke.dash));
}

void Canvas::mark(Shape shape, double x, double y, double size, Paint paint, bool hollow) {
  auto const d = outline(shape, x, y, hollow ? size - 1.5 : size);
  if (!hollow) {
    body_ += fmt::format(R"(<path d="{}" {} fill="currentColor"/>)"
                         "\n",
                         d, paint_attributes(paint));
    return;
  }
  body_ += fmt::format(R"(<path d="{}" {} fill="currentColor"/>)"
                       "\n",
                       d, paint_attributes(kPaper));
  path(d, paint, {1.8});
}

void Canvas::arrow_head(double x, double y, int direction, double size, Paint paint) {
  auto const back = x - direction * size;
  body_ += fmt::format(R"(<path d="{}" {} fill="currentColor"/>)"
                       "\n",
                       polygon({{x, y}, {back, y - size * 0.55}, {back, y + size * 0.55}}),
                       paint_attributes(paint));
}

void Canvas::open(std::string_view title) {
  body_ += "<g><title>" + escaped(title) + "</title>\n";
}

void Canvas::close() {
  body_ += "</g>\n";
}

std::string Canvas::document(double width, double height, std::string_view id, std::string_view title,
                             std::string_view description) const {
  auto const name = escaped(id);
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:g}" height="{1:g}" viewBox="0 0 {0:g} {1:g}" role="img" aria-labelledby="{2}-title {2}-desc" font-family="'DejaVu Sans', Verdana, sans-serif">
<title id="{2}-title">{3}</title>
<desc id="{2}-desc">{4}</desc>
<rect width="{0:g}" height="{1:g}" class="{5}" color="{6}" fill="currentColor"/>
{7}</svg>
)",
      width, std::ceil(height), name, escaped(title), escaped(description), kPaper.name, kPaper.colour,
      body_);
}

}  // namespace itera::drawing
