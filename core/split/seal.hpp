#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/split/assign.hpp"

namespace itera::split {

/// Rows at rest, encrypted and authenticated (XChaCha20-Poly1305 secretstream of libsodium). `bound_to` ties
/// the file to one experiment and part: a copied, truncated, edited or swapped file does not open. The key
/// lies beside it with mode 0600: this stops accidents and leaves evidence; it does not stop the owner of the
/// machine.
class Seal {
 public:
  /// Opens the key of the folder, or makes one.
  static Result<Seal> in(std::filesystem::path folder);

  Status write(Part part, std::string const& bound_to, std::vector<Row> const& rows) const;
  Status write(Part part, std::string const& bound_to, std::span<Row const* const> rows) const;
  Result<std::vector<Row>> open(Part part, std::string const& bound_to) const;

  /// The manifest of units, opaque without the key. A missing one is empty.
  Status write_manifest(Manifest const& manifest) const;
  Result<Manifest> read_manifest() const;
  std::string const& tag_key() const { return key_; }

  /// One short text, encrypted and bound to `about` (XChaCha20-Poly1305).
  std::string lock(std::string_view plain, std::string_view about) const;
  /// Nothing if a byte of it, `about` or the key is another one.
  std::optional<std::string> unlock(std::string_view locked, std::string_view about) const;

 private:
  Seal(std::filesystem::path folder, std::string key) : folder_(std::move(folder)), key_(std::move(key)) {}
  std::filesystem::path file(Part part) const;
  std::filesystem::path folder_;
  std::string key_;
};

}  // namespace itera::split
