#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/caller.hpp"
#include "core/ports/secrets.hpp"

namespace itera::host {

/// The part of the caller that speaks HTTP. Used from one thread; never blocks.
class HttpPart {
 public:
  using Ended = std::pair<std::uint64_t, ports::HttpReply>;
  virtual ~HttpPart() = default;
  /// A descriptor that can be read when work() has something to do.
  virtual int descriptor() const = 0;
  /// When work() has to be called even if nothing moves.
  virtual std::optional<std::chrono::steady_clock::time_point> next() const = 0;
  /// Begins now or when limits allow it.
  virtual void submit(std::uint64_t ticket, ports::HttpCall call) = 0;
  /// Moves what can be moved; what ended is put into `done`, each ticket once.
  virtual void work(std::vector<Ended>& done) = 0;
  /// Submitted and not yet come back, the waiting ones included.
  virtual std::size_t in_flight() const = 0;
  /// Every open call comes back as `cancelled` from the next work().
  virtual void cancel_all() = 0;
};

/// Loads the library that has the HTTP client, which nothing else links: it takes 10 ms to start. An Error of
/// class unavailable names what is missing and what to do.
Result<std::unique_ptr<HttpPart>> load_http_part(ports::Secrets secrets);

}  // namespace itera::host
