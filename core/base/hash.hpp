#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace itera {

/// SHA-256, lower-case hexadecimal (64 characters).
std::string sha256(std::string_view bytes);
/// SHA-256 of bytes that come piece by piece. A copy goes on by itself; one that was moved from can only be
/// destroyed or assigned to.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256 const& other);
  Sha256& operator=(Sha256 const& other);
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void add(std::string_view bytes);
  /// Of all that was added so far, lower-case hexadecimal; more may be added after it.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};
/// A SHA-256 digest as bytes: for what is kept by the million.
struct Digest {
  std::array<unsigned char, 32> bytes{};
  /// Lower-case hexadecimal, as sha256() gives it.
  std::string hex() const;
  /// Nothing for text that is not of that form.
  static std::optional<Digest> from_hex(std::string_view text);
  auto operator<=>(Digest const&) const = default;  // NOLINT(modernize-use-nullptr): false alarm
};
Digest sha256_bytes(std::string_view bytes);
/// First 16 bytes of SHA-256: what tells texts apart where the texts themselves would take too much room.
struct Hash128 {
  std::uint64_t high = 0, low = 0;  ///< big-endian: they sort as the bytes and their hexadecimal do
  /// 32 lower-case digits.
  std::string hex() const;
  static std::optional<Hash128> from_hex(std::string_view text);
  auto operator<=>(Hash128 const&) const = default;  // NOLINT(modernize-use-nullptr): false alarm
};
Hash128 sha256_128(std::string_view bytes);
/// First 8 bytes of SHA-256, big-endian.
std::uint64_t sha256_prefix(std::string_view bytes);
/// A keyed 128-bit BLAKE2b tag; without `key` it cannot be guessed back from a short text.
Hash128 keyed_tag(std::string_view key, std::string_view bytes);
/// Digest of a file's bytes, streamed.
Result<std::string> sha256_file(std::filesystem::path const& file);
/// Digest of a folder: over the sorted list of (relative path, size, file digest). Links are not followed.
Result<std::string> sha256_folder(std::filesystem::path const& folder);

/// The key of a counter-based generator for one purpose: first 64 bits of SHA-256(seed || 0x1f || purpose).
std::uint64_t purpose_key(std::string_view seed, std::string_view purpose);

}  // namespace itera
