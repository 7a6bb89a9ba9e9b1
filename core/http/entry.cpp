
#include <cstdlib>
#include <string>
#include <utility>

#include <curl/curl.h>
#include <sys/resource.h>

#include "core/http/part.hpp"

namespace itera::http {
namespace {

// A connection is a descriptor, and the usual soft limit of 1,024 is there for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  constexpr rlim_t wanted = 16'384;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string trusted_file() {
  for (auto const* const name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"})
    if (auto const* const value = std::getenv(name); value && *value) return value;
  return {};
}

}  // namespace
}  // namespace itera::http

extern "C" __attribute__((visibility("default"))) itera::ports::HttpPart* itera_http_part(
    itera::ports::HttpOptions const* options, std::size_t layout) {
  if (layout != itera::ports::kHttpPartLayout) return nullptr;
  try {
    static auto const initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) return nullptr;
    itera::http::raise_descriptor_limit();
    auto own = *options;
    if (own.ca_file.empty()) own.ca_file = itera::http::trusted_file();
    return itera::http::make_part(std::move(own)).release();
  } catch (...) {
    return nullptr;
  }
}
