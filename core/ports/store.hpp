#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace itera::ports {

/// Keeps what was paid for: an append-only list of (key, value) entries, numbered from 1. Used from one
/// thread.
class Store {
 public:
  virtual ~Store() = default;
  /// Every committed entry in its order; views live as long as the visit. Stops at the first Error of
  /// `visit`.
  virtual Status scan(
      std::function<Status(std::int64_t id, std::string_view key, std::string_view value)> const& visit) = 0;
  /// The value of a committed entry.
  virtual Result<std::string> value(std::int64_t id) = 0;
  /// The number that the next entry gets.
  virtual std::int64_t next_id() const = 0;
  /// Adds an entry. After commit() it outlives this process, however it ends; after sync() also the machine.
  virtual Status append(std::string_view key, std::string_view value) = 0;
  virtual Status commit() = 0;
  virtual Status sync() = 0;
};

}  // namespace itera::ports
