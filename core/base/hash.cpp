#include "core/base/hash.hpp"

#include <algorithm>
#include <fstream>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <nettle/sha2.h>
#include <sodium.h>

namespace itera {
namespace {

std::string hex(unsigned char const* data, std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(size * 2, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    out[2 * i] = kDigits[data[i] >> 4U];
    out[2 * i + 1] = kDigits[data[i] & 15U];
  }
  return out;
}
auto bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

static_assert(SHA256_DIGEST_SIZE == 32);

// Nettle's, because it uses the processor's instructions for it, which libsodium's does not.
Digest digest(std::string_view bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), bytes_of(bytes));
  Digest out;
  sha256_digest(&context, out.bytes.size(), out.bytes.data());
  return out;
}

std::uint64_t word(std::span<unsigned char const> bytes, std::size_t from) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8U | bytes[from + i];
  return out;
}

bool unhex(std::string_view text, std::span<unsigned char> out) {
  if (text.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text[i];
    auto const digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return false;
    out[i / 2] = static_cast<unsigned char>(out[i / 2] << 4U | digit);
  }
  return true;
}

}  // namespace

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  sha256_init(&state_->context);
}
Sha256::Sha256(Sha256 const& other) : state_(std::make_unique<State>(*other.state_)) {}
Sha256& Sha256::operator=(Sha256 const& other) {
  if (this != &other) state_ = std::make_unique<State>(*other.state_);
  return *this;
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  sha256_update(&state_->context, bytes.size(), bytes_of(bytes));
}

std::string Sha256::hex() const {
  auto context = state_->context;
  Digest out;
  sha256_digest(&context, out.bytes.size(), out.bytes.data());
  return out.hex();
}

std::string sha256(std::string_view bytes) {
  return digest(bytes).hex();
}

Digest sha256_bytes(std::string_view bytes) {
  return digest(bytes);
}

std::string Digest::hex() const {
  return itera::hex(bytes.data(), bytes.size());
}

std::optional<Digest> Digest::from_hex(std::string_view text) {
  Digest out;
  return unhex(text, out.bytes) ? std::optional(out) : std::nullopt;
}

std::uint64_t sha256_prefix(std::string_view bytes) {
  return word(digest(bytes).bytes, 0);
}

Hash128 sha256_128(std::string_view bytes) {
  auto const d = digest(bytes);
  return {word(d.bytes, 0), word(d.bytes, 8)};
}

Hash128 keyed_tag(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 16> out{};
  auto const key_size = std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX);
  crypto_generichash(out.data(), out.size(), bytes_of(bytes), bytes.size(), bytes_of(key), key_size);
  return {word(out, 0), word(out, 8)};
}

std::string Hash128::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::optional<Hash128> Hash128::from_hex(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  if (!unhex(text, bytes)) return std::nullopt;
  return Hash128{word(bytes, 0), word(bytes, 8)};
}

Result<std::string> sha256_file(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorClass::unavailable, fmt::format("cannot read {}", file.string()));
  Sha256 hash;
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0)
    hash.add({buffer.data(), static_cast<std::size_t>(in.gcount())});
  if (in.bad())
    return fail(ErrorClass::unavailable, fmt::format("reading {} failed half way", file.string()));
  return hash.hex();
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
