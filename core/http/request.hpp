#pragma once
#include <memory>
#include <string>

#include <curl/curl.h>
#include <tl/expected.hpp>

#include "core/ports/http_part.hpp"

namespace itera::http {

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderLines = std::unique_ptr<curl_slist, FreeList>;

/// Where a call goes.
struct Target {
  std::string endpoint;  ///< scheme://host:port, what limits are kept by
  std::string place;     ///< host:port, for messages
  bool secure = false;
};

/// The target of a call whose method, URL and headers the host is willing to send, else why not: a sentence
/// without the URL, which may hold what must not be shown.
tl::expected<Target, std::string> target_of(ports::HttpCall const& call);

/// The header lines as libcurl takes them, with the values of secrets in place of their marks. The error
/// names what is wrong without any value.
tl::expected<HeaderLines, std::string> header_lines(ports::HttpCall const& call,
                                                    ports::Secrets const& secrets);

}  // namespace itera::http
