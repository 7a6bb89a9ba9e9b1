#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include <curl/curl.h>

namespace itera::http {

using Time = std::chrono::steady_clock::time_point;

/// One libcurl multi handle whose sockets stand in an epoll set that it shares with others. It looks for a
/// connection to use again by walking over all it has to that host, so that a few dozen to each handle are
/// much cheaper than a thousand to one.
class Multi {
 public:
  /// Events come back with `index` in the upper half of their data and the socket in the lower.
  Multi(int epoll, std::uint32_t index);
  ~Multi();
  Multi(Multi const&) = delete;
  Multi& operator=(Multi const&) = delete;

  void add(CURL* easy);
  void remove(CURL* easy);
  std::size_t size() const { return size_; }

  void on_socket(int socket, std::uint32_t events);
  /// When on_time() must be called; nothing: not before something moves.
  std::optional<Time> due() const { return due_; }
  void on_time();
  /// A handle that has ended, with how it did; it must be removed.
  std::optional<std::pair<CURL*, CURLcode>> next_ended();

 private:
  static int watch(CURL*, curl_socket_t socket, int what, void* self, void* known);
  static int remind(CURLM*, long milliseconds, void* self);

  CURLM* handle_;
  int epoll_;
  std::uint32_t index_;
  std::size_t size_ = 0;
  std::optional<Time> due_;
};

}  // namespace itera::http
