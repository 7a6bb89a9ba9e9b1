// The reference of the benchmark of HTTP calls: a loop over one libcurl multi handle as somebody would write
// it in an afternoon (socket_action and epoll, handles used again), without retries, limits or checks.
//
//   http_bare URL CALLS IN_FLIGHT [CERTIFICATE]     2: HTTP/2 with prior knowledge. Prints seconds, CPU
//   seconds, failures.
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>
#include <sys/epoll.h>

namespace {

struct Loop {
  CURLM* multi = curl_multi_init();
  int epoll = epoll_create1(0);
  long timeout = -1;
};

int watch(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  auto& loop = *static_cast<Loop*>(self);
  epoll_event event{};
  event.data.fd = socket;
  event.events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(loop.epoll, EPOLL_CTL_DEL, socket, &event);
  } else {
    epoll_ctl(loop.epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(loop.multi, socket, self);
  }
  return 0;
}

int remind(CURLM*, long milliseconds, void* self) {
  static_cast<Loop*>(self)->timeout = milliseconds;
  return 0;
}

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: http_bare URL CALLS IN_FLIGHT [CERTIFICATE]\n";
    return 2;
  }
  auto const calls = std::strtoull(argv[2], nullptr, 10);
  auto const width = std::strtoull(argv[3], nullptr, 10);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  auto const begin = std::chrono::steady_clock::now();
  Loop loop;
  curl_multi_setopt(loop.multi, CURLMOPT_SOCKETFUNCTION, watch);
  curl_multi_setopt(loop.multi, CURLMOPT_SOCKETDATA, &loop);
  curl_multi_setopt(loop.multi, CURLMOPT_TIMERFUNCTION, remind);
  curl_multi_setopt(loop.multi, CURLMOPT_TIMERDATA, &loop);
  curl_multi_setopt(loop.multi, CURLMOPT_MAXCONNECTS, static_cast<long>(width));
  std::string const body = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" +
                           std::string(220, 'x') + "\"}]}";
  auto* const headers = curl_slist_append(nullptr, "content-type: application/json");
  std::vector<std::string> bodies(width);
  std::uint64_t begun = 0, ended = 0, failed = 0;
  for (std::size_t i = 0; i < width && begun < calls; ++i, ++begun) {
    auto* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bodies[i]);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &bodies[i]);
    if (argc > 4) {
      curl_easy_setopt(easy, CURLOPT_CAINFO, argv[4]);
      curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    }
    curl_multi_add_handle(loop.multi, easy);
  }
  std::array<epoll_event, 256> events;
  int running = 0;
  while (ended < calls) {
    auto const count = epoll_wait(loop.epoll, events.data(), static_cast<int>(events.size()),
                                  static_cast<int>(loop.timeout));
    if (count == 0) {
      loop.timeout = -1;
      curl_multi_socket_action(loop.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    for (int i = 0; i < count; ++i) {
      auto const& event = events[static_cast<std::size_t>(i)];
      curl_multi_socket_action(
          loop.multi, event.data.fd,
          (event.events & EPOLLIN ? CURL_CSELECT_IN : 0) | (event.events & EPOLLOUT ? CURL_CSELECT_OUT : 0),
          &running);
    }
    int left = 0;
    while (auto* const message = curl_multi_info_read(loop.multi, &left)) {
      auto* const easy = message->easy_handle;
      std::string* got = nullptr;
      long code = 0;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &got);
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
      failed += message->data.result != CURLE_OK || code != 200 || got->empty();
      got->clear();
      ++ended;
      curl_multi_remove_handle(loop.multi, easy);
      if (begun == calls) continue;
      ++begun;
      curl_multi_add_handle(loop.multi, easy);
    }
  }
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cout << seconds << ' ' << static_cast<double>(std::clock()) / CLOCKS_PER_SEC << ' ' << failed << '\n';
}
