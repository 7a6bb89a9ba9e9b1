#include "core/split/seal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sodium.h>

#include "core/base/file.hpp"
#include "core/base/json.hpp"
#include "core/base/json_text.hpp"

namespace itera::split {
namespace {

// Messages of whole lines, each behind its length, the last one marked as such.
constexpr std::string_view kMagic = "itera-seal-2\n";
// All lines in one message that fills the file, as version 0.1 wrote it: still read.
constexpr std::string_view kOneMessage = "itera-seal-1\n";
constexpr auto kHeader = std::size_t{crypto_secretstream_xchacha20poly1305_HEADERBYTES};
constexpr auto kTail = std::size_t{crypto_secretstream_xchacha20poly1305_ABYTES};
constexpr std::size_t kPiece = std::size_t{1} << 20;  // so that never all rows are in memory twice
constexpr std::size_t kLength = 8;
auto bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
auto bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string about_file(std::string_view magic, Part part, std::string_view bound_to) {
  return fmt::format("{}{}:{}", magic, to_string(part), bound_to);
}

std::string length_text(std::size_t length) {
  std::string out;
  for (unsigned i = 0; i < kLength; ++i) out += static_cast<char>(length >> (8 * i) & 255U);
  return out;
}
std::size_t length_from(std::string_view text) {
  std::size_t out = 0;
  for (auto i = kLength; i-- > 0;) out = out << 8U | static_cast<unsigned char>(text[i]);
  return out;
}

// A nonce from the kernel's randomness, of which a good deal is fetched at once.
void draw_nonce(unsigned char* out) {
  constexpr auto kNonce = std::size_t{crypto_aead_xchacha20poly1305_ietf_NPUBBYTES};
  thread_local std::array<unsigned char, kNonce * 128> drawn;
  thread_local std::size_t used = drawn.size();
  if (used == drawn.size()) {
    randombytes_buf(drawn.data(), drawn.size());
    used = 0;
  }
  std::memcpy(out, drawn.data() + used, kNonce);
  used += kNonce;
}

}  // namespace

Result<Seal> Seal::in(std::filesystem::path folder) {
  if (sodium_init() < 0) return fail(ErrorClass::internal, "libsodium did not start");
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec)
    return fail(ErrorClass::unavailable, fmt::format("cannot make {}: {}", folder.string(), ec.message()));
  auto const file = folder / "seal.key";
  if (std::filesystem::exists(file)) {
    auto key = read_file(file);
    if (!key) return fail(key.error());
    if (key->size() != crypto_secretstream_xchacha20poly1305_KEYBYTES)
      return fail(ErrorClass::invalid, fmt::format("{} is not a key", file.string()),
                  "restore it: without it the sealed rows cannot be opened");
    return Seal(std::move(folder), std::move(*key));
  }
  std::string key(crypto_secretstream_xchacha20poly1305_KEYBYTES, '\0');
  crypto_secretstream_xchacha20poly1305_keygen(bytes(key));
  if (auto const ok = write_file(file, key, 0600); !ok) return fail(ok.error());
  return Seal(std::move(folder), std::move(key));
}

std::filesystem::path Seal::file(Part part) const {
  return folder_ / fmt::format("{}.sealed", to_string(part));
}

Status Seal::write(Part part, std::string const& bound_to, std::vector<Row> const& rows) const {
  std::vector<Row const*> all;
  all.reserve(rows.size());
  for (auto const& row : rows) all.push_back(&row);
  return write(part, bound_to, all);
}

Status Seal::write(Part part, std::string const& bound_to, std::span<Row const* const> rows) const {
  auto file = FileWriter::create(this->file(part), 0600);
  if (!file) return fail(file.error());
  crypto_secretstream_xchacha20poly1305_state state;
  std::string header(kHeader, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&state, bytes(header), bytes(key_));
  file->add(kMagic);
  file->add(header);
  auto const about = about_file(kMagic, part, bound_to);
  std::string plain;
  std::string cipher;
  auto const push = [&](unsigned char tag) {
    cipher.resize(plain.size() + kTail);
    crypto_secretstream_xchacha20poly1305_push(&state, bytes(cipher), nullptr, bytes(plain), plain.size(),
                                               bytes(about), about.size(), tag);
    sodium_memzero(plain.data(), plain.size());
    plain.clear();
    file->add(length_text(cipher.size()));
    file->add(cipher);
  };
  for (auto const* row : rows) {
    plain += to_line(*row);
    plain += '\n';
    if (plain.size() >= kPiece) push(crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
  }
  push(crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  return file->commit();
}

Result<std::vector<Row>> Seal::open(Part part, std::string const& bound_to) const {
  auto const refused = [&](std::string_view why) {
    return fail(ErrorClass::invalid, fmt::format("{}: {}", file(part).string(), why),
                "the sealed rows were changed or belong to another experiment; restore the file, or start a "
                "new experiment");
  };
  std::error_code ec;
  auto left = std::filesystem::file_size(file(part), ec);
  std::ifstream in(file(part), std::ios::binary);
  if (ec || !in)
    return fail(ErrorClass::unavailable, fmt::format("cannot read {}: {}", file(part).string(),
                                                     ec ? ec.message() : std::strerror(errno)));
  auto const read = [&](std::string& into, std::size_t size) {
    if (size > left) return false;
    into.resize(size);
    left -= size;
    return static_cast<bool>(in.read(into.data(), static_cast<std::streamsize>(size)));
  };
  std::string magic, header, length, cipher, plain;
  if (!read(magic, kMagic.size()) || (magic != kMagic && magic != kOneMessage) || !read(header, kHeader))
    return refused("not a sealed file, or cut short");
  auto const about = about_file(magic, part, bound_to);
  crypto_secretstream_xchacha20poly1305_state state;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&state, bytes(header), bytes(key_)) != 0)
    return refused("the seal is broken");
  std::vector<Row> rows;
  unsigned char tag = 0;
  while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
    auto size = static_cast<std::size_t>(left);
    if (magic == kMagic) {
      if (!read(length, kLength)) return refused("the seal is broken");
      size = length_from(length);
    }
    if (size < kTail || !read(cipher, size)) return refused("the seal is broken");
    plain.resize(cipher.size() - kTail);
    if (crypto_secretstream_xchacha20poly1305_pull(&state, bytes(plain), nullptr, &tag, bytes(cipher),
                                                   cipher.size(), bytes(about), about.size()) != 0)
      return refused("the seal is broken");
    for (std::string_view rest = plain; !rest.empty();) {
      auto const end = std::min(rest.find('\n'), rest.size());
      auto row = row_from_line(rest.substr(0, end));
      if (!row) return fail(row.error());
      rows.push_back(std::move(*row));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    sodium_memzero(plain.data(), plain.size());
  }
  if (left != 0) return refused("the seal is broken");
  return rows;
}

std::string Seal::lock(std::string_view plain, std::string_view about) const {
  constexpr auto kNonce = std::size_t{crypto_aead_xchacha20poly1305_ietf_NPUBBYTES};
  std::string out(kNonce + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  draw_nonce(bytes(out));
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out) + kNonce, nullptr, bytes(plain), plain.size(),
                                             bytes(about), about.size(), nullptr, bytes(out), bytes(key_));
  return out;
}

std::optional<std::string> Seal::unlock(std::string_view locked, std::string_view about) const {
  constexpr auto kNonce = std::size_t{crypto_aead_xchacha20poly1305_ietf_NPUBBYTES};
  constexpr auto kTail = std::size_t{crypto_aead_xchacha20poly1305_ietf_ABYTES};
  if (locked.size() < kNonce + kTail) return std::nullopt;
  auto const cipher = locked.substr(kNonce);
  std::string out(cipher.size() - kTail, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(out), nullptr, nullptr, bytes(cipher), cipher.size(),
                                                 bytes(about), about.size(), bytes(locked), bytes(key_)) != 0)
    return std::nullopt;
  return out;
}

Status Seal::write_manifest(Manifest const& manifest) const {
  auto file = FileWriter::create(folder_ / "split.json", 0600);
  if (!file) return fail(file.error());
  file->add(R"({"schema":1,"units":{)");
  for (auto const& [tag, part] : manifest)
    file->add(
        fmt::format(R"({}"{}":"{}")", tag == manifest.begin()->first ? "" : ",", tag.hex(), to_string(part)));
  file->add("}}");
  return file->commit();
}

Result<Manifest> Seal::read_manifest() const {
  auto const path = folder_ / "split.json";
  if (!std::filesystem::exists(path)) return Manifest{};
  auto const text = read_file(path);
  if (!text) return fail(text.error());
  auto const json = parse_json(*text, path.string());
  if (!json) return fail(json.error());
  auto const refused = [&] {
    return fail(ErrorClass::invalid, fmt::format("{} is not a split manifest", path.string()));
  };
  Manifest out;
  try {
    for (auto const& [hex, name] : json->at("units").items()) {
      auto const tag = Hash128::from_hex(hex);
      if (!tag) return refused();
      // Sorted there as here.
      out.emplace_hint(out.end(), *tag,
                       name == "train" ? Part::train
                       : name == "dev" ? Part::dev
                                       : Part::test);
    }
  } catch (nlohmann::json::exception const&) {
    return refused();
  }
  return out;
}

}  // namespace itera::split
