#include "core/base/compact_string.hpp"

#include <algorithm>

namespace itera {

CompactString::CompactString(std::string_view text) {
  if (text.size() <= kInside) {
    std::copy(text.begin(), text.end(), bytes_.begin());
    bytes_.back() = static_cast<char>(text.size());
    return;
  }
  auto* const held = new char[text.size()];
  std::copy(text.begin(), text.end(), held);
  auto const low = static_cast<std::uint32_t>(text.size());
  auto const high = static_cast<std::uint16_t>(text.size() >> 32U);
  std::memcpy(bytes_.data(), &held, sizeof held);
  std::memcpy(bytes_.data() + kSizeAt, &low, sizeof low);
  std::memcpy(bytes_.data() + kSizeAt + sizeof low, &high, sizeof high);
  bytes_.back() = static_cast<char>(kLong);
}

}  // namespace itera
