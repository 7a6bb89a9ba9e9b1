#include "core/base/hash.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

namespace itera {
namespace {

std::string hex(unsigned char const* data, std::size_t size) {
  std::string out(size * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), data, size);
  out.pop_back();
  return out;
}
auto bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

std::array<unsigned char, crypto_hash_sha256_BYTES> digest(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> out{};
  crypto_hash_sha256(out.data(), bytes_of(bytes), bytes.size());
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  auto const d = digest(bytes);
  return hex(d.data(), d.size());
}

std::uint64_t sha256_prefix(std::string_view bytes) {
  auto const d = digest(bytes);
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8U | d[i];
  return out;
}

std::string keyed_tag(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 16> out{};
  auto const key_size = std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX);
  crypto_generichash(out.data(), out.size(), bytes_of(bytes), bytes.size(), bytes_of(key), key_size);
  return hex(out.data(), out.size());
}

Result<std::string> sha256_file(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorClass::unavailable, fmt::format("cannot read {}", file.string()));
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0)
    crypto_hash_sha256_update(&state, reinterpret_cast<unsigned char const*>(buffer.data()),
                              static_cast<unsigned long long>(in.gcount()));
  if (in.bad())
    return fail(ErrorClass::unavailable, fmt::format("reading {} failed half way", file.string()));
  std::array<unsigned char, crypto_hash_sha256_BYTES> out{};
  crypto_hash_sha256_final(&state, out.data());
  return hex(out.data(), out.size());
}

Result<std::string> sha256_folder(std::filesystem::path const& folder) {
  std::error_code ec;
  std::vector<std::filesystem::path> files;
  for (auto it = std::filesystem::recursive_directory_iterator(folder, ec);
       !ec && it != std::filesystem::recursive_directory_iterator(); it.increment(ec))
    if (it->is_regular_file(ec)) files.push_back(it->path());
  if (ec)
    return fail(ErrorClass::unavailable, fmt::format("cannot list {}: {}", folder.string(), ec.message()));
  std::sort(files.begin(), files.end());
  std::string listing;
  for (auto const& file : files) {
    auto const d = sha256_file(file);
    if (!d) return fail(d.error());
    listing += fmt::format("{}\x1f{}\x1f{}\n", file.lexically_relative(folder).generic_string(),
                           std::filesystem::file_size(file, ec), *d);
  }
  return sha256(listing);
}

std::uint64_t purpose_key(std::string_view seed, std::string_view purpose) {
  return sha256_prefix(fmt::format("{}\x1f{}", seed, purpose));
}

}  // namespace itera
