#pragma once
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "core/http/event_stream.hpp"
#include "core/http/request.hpp"
#include "core/ports/http_part.hpp"

namespace itera::http {

using Time = std::chrono::steady_clock::time_point;

/// One attempt of one call on a libcurl handle, which can be used for another one afterwards.
class Transfer {
 public:
  Transfer();
  ~Transfer();
  Transfer(Transfer const&) = delete;
  Transfer& operator=(Transfer const&) = delete;

  CURL* handle() const { return handle_; }
  /// Makes the handle ready for `call`, which must stay where it is until the attempt has ended.
  void begin(ports::HttpCall const& call, Target const& target, HeaderLines lines,
             ports::HttpOptions const& options, Time now);
  Time began() const { return began_; }
  /// When the silence has been too long, if nothing comes until then.
  Time silent_until() const { return heard_ + std::chrono::milliseconds(call_->idle_ms); }
  /// What the attempt came to, after libcurl has said how it ended.
  ports::HttpReply end(CURLcode result, Time now);
  /// The same for one that is given up for `status`.
  ports::HttpReply give_up(ports::HttpReply::Status status, std::string error, Time now);
  /// Whether the same attempt can end otherwise: not with a certificate that is not trusted.
  bool may_pass() const { return may_pass_; }

 private:
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  bool body(std::string_view bytes);
  bool header(std::string_view line);
  ports::HttpReply finish(Time now);
  std::string why_not(CURLcode result) const;

  CURL* handle_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  ports::HttpCall const* call_ = nullptr;
  Target const* target_ = nullptr;
  HeaderLines lines_;
  std::size_t limit_ = 0, header_bytes_ = 0;
  Time began_, heard_;
  std::optional<FirstToken> first_token_;
  bool too_large_ = false, may_pass_ = true;
  ports::HttpReply reply_;
};

}  // namespace itera::http
