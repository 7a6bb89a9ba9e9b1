#include "plugins/drawing/frame.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plugins/drawing/text.hpp"

namespace itera::drawing {

double heading(Canvas& canvas, std::string_view title, std::string_view subtitle) {
  auto const room = kWidth - 2 * kMargin;
  canvas.text_within(room, kMargin, 34, title, {15, kInk, Anchor::start, true});
  canvas.text_within(room, kMargin, 53, subtitle, {12, kMuted});
  return 62;
}

void reference(Canvas& canvas, Reference const& line, double top, double bottom) {
  canvas.line(line.x, top, line.x, bottom, line.paint, {1.4, line.dash});
  canvas.text(line.x + (line.label_right ? -3 : 3), top - 6, line.text,
              {kSmall, line.paint, line.label_right ? Anchor::start : Anchor::end});
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
      case Key::Kind::mark:
      case Key::Kind::hollow:
        canvas.line(x, middle, x + sample, middle, key.paint, {1.8});
        [[fallthrough]];
      case Key::Kind::point:
        canvas.mark(key.shape, x + sample / 2, middle, 8.5, key.paint, key.kind != Key::Kind::mark);
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

std::string brief(std::string_view name) {
  return shorten(printable(name), kSmall, 300);
}

void say_strays(std::vector<std::string>& paragraphs, Figures const& figures) {
  if (figures.strays.empty()) return;
  constexpr std::size_t most = 3;
  std::string list;
  for (std::size_t i = 0; i < std::min(most, figures.strays.size()); ++i)
    list += (list.empty() ? "" : ", ") + brief(figures.strays[i]);
  if (figures.strays.size() > most) list += fmt::format(" and {} more", figures.strays.size() - most);
  paragraphs.push_back(fmt::format("Not shown, because `arms` does not name it: {}.", list));
}

}  // namespace itera::drawing
