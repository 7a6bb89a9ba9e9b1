#pragma once
#include <vector>

namespace itera::drawing {

struct Box {
  double left = 0, top = 0, width = 0, height = 0;
};

/// Area that two boxes share.
double overlap(Box const& a, Box const& b);
/// The box with `margin` more on every side.
Box widened(Box const& box, double margin);

/// Finds places for labels beside points, one after the other, so that they hide neither marks nor each
/// other.
class Placement {
 public:
  explicit Placement(Box const& bounds) : bounds_(bounds) {}

  /// A mark or line that labels should not hide.
  void take(Box const& box) { marks_.push_back(box); }
  /// A label of this size for the point x, y, inside of the bounds if it can be, and near: the right goes
  /// first, then left, above, below and what lies between. Its place is taken then.
  Box place(double x, double y, double width, double height);

 private:
  double cost(Box const& label, double x, double y) const;

  Box bounds_;
  std::vector<Box> marks_, labels_;
};

/// From this distance on a line leads from a label to its point.
inline constexpr double kLeader = 24;
/// The point of the box nearest to x, y.
struct Spot {
  double x, y;
};
Spot nearest(Box const& box, double x, double y);

}  // namespace itera::drawing
