#include "plugins/drawing/placement.hpp"

#include <algorithm>

namespace itera::drawing {

double overlap(Box const& a, Box const& b) {
  auto const width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  auto const height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

Box place_label(double x, double y, double width, double height, Box const& bounds,
                std::vector<Box> const& taken) {
  Box best;
  double least = -1;
  for (auto const away : {11.0, 20.0, 34.0, 52.0, 74.0, 100.0}) {
    Box const candidates[] = {{x + away, y - height / 2, width, height},
                              {x - away - width, y - height / 2, width, height},
                              {x + away, y - away - height / 2, width, height},
                              {x + away, y + away - height / 2, width, height},
                              {x - away - width, y - away - height / 2, width, height},
                              {x - away - width, y + away - height / 2, width, height},
                              {x - width / 2, y - away - height, width, height},
                              {x - width / 2, y + away, width, height}};
    for (auto const& box : candidates) {
      double cost = (width * height - overlap(box, bounds)) * 20 + away * 0.5;
      for (auto const& other : taken) cost += overlap(box, other) * 4;
      if (least < 0 || cost < least) least = cost, best = box;
    }
  }
  return best;
}

}  // namespace itera::drawing
