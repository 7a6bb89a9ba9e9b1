#pragma once
#include <memory>
#include <utility>

namespace itera {

/// A value that is nearly always the default one, which takes no room. Copies as the value does.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(Rare const& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Rare() = default;
  T const& operator*() const {
    static T const none{};
    return value_ ? *value_ : none;
  }
  T const* operator->() const { return &**this; }
  /// To be changed.
  T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  /// Gives the room back if the value is the default one.
  void shrink() {
    if (value_ && *value_ == T{}) value_.reset();
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace itera
