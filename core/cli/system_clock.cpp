#include "core/cli/system_clock.hpp"

#include <chrono>

#include <fmt/chrono.h>

namespace itera::cli {
namespace {
std::tm now() {
  return fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}
}  // namespace

std::string SystemClock::now_utc() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now());
}
std::string SystemClock::today_utc() {
  return fmt::format("{:%Y-%m-%d}", now());
}

}  // namespace itera::cli
