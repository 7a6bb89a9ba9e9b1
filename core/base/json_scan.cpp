#include "core/base/json_scan.hpp"

namespace itera {
namespace {

constexpr std::size_t kDepth = 64;
constexpr std::size_t kFirstSize = 4096;
// A document that is larger is not what is read by the thousand, and its buffers would stay for good.
constexpr std::size_t kMostSize = std::size_t{1} << 20;

}  // namespace

std::optional<simdjson::dom::object> scan_object(std::string_view text) {
  thread_local simdjson::dom::parser parser;
  if (text.size() > kMostSize) return std::nullopt;
  if (parser.max_depth() != kDepth && parser.allocate(kFirstSize, kDepth) != simdjson::SUCCESS)
    return std::nullopt;
  simdjson::dom::object out;
  if (parser.parse(text.data(), text.size()).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

}  // namespace itera
