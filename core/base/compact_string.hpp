#pragma once
#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace itera {

/// A text in 16 bytes, half of std::string: for what is kept by the million. Up to 15 bytes stand in it,
/// longer ones behind a pointer without room to spare. Changed only as a whole; read as a std::string_view,
/// which holds until then. Precondition: shorter than 2^48 bytes.
class CompactString {
 public:
  CompactString() = default;
  CompactString(std::string_view text);
  template <class Text>
  requires std::convertible_to<Text const&, std::string_view> &&
      (!std::same_as<Text, CompactString>)CompactString(Text const& text)
      : CompactString(std::string_view(text)) {}
  CompactString(CompactString const& other) : CompactString(other.view()) {}
  CompactString(CompactString&& other) noexcept : bytes_(other.bytes_) { other.bytes_ = {}; }
  CompactString& operator=(CompactString other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~CompactString() {
    if (is_long()) delete[] pointer();
  }

  std::string_view view() const {
    if (!is_long()) return {bytes_.data(), static_cast<unsigned char>(bytes_.back())};
    return {pointer(), long_size()};
  }
  operator std::string_view() const { return view(); }
  bool empty() const { return bytes_.back() == 0; }
  std::size_t size() const { return view().size(); }

  friend bool operator==(CompactString const& a, CompactString const& b) { return a.view() == b.view(); }
  template <class Text>
  requires std::convertible_to<Text const&, std::string_view> &&
      (!std::same_as<Text, CompactString>)friend bool
      operator==(CompactString const& a, Text const& b) {
    return a.view() == std::string_view(b);
  }
  friend auto operator<=>(CompactString const& a, CompactString const& b) { return a.view() <=> b.view(); }
  template <class Text>
  requires std::convertible_to<Text const&, std::string_view> &&
      (!std::same_as<Text, CompactString>)friend auto
      operator<=>(CompactString const& a, Text const& b) {
    return a.view() <=> std::string_view(b);
  }

 private:
  static constexpr std::size_t kInside = 15;
  static constexpr unsigned char kLong = 0xFF;
  static constexpr std::size_t kSizeAt = sizeof(char*);

  bool is_long() const { return static_cast<unsigned char>(bytes_.back()) == kLong; }
  char* pointer() const {
    char* out = nullptr;
    std::memcpy(&out, bytes_.data(), sizeof out);
    return out;
  }
  std::size_t long_size() const {
    std::uint32_t low = 0;
    std::uint16_t high = 0;
    std::memcpy(&low, bytes_.data() + kSizeAt, sizeof low);
    std::memcpy(&high, bytes_.data() + kSizeAt + sizeof low, sizeof high);
    return static_cast<std::size_t>(high) << 32U | low;
  }

  // The text and, in the last byte, its size; or a pointer, the size in 6 bytes, and kLong in the last one.
  std::array<char, kInside + 1> bytes_{};
};
static_assert(sizeof(CompactString) == 16);

}  // namespace itera
