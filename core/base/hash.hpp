#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace itera {

/// SHA-256, lower-case hexadecimal (64 characters).
std::string sha256(std::string_view bytes);
/// First 8 bytes of SHA-256, big-endian.
std::uint64_t sha256_prefix(std::string_view bytes);
/// A keyed 128-bit BLAKE2b tag in hexadecimal; without `key` it cannot be guessed back from a short text.
std::string keyed_tag(std::string_view key, std::string_view bytes);
/// Digest of a file's bytes, streamed.
Result<std::string> sha256_file(std::filesystem::path const& file);
/// Digest of a folder: over the sorted list of (relative path, size, file digest). Links are not followed.
Result<std::string> sha256_folder(std::filesystem::path const& folder);

/// The key of a counter-based generator for one purpose: first 64 bits of SHA-256(seed || 0x1f || purpose).
std::uint64_t purpose_key(std::string_view seed, std::string_view purpose);

}  // namespace itera
