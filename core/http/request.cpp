#include "core/http/request.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include <fmt/format.h>

namespace itera::http {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string out = text;
  curl_free(text);
  return out;
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_control(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// A token of RFC 9110, 5.6.2.
bool is_name(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

// What frames the message or belongs to the connection is the host's to say.
bool is_ours(std::string const& name) {
  constexpr std::array<std::string_view, 8> names{
      "connection", "content-length", "expect",  "keep-alive",
      "te",         "trailer",        "upgrade", "transfer-encoding"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string printable(std::string_view text) {
  std::string out;
  for (char const c : text.substr(0, 60)) out += is_control(c) ? '?' : c;
  return out;
}

std::string_view authority(std::string_view url) {
  auto const begin = url.find("://");
  if (begin == url.npos) return {};
  url.remove_prefix(begin + 3);
  return url.substr(0, url.find_first_of("/?#\\"));
}

}  // namespace

tl::expected<Target, std::string> target_of(ports::HttpCall const& call) {
  auto const refused = [](std::string why) { return tl::unexpected(std::move(why)); };
  if (call.method != "GET" && call.method != "POST" && call.method != "PUT")
    return refused(
        fmt::format("`{}` is no method that calls can have: GET, POST and PUT are", printable(call.method)));
  if (std::any_of(call.url.begin(), call.url.end(), [](char c) { return is_control(c) || c == ' '; }))
    return refused("the URL has a space or a control character in it");
  if (authority(call.url).find('@') != std::string_view::npos)
    return refused(
        "the URL has a user or a password in it: they belong in a header, as a secret of the spec");
  std::unique_ptr<CURLU, FreeUrl> const url(curl_url());
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, call.url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return refused("the URL is not one: it must be absolute, like `https://host/path`");
  auto const scheme = lower(part(url.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https")
    return refused(fmt::format("the URL's scheme is `{}`: calls go to http and https", printable(scheme)));
  Target target;
  target.secure = scheme == "https";
  target.place = fmt::format("{}:{}", lower(part(url.get(), CURLUPART_HOST)),
                             part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
  target.endpoint = fmt::format("{}://{}", scheme, target.place);
  for (auto const& [name, value] : call.headers) {
    if (!is_name(name)) return refused(fmt::format("`{}` is no name of a header", printable(name)));
    if (is_ours(lower(name))) return refused(fmt::format("the header `{}` is the host's own to set", name));
  }
  return target;
}

tl::expected<HeaderLines, std::string> header_lines(ports::HttpCall const& call,
                                                    ports::Secrets const& secrets) {
  HeaderLines lines;
  auto const append = [&](char const* line) {
    auto* const longer = curl_slist_append(lines.get(), line);
    if (!longer) throw std::bad_alloc();
    (void)lines.release();
    lines.reset(longer);
  };
  bool has_type = false;
  for (auto const& [name, marked] : call.headers) {
    auto const value = ports::with_secrets(marked, secrets);
    if (value.find("\x1asecret:") != value.npos)
      return tl::unexpected(fmt::format("the header `{}` needs a secret that has no value", name));
    if (std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; }))
      return tl::unexpected(
          fmt::format("the value of the header `{}` has a line break or a control character in it", name));
    // libcurl takes "name:" for "do not send it" and "name;" for an empty value.
    auto const blank = value.find_first_not_of(" \t") == value.npos;
    append((blank ? name + ";" : name + ": " + value).c_str());
    has_type = has_type || lower(name) == "content-type";
  }
  if (!has_type) append("content-type:");  // else libcurl takes a body for a form
  append("expect:");                       // else it waits for leave before a long body
  return lines;
}

}  // namespace itera::http
