#include "core/http/transfer.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <string_view>

#include <fmt/format.h>

namespace itera::http {
namespace {

using ports::HttpReply;

// Of all header lines of one response together, as browsers and libcurl 8 draw it.
constexpr std::size_t kHeaderLimit = std::size_t{256} << 10;

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
}

double milliseconds(Time from, Time to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

}  // namespace

Transfer::Transfer() : handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
  set(handle_, CURLOPT_NOSIGNAL, 1L);
  set(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle_, CURLOPT_HTTP09_ALLOWED, 0L);
  set(handle_, CURLOPT_TCP_NODELAY, 1L);
  set(handle_, CURLOPT_USERAGENT, "itera");
  set(handle_, CURLOPT_ERRORBUFFER, error_.data());
  set(handle_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(handle_, CURLOPT_WRITEDATA, this);
  set(handle_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(handle_, CURLOPT_HEADERDATA, this);
}

Transfer::~Transfer() {
  curl_easy_cleanup(handle_);
}

void Transfer::begin(ports::HttpCall const& call, Target const& target, HeaderLines lines,
                     ports::HttpOptions const& options, Time now) {
  call_ = &call;
  target_ = &target;
  lines_ = std::move(lines);
  limit_ = options.response_limit;
  header_bytes_ = 0;
  began_ = heard_ = now;
  too_large_ = false;
  may_pass_ = true;
  error_.front() = '\0';
  reply_ = {};
  first_token_.reset();
  if (!call.first_token.empty()) first_token_.emplace(call.first_token);

  set(handle_, CURLOPT_URL, call.url.c_str());
  if (call.method == "GET" && call.body.empty()) {
    set(handle_, CURLOPT_HTTPGET, 1L);
    set(handle_, CURLOPT_CUSTOMREQUEST, static_cast<char const*>(nullptr));
  } else {
    set(handle_, CURLOPT_POST, 1L);
    set(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    set(handle_, CURLOPT_POSTFIELDS, call.body.data());  // not copied
    set(handle_, CURLOPT_CUSTOMREQUEST, call.method == "POST" ? nullptr : call.method.c_str());
  }
  set(handle_, CURLOPT_HTTPHEADER, lines_.get());
  set(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout_ms));
  // libcurl gives up connecting after 300 s unless it is told otherwise; the attempt's own time is what
  // counts.
  set(handle_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call.timeout_ms));
  bool const plain_http2 = !target.secure && options.http2_prior_knowledge;
  set(handle_, CURLOPT_HTTP_VERSION,
      static_cast<long>(plain_http2 ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2TLS));
  // Wait for the first connection to say whether it can be shared, rather than open one for each call.
  set(handle_, CURLOPT_PIPEWAIT, static_cast<long>(target.secure || plain_http2));
  auto const& authorities = call.ca_file.empty() ? options.ca_file : call.ca_file;
  auto const* const built_in = curl_version_info(CURLVERSION_NOW);
  set(handle_, CURLOPT_CAINFO, authorities.empty() ? built_in->cainfo : authorities.c_str());
  set(handle_, CURLOPT_CAPATH, authorities.empty() ? built_in->capath : nullptr);
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto const length = size * count;
  try {
    return static_cast<Transfer*>(self)->body({bytes, length}) ? length : 0;
  } catch (std::exception const&) {  // no memory: libcurl is C
    return 0;
  }
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto const length = size * count;
  try {
    return static_cast<Transfer*>(self)->header({bytes, length}) ? length : 0;
  } catch (std::exception const&) {
    return 0;
  }
}

bool Transfer::body(std::string_view bytes) {
  heard_ = std::chrono::steady_clock::now();
  if (bytes.size() > limit_ - reply_.body.size()) {
    too_large_ = true;
    return false;
  }
  reply_.body.append(bytes);
  if (first_token_ && !first_token_->found() && first_token_->add(bytes))
    reply_.first_token_ms = milliseconds(began_, heard_);
  return true;
}

bool Transfer::header(std::string_view line) {
  heard_ = std::chrono::steady_clock::now();
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderLimit) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // of an interim response, or the final one
    reply_.headers.clear();
    return true;
  }
  auto const colon = line.find(':');
  if (colon == line.npos || !reply_.body.empty()) return true;  // the blank line, or a trailer
  auto const trim = [](std::string_view text) {
    auto const begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    auto const end = text.find_last_not_of(" \t\r\n");
    return text.substr(begin, end == text.npos ? 0 : end + 1 - begin);
  };
  std::string name(trim(line.substr(0, colon)));
  for (auto& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  reply_.headers.emplace_back(std::move(name), std::string(trim(line.substr(colon + 1))));
  return true;
}

std::string Transfer::why_not(CURLcode result) const {
  auto const& place = target_->place;
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return fmt::format("the name in `{}` cannot be resolved", place);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "the name of the proxy (`http_proxy`, `https_proxy`, `all_proxy`) cannot be resolved";
    case CURLE_COULDNT_CONNECT:
      return fmt::format("`{}` takes no connection", place);
    case CURLE_GOT_NOTHING:
      return fmt::format("`{}` closed the connection without a response", place);
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return fmt::format("the response of `{}` was cut short", place);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
      return fmt::format("what `{}` sent is no HTTP response", place);
    case CURLE_OUT_OF_MEMORY:
      return "there is no memory left";
    default:
      return fmt::format("the call to `{}` failed: {}", place,
                         error_.front() ? error_.data() : curl_easy_strerror(result));
  }
}

ports::HttpReply Transfer::finish(Time now) {
  reply_.latency_ms = milliseconds(began_, now);
  if (reply_.status != HttpReply::Status::done) {
    reply_.headers.clear();
    reply_.body.clear();
    reply_.code = 0;
    reply_.first_token_ms.reset();
  }
  lines_.reset();  // they hold secrets
  set(handle_, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  return std::move(reply_);
}

ports::HttpReply Transfer::end(CURLcode result, Time now) {
  long code = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &code);
  reply_.code = static_cast<int>(code);
  if (result == CURLE_OK) {
    reply_.status = HttpReply::Status::done;
    return finish(now);
  }
  may_pass_ = result != CURLE_PEER_FAILED_VERIFICATION && result != CURLE_OUT_OF_MEMORY;
  if (result == CURLE_SSL_CACERT_BADFILE)
    return give_up(HttpReply::Status::refused,
                   fmt::format("the file of certificates for `{}` cannot be read", target_->place), now);
  if (too_large_)
    return give_up(
        HttpReply::Status::too_large,
        header_bytes_ > kHeaderLimit
            ? fmt::format("`{}` sent more than {} KiB of headers", target_->place, kHeaderLimit >> 10)
            : fmt::format("the response of `{}` is longer than {} bytes", target_->place, limit_),
        now);
  if (result == CURLE_OPERATION_TIMEDOUT)
    return give_up(HttpReply::Status::timed_out,
                   fmt::format("`{}` gave no whole response within {} ms", target_->place, call_->timeout_ms),
                   now);
  return give_up(HttpReply::Status::network, why_not(result), now);
}

ports::HttpReply Transfer::give_up(ports::HttpReply::Status status, std::string error, Time now) {
  reply_.status = status;
  reply_.error = std::move(error);
  return finish(now);
}

}  // namespace itera::http
