#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace itera::dsl::language_server {

/// The path that a `file:` URI names; nothing for another scheme or a malformed one.
std::optional<std::filesystem::path> path_of(std::string_view uri);
/// The URI of an absolute path.
std::string uri_of(std::filesystem::path const& path);

}  // namespace itera::dsl::language_server
