#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/caller.hpp"
#include "core/ports/secrets.hpp"

namespace itera::ports {

struct HttpOptions {
  /// What replaces the marks in header values, and is taken out of whatever comes back.
  Secrets secrets;
  /// Bytes of one response's body.
  std::size_t response_limit = std::size_t{64} << 20;
  /// Of one call, the first one included.
  std::uint32_t attempts = 6;
  /// The wait before the second attempt is half to all of this; each further one is twice as long.
  std::chrono::milliseconds first_wait{500};
  /// Of one wait, whatever the other side asks for, and of all waits of one call together.
  std::chrono::milliseconds longest_wait{60'000}, all_waits{300'000};
  /// A PEM file of certificates for calls that name none; empty: the system's.
  std::string ca_file;
  /// Speaks HTTP/2 over plain http without asking first; over https it is always negotiated.
  bool http2_prior_knowledge = false;
};

/// Makes HTTP calls without ever blocking: whoever owns it waits for its descriptor and its next time, and
/// then lets it work. Used from one thread.
class HttpPart {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Ended = std::pair<std::uint64_t, HttpReply>;

  virtual ~HttpPart() = default;
  /// Readable (poll, epoll) when work() has something to do. The part's own; the same as long as it lives.
  virtual int descriptor() const = 0;
  /// When work() must be called even if nothing moves; nothing: not before the descriptor is readable.
  virtual std::optional<Time> next() const = 0;
  /// Trouble of any kind is a reply. The call may wait for its turn inside.
  virtual void submit(std::uint64_t ticket, HttpCall call) = 0;
  /// Does what can be done now and appends what has ended; each ticket comes back exactly once.
  virtual void work(std::vector<Ended>& done) = 0;
  /// Calls that were submitted and that work() has not given back.
  virtual std::size_t in_flight() const = 0;
  /// Everything in flight comes back as `cancelled` from the next work().
  virtual void cancel_all() = 0;
};

/// The one function of the library that has the HTTP client. Null: it was built with another layout, or
/// libcurl does not start. Both sides are built from one tree; `layout` (kHttpPartLayout) finds a file that
/// another version left behind.
using OpenHttpPart = HttpPart*(HttpOptions const* options, std::size_t layout);
inline constexpr auto kHttpPartSymbol = "itera_http_part";
inline constexpr std::size_t kHttpPartLayout =
    (sizeof(HttpOptions) << 40) + (sizeof(HttpCall) << 20) + sizeof(HttpReply);

}  // namespace itera::ports
