#include "core/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace itera::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::logger& logger() {
  static auto const made = [] {
    auto out = std::make_shared<spdlog::logger>("itera", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    out->set_pattern("itera: %l: %v");
    out->set_level(spdlog::level::warn);
    return out;
  }();
  return *made;
}

}  // namespace

void set_level(Level level) {
  logger().set_level(to_spdlog(level));
}
void write(Level level, std::string_view text) {
  logger().log(to_spdlog(level), text);
}

}  // namespace itera::log
