#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/diagnostic.hpp"

namespace itera::dsl::meaning {

/// Which names were met, and where first. A list may have a hundred thousand names, so each is looked up in
/// constant time.
class Seen {
 public:
  /// Where `name` was met first; nothing if this is the first time, and `at` is kept.
  std::optional<Span> met(std::string_view name, Span at) {
    auto const [it, fresh] = first_.try_emplace(std::string(name), at);
    return fresh ? std::nullopt : std::optional(it->second);
  }
  /// The same, and keeps nothing.
  std::optional<Span> first(std::string const& name) const {
    auto const it = first_.find(name);
    return it == first_.end() ? std::nullopt : std::optional(it->second);
  }

 private:
  std::unordered_map<std::string, Span> first_;
};

}  // namespace itera::dsl::meaning
