#include "core/run/pace.hpp"

namespace itera::run {
namespace {
constexpr double kWindow = 30;  // seconds
constexpr double kTell = 0.1;
}  // namespace

bool Pace::at(double now, std::uint64_t done, bool last) {
  newest_ = {now, done};
  if (moments_.empty() || now - moments_.back().time >= 1) moments_.push_back(newest_);
  while (moments_.size() > 2 && now - moments_[1].time > kWindow) moments_.pop_front();
  bool const tell = last || told_ < 0 || now - told_ >= kTell;
  if (tell) told_ = now;
  return tell;
}

double Pace::per_second() const {
  if (moments_.empty() || newest_.time <= moments_.front().time) return 0;
  return static_cast<double>(newest_.done - moments_.front().done) / (newest_.time - moments_.front().time);
}

}  // namespace itera::run
