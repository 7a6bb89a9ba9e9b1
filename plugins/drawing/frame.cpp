#include "plugins/drawing/frame.hpp"

#include <fmt/format.h>

#include "plugins/drawing/text.hpp"

namespace itera::drawing {

double heading(Canvas& canvas, std::string_view title, std::string_view subtitle) {
  auto const room = kWidth - 2 * kMargin;
  canvas.text_within(room, kMargin, 34, title, {15, kInk, Anchor::start, true});
  canvas.text_within(room, kMargin, 53, subtitle, {12, kMuted});
  return 62;
}

double legend(Canvas& canvas, double y, std::vector<Key> const& keys) {
  constexpr double sample = 24, gap = 22, line = 18;
  double x = kMargin;
  for (auto const& key : keys) {
    auto const width = sample + 7 + text_width(key.text, kSmall);
    if (x > kMargin && x + width > kWidth - kMargin) x = kMargin, y += line;
    auto const middle = y - 4;
    switch (key.kind) {
      case Key::Kind::line:
        canvas.line(x, middle, x + sample, middle, key.paint, {1.4, key.dash});
        break;
      case Key::Kind::interval:
        canvas.line(x, middle, x + sample, middle, key.paint, {1.8});
        canvas.line(x, middle - 4, x, middle + 4, key.paint, {1.8});
        canvas.line(x + sample, middle - 4, x + sample, middle + 4, key.paint, {1.8});
        break;
      case Key::Kind::mark:
      case Key::Kind::hollow:
        canvas.line(x, middle, x + sample, middle, key.paint, {1.8});
        canvas.mark(key.shape, x + sample / 2, middle, 8.5, key.paint, key.kind == Key::Kind::hollow);
    }
    canvas.text(x + sample + 7, y, key.text, {kSmall, kInk});
    x += width + gap;
  }
  return keys.empty() ? y - line : y;
}

double notes(Canvas& canvas, double y, std::vector<std::string> const& paragraphs) {
  for (auto const& paragraph : paragraphs)
    for (auto const& line : wrap(printable(paragraph), kSmall, kWidth - 2 * kMargin)) {
      canvas.text(kMargin, y, line, {kSmall, kMuted});
      y += 15;
    }
  return y;
}

void say_strays(std::vector<std::string>& paragraphs, Figures const& figures) {
  if (figures.strays.empty()) return;
  std::string list;
  for (auto const& path : figures.strays) list += (list.empty() ? "" : ", ") + path;
  paragraphs.push_back(fmt::format("Not shown, because `arms` does not name it: {}.", list));
}

}  // namespace itera::drawing
