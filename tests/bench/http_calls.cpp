// Calls as the host makes them, through HostCaller and the library that it loads.
//
//   http_calls LIBRARY URL CALLS IN_FLIGHT [CERTIFICATE]      prints seconds, CPU seconds, failures and
//   peak memory in MB
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>

#include <sys/resource.h>

#include "core/host/caller.hpp"

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: http_calls LIBRARY URL CALLS IN_FLIGHT [CERTIFICATE]\n";
    return 2;
  }
  using namespace itera;
  auto const calls = std::strtoull(argv[3], nullptr, 10);
  ports::HttpOptions options;
  if (argc > 5) options.ca_file = argv[5];
  ports::HttpCall call;
  call.url = argv[2];
  call.headers = {{"content-type", "application/json"}};
  call.body = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + std::string(220, 'x') +
              "\"}]}";
  call.limits.in_flight = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
  auto const begin = std::chrono::steady_clock::now();
  host::HostCaller caller({}, {}, [&] { return host::load_http_part(options, {argv[1]}); });
  std::uint64_t begun = 0, ended = 0, failed = 0;
  while (ended < calls) {
    // As the engine does: what is ready waits inside until the endpoint takes it.
    for (; begun < calls && begun - ended < 2 * call.limits.in_flight && caller.has_room(call); ++begun)
      caller.submit(begun, call);
    for (auto const& [ticket, reply] : caller.wait()) {
      auto const& http = std::get<ports::HttpReply>(reply);
      failed += http.status != ports::HttpReply::Status::done || http.code != 200 || http.body.empty();
      ++ended;
    }
  }
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << seconds << ' ' << static_cast<double>(std::clock()) / CLOCKS_PER_SEC << ' ' << failed << ' '
            << usage.ru_maxrss / 1024 << '\n';
}
