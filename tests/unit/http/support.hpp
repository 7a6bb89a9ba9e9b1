#pragma once
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/host/caller.hpp"
#include "tests/support/http_server.hpp"

namespace itera::tests {

using ports::HttpCall, ports::HttpReply, ports::HttpOptions;
using HttpStatus = ports::HttpReply::Status;
using namespace std::chrono_literals;

inline HttpCall post(std::string url, std::string body = "{}") {
  HttpCall call;
  call.url = std::move(url);
  call.body = std::move(body);
  call.headers = {{"content-type", "application/json"}};
  return call;
}

/// Retries without the waits of the real world.
inline HttpOptions hasty() {
  HttpOptions options;
  options.first_wait = 4ms;
  return options;
}

/// The host's caller with the library as the host loads it.
inline host::HostCaller http_caller(HttpOptions const& options = hasty(), host::CallerOptions caller = {}) {
  return host::HostCaller(std::move(caller), options.secrets,
                          [options] { return host::load_http_part(options, {ITERA_HTTP_LIBRARY}); });
}

/// The replies by ticket: call i has ticket i.
inline std::vector<HttpReply> run_all(host::HostCaller& caller, std::vector<HttpCall> calls) {
  std::vector<HttpReply> replies(calls.size());
  std::vector<int> came(calls.size());
  std::size_t next = 0;
  auto const submit = [&] {
    for (; next < calls.size() && caller.has_room(calls[next]); ++next)
      caller.submit(next, std::move(calls[next]));
  };
  for (submit(); caller.in_flight() > 0; submit())
    for (auto& [ticket, reply] : caller.wait()) {
      replies.at(ticket) = std::move(std::get<HttpReply>(reply));
      ++came.at(ticket);
    }
  for (int const count : came) EXPECT_EQ(count, 1) << "each ticket comes back exactly once";
  return replies;
}

inline HttpReply run_one(HttpCall call, HttpOptions const& options = hasty()) {
  auto caller = http_caller(options);
  return run_all(caller, {std::move(call)}).front();
}

}  // namespace itera::tests
