#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace itera::tests {

struct HttpRequest {
  std::string method, path, body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in small letters
  std::uint64_t connection = 0;                              ///< which one it came on, from 0
  bool http2 = false;
  std::string header(std::string_view name) const;
};

struct HttpAnswer {
  std::chrono::milliseconds after{0};
  int code = 200;
  std::vector<std::pair<std::string, std::string>> headers{{"content-type", "application/json"}};
  std::string body;

  /// Instead of all that: these bytes as they are (HTTP/1.1 only), each so long after the one before it.
  std::vector<std::pair<std::chrono::milliseconds, std::string>> raw;
  std::string forever;  ///< then this, again and again as fast as the client takes it
  enum class Then { keep, close, reset } then = Then::keep;
};

/// A server on the loopback, in a thread of its own that ends with the object: HTTP/1.1 and, to clients that
/// begin with its preface, HTTP/2 without TLS. `answer` is called on that thread.
class HttpServer {
 public:
  using Answer = std::function<HttpAnswer(HttpRequest const&)>;
  /// `port` 0 takes one that is free.
  explicit HttpServer(Answer answer, std::uint16_t port = 0);
  ~HttpServer();
  HttpServer(HttpServer const&) = delete;
  HttpServer& operator=(HttpServer const&) = delete;

  std::uint16_t port() const;
  std::string url(std::string_view path = "/") const;
  std::size_t connections() const;  ///< taken so far
  std::size_t most_open() const;    ///< requests that waited for their answer at one time

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace itera::tests
