#pragma once
#include <cmath>
#include <limits>
#include <optional>

namespace itera {

/// A finite number or nothing in 8 bytes, half of std::optional<double>: for what is kept by the million. Not
/// a number is nothing.
class MaybeNumber {
 public:
  MaybeNumber() = default;
  MaybeNumber(double value) : value_(value) {}
  MaybeNumber(std::optional<double> const& value) : value_(value.value_or(kNothing)) {}
  bool has_value() const { return !std::isnan(value_); }
  explicit operator bool() const { return has_value(); }
  /// Precondition: has_value().
  double operator*() const { return value_; }
  double value_or(double other) const { return has_value() ? value_ : other; }
  void reset() { value_ = kNothing; }
  friend bool operator==(MaybeNumber a, MaybeNumber b) {
    return a.has_value() == b.has_value() && (!a.has_value() || a.value_ == b.value_);
  }

 private:
  static constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  double value_ = kNothing;
};

}  // namespace itera
