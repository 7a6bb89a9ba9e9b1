#include "dsl/language_server/uri.hpp"

#include <fmt/format.h>

namespace itera::dsl::language_server {
namespace {

constexpr std::string_view kScheme = "file://";

int hexadecimal(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

}  // namespace

std::optional<std::filesystem::path> path_of(std::string_view uri) {
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  auto const begin = uri.find('/');  // behind the host, which is empty as a rule
  if (begin == uri.npos) return std::nullopt;
  std::string out;
  for (auto at = begin; at < uri.size(); ++at) {
    if (uri[at] != '%') {
      out.push_back(uri[at]);
      continue;
    }
    auto const high = at + 2 < uri.size() ? hexadecimal(uri[at + 1]) : -1;
    auto const low = at + 2 < uri.size() ? hexadecimal(uri[at + 2]) : -1;
    if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  return std::filesystem::path(out).lexically_normal();
}

std::string uri_of(std::filesystem::path const& path) {
  constexpr std::string_view kPlain = "/-._~";
  std::string out(kScheme);
  for (char const c : path.string()) {
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != kPlain.npos;
    if (plain)
      out.push_back(c);
    else
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace itera::dsl::language_server
