#include "plugins/drawing/placement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace itera::drawing {
namespace {

// What is worst: out of the picture, over another label, over a mark, a leader through a label, far away.
constexpr double kOutside = 20, kOverLabel = 8, kOverMark = 4, kLeaderThroughLabel = 150, kFar = 0.6;

bool contains(Box const& box, double x, double y) {
  return x > box.left && x < box.left + box.width && y > box.top && y < box.top + box.height;
}

}  // namespace

double overlap(Box const& a, Box const& b) {
  auto const width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  auto const height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

Box widened(Box const& box, double margin) {
  return {box.left - margin, box.top - margin, box.width + 2 * margin, box.height + 2 * margin};
}

Spot nearest(Box const& box, double x, double y) {
  return {std::clamp(x, box.left, box.left + box.width), std::clamp(y, box.top, box.top + box.height)};
}

double Placement::cost(Box const& label, double x, double y) const {
  auto out = (label.width * label.height - overlap(label, bounds_)) * kOutside;
  for (auto const& other : labels_) out += overlap(widened(label, 2), other) * kOverLabel;
  for (auto const& other : marks_) out += overlap(label, other) * kOverMark;
  auto const end = nearest(label, x, y);
  auto const away = std::hypot(end.x - x, end.y - y);
  if (away > kLeader)
    for (int k = 1; k < 16; ++k)
      for (auto const& other : labels_)
        if (contains(other, x + (end.x - x) * k / 16, y + (end.y - y) * k / 16)) out += kLeaderThroughLabel;
  return out + away * kFar;
}

Box Placement::place(double x, double y, double width, double height) {
  Box best;
  double least = -1;
  // Towards the right, left, above, below, the corners, then between them.
  constexpr std::pair<double, double> directions[] = {
      {1, 0},    {-1, 0},  {0, -1},    {0, 1},    {1, -1},   {1, 1},     {-1, -1}, {-1, 1},
      {1, -0.5}, {1, 0.5}, {-1, -0.5}, {-1, 0.5}, {0.5, -1}, {-0.5, -1}, {0.5, 1}, {-0.5, 1}};
  for (auto const away : {11.0, 16.0, 22.0, 34.0, 48.0, 66.0, 90.0, 120.0})
    for (auto const& [dx, dy] : directions) {
      auto const left = x + dx * away - (dx > 0 ? 0 : dx < 0 ? width : width / 2);
      auto const top = y + dy * away - (dy >= 1 ? 0 : dy <= -1 ? height : height / 2);
      Box const box{left, top, width, height};
      auto const price = cost(box, x, y);
      if (least < 0 || price < least) least = price, best = box;
    }
  labels_.push_back(best);
  // A later label must not stand on this one's leader.
  auto const end = nearest(best, x, y);
  if (std::hypot(end.x - x, end.y - y) > kLeader)
    for (int k = 4; k < 16; ++k) take({x + (end.x - x) * k / 16 - 3, y + (end.y - y) * k / 16 - 3, 6, 6});
  return best;
}

}  // namespace itera::drawing
