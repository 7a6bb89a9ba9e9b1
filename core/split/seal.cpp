#include "core/split/seal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sodium.h>

#include "core/base/file.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace itera::split {
namespace {

constexpr std::string_view kMagic = "itera-seal-1\n";
auto bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
auto bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
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
  std::string plain;
  for (auto const& row : rows) plain += to_line(row) + "\n";
  crypto_secretstream_xchacha20poly1305_state state;
  std::string header(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&state, bytes(header), bytes(key_));
  std::string cipher(plain.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
  auto const about = fmt::format("{}{}:{}", kMagic, to_string(part), bound_to);
  crypto_secretstream_xchacha20poly1305_push(&state, bytes(cipher), nullptr, bytes(plain), plain.size(),
                                             bytes(about), about.size(),
                                             crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  sodium_memzero(plain.data(), plain.size());
  return write_file(file(part), fmt::format("{}{}{}", kMagic, header, cipher), 0600);
}

Result<std::vector<Row>> Seal::open(Part part, std::string const& bound_to) const {
  auto const refused = [&](std::string_view why) {
    return fail(ErrorClass::invalid, fmt::format("{}: {}", file(part).string(), why),
                "the sealed rows were changed or belong to another experiment; restore the file, or start a "
                "new experiment");
  };
  auto const stored = read_file(file(part));
  if (!stored) return fail(stored.error());
  constexpr auto kHeader = std::size_t{crypto_secretstream_xchacha20poly1305_HEADERBYTES};
  constexpr auto kTail = std::size_t{crypto_secretstream_xchacha20poly1305_ABYTES};
  if (stored->size() < kMagic.size() + kHeader + kTail || !stored->starts_with(kMagic))
    return refused("not a sealed file, or cut short");
  auto const header = stored->substr(kMagic.size(), kHeader);
  auto const cipher = stored->substr(kMagic.size() + kHeader);
  auto const about = fmt::format("{}{}:{}", kMagic, to_string(part), bound_to);

  crypto_secretstream_xchacha20poly1305_state state;
  std::string plain(cipher.size() - kTail, '\0');
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&state, bytes(header), bytes(key_)) != 0 ||
      crypto_secretstream_xchacha20poly1305_pull(&state, bytes(plain), nullptr, &tag, bytes(cipher),
                                                 cipher.size(), bytes(about), about.size()) != 0 ||
      tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL)
    return refused("the seal is broken");
  std::vector<Row> rows;
  for (auto const& line : split_lines(plain)) {
    auto row = row_from_line(line);
    if (!row) return fail(row.error());
    rows.push_back(std::move(*row));
  }
  sodium_memzero(plain.data(), plain.size());
  return rows;
}

std::string Seal::lock(std::string_view plain, std::string_view about) const {
  constexpr auto kNonce = std::size_t{crypto_aead_xchacha20poly1305_ietf_NPUBBYTES};
  std::string out(kNonce + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  randombytes_buf(out.data(), kNonce);
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
  nlohmann::json units = nlohmann::json::object();
  for (auto const& [tag, part] : manifest) units[tag] = to_string(part);
  return write_file(folder_ / "split.json", canonical({{"schema", 1}, {"units", units}}), 0600);
}

Result<Manifest> Seal::read_manifest() const {
  auto const path = folder_ / "split.json";
  if (!std::filesystem::exists(path)) return Manifest{};
  auto const text = read_file(path);
  if (!text) return fail(text.error());
  auto const json = parse_json(*text, path.string());
  if (!json) return fail(json.error());
  Manifest out;
  try {
    for (auto const& [tag, name] : json->at("units").items())
      out[tag] = name == "train" ? Part::train : name == "dev" ? Part::dev : Part::test;
  } catch (nlohmann::json::exception const&) {
    return fail(ErrorClass::invalid, fmt::format("{} is not a split manifest", path.string()));
  }
  return out;
}

}  // namespace itera::split
