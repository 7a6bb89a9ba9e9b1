#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/http_part.hpp"

namespace itera::host {

using ports::HttpPart;

/// Where the library with the HTTP client is looked for, in order: beside each folder of plugins.
std::vector<std::filesystem::path> http_library_files();

/// Loads the library that has the HTTP client (core/http), which nothing else links: libcurl and what it
/// stands on take 10 ms to start. Loads the first of `files` that exists, and never unloads it. An Error of
/// class unavailable names what is missing and what to do.
Result<std::unique_ptr<HttpPart>> load_http_part(ports::HttpOptions const& options,
                                                 std::vector<std::filesystem::path> const& files);
inline Result<std::unique_ptr<HttpPart>> load_http_part(ports::Secrets secrets) {
  ports::HttpOptions options;
  options.secrets = std::move(secrets);
  return load_http_part(options, http_library_files());
}

}  // namespace itera::host
