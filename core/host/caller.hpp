#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/host/http_part.hpp"
#include "core/host/process_caller.hpp"
#include "core/ports/caller.hpp"
#include "core/ports/secrets.hpp"

namespace itera::host {

/// Makes every kind of call in one loop: programs through poll(), requests through the HTTP part, which is
/// made at the first request. All calls must come from one thread, which must outlive this object.
class HostCaller final : public ports::Caller {
 public:
  /// Requests that may be submitted at once. What an endpoint takes is less; the rest waits inside.
  static constexpr std::size_t kMostRequests = 10'000;
  using MakeHttp = std::function<Result<std::unique_ptr<HttpPart>>()>;

  HostCaller(CallerOptions options, ports::Secrets secrets, MakeHttp make_http = {});
  ~HostCaller() override;

  bool has_room(ports::Call const& call) const override;
  std::size_t in_flight() const override;
  std::size_t most_in_flight() const override;
  void submit(std::uint64_t ticket, ports::Call call) override;
  std::vector<std::pair<std::uint64_t, ports::Reply>> wait(
      std::optional<std::chrono::milliseconds> at_most = {}) override;
  void close_pools() override;

 private:
  using Ended = std::pair<std::uint64_t, ports::Reply>;
  void take_requests();

  CallerOptions options_;
  ports::Secrets secrets_;
  MakeHttp make_http_;
  ProcessCaller programs_;
  std::unique_ptr<HttpPart> http_;
  std::vector<HttpPart::Ended> ended_;
  std::vector<Ended> done_;
};

}  // namespace itera::host
