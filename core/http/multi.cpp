#include "core/http/multi.hpp"

#include <cerrno>
#include <new>

#include <sys/epoll.h>

namespace itera::http {
namespace {

// More than this many calls on one HTTP/2 connection, and most servers open another one anyway.
constexpr long kStreams = 128;
// Connections that are kept; libcurl closes idle ones beyond it.
constexpr long kConnections = 256;

}  // namespace

Multi::Multi(int epoll, std::uint32_t index) : handle_(curl_multi_init()), epoll_(epoll), index_(index) {
  if (!handle_) throw std::bad_alloc();
  curl_multi_setopt(handle_, CURLMOPT_SOCKETFUNCTION, &Multi::watch);
  curl_multi_setopt(handle_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(handle_, CURLMOPT_TIMERFUNCTION, &Multi::remind);
  curl_multi_setopt(handle_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(handle_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(handle_, CURLMOPT_MAX_CONCURRENT_STREAMS, kStreams);
  curl_multi_setopt(handle_, CURLMOPT_MAXCONNECTS, kConnections);
}

Multi::~Multi() {
  curl_multi_cleanup(handle_);
}

void Multi::add(CURL* easy) {
  if (curl_multi_add_handle(handle_, easy) != CURLM_OK) throw std::bad_alloc();
  ++size_;
}

void Multi::remove(CURL* easy) {
  curl_multi_remove_handle(handle_, easy);
  --size_;
}

void Multi::on_socket(int socket, std::uint32_t events) {
  int what = 0;
  if (events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP)) what |= CURL_CSELECT_IN;
  if (events & EPOLLOUT) what |= CURL_CSELECT_OUT;
  if (events & EPOLLERR) what |= CURL_CSELECT_ERR;
  int running = 0;
  curl_multi_socket_action(handle_, socket, what, &running);
}

void Multi::on_time() {
  due_.reset();
  int running = 0;
  curl_multi_socket_action(handle_, CURL_SOCKET_TIMEOUT, 0, &running);
}

std::optional<std::pair<CURL*, CURLcode>> Multi::next_ended() {
  int left = 0;
  while (auto const* const message = curl_multi_info_read(handle_, &left))
    if (message->msg == CURLMSG_DONE) return std::pair(message->easy_handle, message->data.result);
  return std::nullopt;
}

int Multi::watch(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  auto const& multi = *static_cast<Multi*>(self);
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(multi.epoll_, EPOLL_CTL_DEL, socket, nullptr);  // fails if it is closed already
    return 0;
  }
  epoll_event event{};
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  event.data.u64 = (std::uint64_t{multi.index_} << 32) | static_cast<std::uint32_t>(socket);
  // The number of a socket that was closed can come back before libcurl has said that the old one is gone.
  if (::epoll_ctl(multi.epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) != 0)
    ::epoll_ctl(multi.epoll_, errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  if (!known) curl_multi_assign(multi.handle_, socket, self);
  return 0;
}

int Multi::remind(CURLM*, long milliseconds, void* self) {
  auto& due = static_cast<Multi*>(self)->due_;
  if (milliseconds < 0)
    due.reset();
  else
    due = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  return 0;
}

}  // namespace itera::http
