#pragma once
#include <cstdint>
#include <deque>

namespace itera::run {

/// How fast a pass goes: over the last half minute, so that a slow start or an outage does not spoil the
/// estimate for long. Times are seconds of any steady clock, never falling.
class Pace {
 public:
  /// `done` never falls. True about ten times a second and at `last`: then it is time to tell.
  bool at(double now, std::uint64_t done, bool last);
  /// 0 until two moments are known.
  double per_second() const;

 private:
  struct Moment {
    double time;
    std::uint64_t done;
  };
  std::deque<Moment> moments_;  ///< about one a second
  Moment newest_{0, 0};
  double told_ = -1;
};

}  // namespace itera::run
