#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <nghttp2/nghttp2.h>

#include "tests/support/http_server.hpp"

namespace itera::tests {

/// The server's side of one HTTP/2 connection, bytes in and bytes out.
class Http2Session {
 public:
  /// `on_request` gets a stream's number and its whole request.
  explicit Http2Session(std::function<void(std::int32_t, HttpRequest)> on_request);
  ~Http2Session();
  Http2Session(Http2Session const&) = delete;
  Http2Session& operator=(Http2Session const&) = delete;

  /// False if the client does not speak HTTP/2.
  bool receive(std::string_view bytes);
  void answer(std::int32_t stream, HttpAnswer const& answer);
  /// Appends what is to be sent.
  void send(std::string& out);

 private:
  struct Stream {
    HttpRequest request;
    std::string body;
    std::size_t sent = 0;
  };
  static int on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                       std::size_t name_size, std::uint8_t const* value, std::size_t value_size, std::uint8_t,
                       void* self);
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, std::uint8_t const* data,
                     std::size_t size, void* self);
  static int on_frame(nghttp2_session*, nghttp2_frame const* frame, void* self);
  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t, void* self);
  static ssize_t read(nghttp2_session*, std::int32_t stream, std::uint8_t* buffer, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source*, void* self);

  std::function<void(std::int32_t, HttpRequest)> on_request_;
  std::map<std::int32_t, Stream> streams_;
  nghttp2_session* session_ = nullptr;
};

}  // namespace itera::tests
