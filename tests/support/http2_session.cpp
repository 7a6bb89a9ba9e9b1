#include "tests/support/http2_session.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace itera::tests {
namespace {

std::string_view text(std::uint8_t const* bytes, std::size_t size) {
  return {reinterpret_cast<char const*>(bytes), size};
}

nghttp2_nv field(std::string const& name, std::string const& value) {
  auto const bytes = [](std::string const& s) {
    return const_cast<std::uint8_t*>(reinterpret_cast<std::uint8_t const*>(s.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

Http2Session::Http2Session(std::function<void(std::int32_t, HttpRequest)> on_request)
    : on_request_(std::move(on_request)) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, &Http2Session::on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Http2Session::on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Http2Session::on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Http2Session::on_close);
  nghttp2_session_server_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  std::array<nghttp2_settings_entry, 1> const settings{{{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 100}}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
}

Http2Session::~Http2Session() {
  nghttp2_session_del(session_);
}

bool Http2Session::receive(std::string_view bytes) {
  return nghttp2_session_mem_recv(session_, reinterpret_cast<std::uint8_t const*>(bytes.data()),
                                  bytes.size()) >= 0;
}

void Http2Session::answer(std::int32_t number, HttpAnswer const& answer) {
  auto const stream = streams_.find(number);
  if (stream == streams_.end()) return;  // the client has given it up
  stream->second.body = answer.body;
  static std::string const status = ":status";
  auto const code = std::to_string(answer.code);
  std::vector<nghttp2_nv> fields{field(status, code)};
  for (auto const& [name, value] : answer.headers) fields.push_back(field(name, value));
  nghttp2_data_provider provider{};
  provider.read_callback = &Http2Session::read;
  nghttp2_submit_response(session_, number, fields.data(), fields.size(), &provider);
}

void Http2Session::send(std::string& out) {
  std::uint8_t const* bytes = nullptr;
  for (;;) {
    auto const size = nghttp2_session_mem_send(session_, &bytes);
    if (size <= 0) return;
    out.append(text(bytes, static_cast<std::size_t>(size)));
  }
}

int Http2Session::on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                            std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                            std::uint8_t, void* self) {
  auto& request = static_cast<Http2Session*>(self)->streams_[frame->hd.stream_id].request;
  request.http2 = true;
  auto const key = text(name, name_size);
  auto const what = text(value, value_size);
  if (key == ":method")
    request.method = what;
  else if (key == ":path")
    request.path = what;
  else
    request.headers.emplace_back(key, what);
  return 0;
}

int Http2Session::on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, std::uint8_t const* data,
                          std::size_t size, void* self) {
  static_cast<Http2Session*>(self)->streams_[stream].request.body.append(text(data, size));
  return 0;
}

int Http2Session::on_frame(nghttp2_session*, nghttp2_frame const* frame, void* self) {
  auto& session = *static_cast<Http2Session*>(self);
  bool const whole = (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
                     (frame->hd.flags & NGHTTP2_FLAG_END_STREAM);
  if (whole)
    session.on_request_(frame->hd.stream_id, std::move(session.streams_[frame->hd.stream_id].request));
  return 0;
}

int Http2Session::on_close(nghttp2_session*, std::int32_t stream, std::uint32_t, void* self) {
  static_cast<Http2Session*>(self)->streams_.erase(stream);
  return 0;
}

ssize_t Http2Session::read(nghttp2_session*, std::int32_t number, std::uint8_t* buffer, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source*, void* self) {
  auto& stream = static_cast<Http2Session*>(self)->streams_[number];
  auto const count = std::min(size, stream.body.size() - stream.sent);
  std::memcpy(buffer, stream.body.data() + stream.sent, count);
  stream.sent += count;
  if (stream.sent == stream.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

}  // namespace itera::tests
