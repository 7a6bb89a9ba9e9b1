#pragma once
#include <vector>

namespace itera::drawing {

struct Box {
  double left = 0, top = 0, width = 0, height = 0;
};

double overlap(Box const& a, Box const& b);

/// Where a label of this size goes beside the point x, y: inside `bounds`, over as little of `taken` as can
/// be, the nearest place first. Tried: right, left, above, below and the corners, at growing distances.
Box place_label(double x, double y, double width, double height, Box const& bounds,
                std::vector<Box> const& taken);

}  // namespace itera::drawing
