#include "tests/support/http_server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <deque>
#include <map>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/http2_session.hpp"

namespace itera::tests {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

struct Connection {
  int socket = -1;
  std::uint64_t number = 0;
  std::string in, out, forever;
  HttpAnswer::Then then = HttpAnswer::Then::keep;
  bool answering = false, over = false, watched_out = false;
  std::unique_ptr<Http2Session> http2;
};

std::string serialised(HttpAnswer const& answer) {
  auto out = "HTTP/1.1 " + std::to_string(answer.code) + " Some Reason\r\n";
  for (auto const& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
  return out + "content-length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

// A whole request at the front of `bytes`: how long it is; 0: not yet.
std::size_t parse(std::string_view bytes, HttpRequest& request) {
  auto const end = bytes.find("\r\n\r\n");
  if (end == bytes.npos) return 0;
  auto line_end = bytes.find("\r\n");
  auto const line = bytes.substr(0, line_end);
  auto const space = line.find(' ');
  request.method = line.substr(0, space);
  request.path = line.substr(space + 1, line.rfind(' ') - space - 1);
  std::size_t length = 0;
  while (line_end < end) {
    auto const next = bytes.find("\r\n", line_end + 2);
    auto const header = bytes.substr(line_end + 2, next - line_end - 2);
    auto const colon = header.find(':');
    std::string name(header.substr(0, colon));
    for (auto& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    auto value = header.substr(std::min(colon + 1, header.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "content-length") std::from_chars(value.data(), value.data() + value.size(), length);
    request.headers.emplace_back(std::move(name), value);
    line_end = next;
  }
  if (bytes.size() < end + 4 + length) return 0;
  request.body = bytes.substr(end + 4, length);
  return end + 4 + length;
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  auto const at =
      std::find_if(headers.begin(), headers.end(), [&](auto const& h) { return h.first == name; });
  return at == headers.end() ? std::string() : at->second;
}

class HttpServer::Loop {
 public:
  Loop(Answer answer, std::uint16_t port)
      : answer_(std::move(answer)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        stop_(::eventfd(0, EFD_CLOEXEC)),
        listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    int const one = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 4096) != 0)
      throw std::runtime_error("no port for a test's server");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    watch(listener_, EPOLLIN, EPOLL_CTL_ADD);
    watch(stop_, EPOLLIN, EPOLL_CTL_ADD);
    thread_ = std::thread([this] { run(); });
  }
  ~Loop() {
    std::uint64_t const one = 1;
    (void)!::write(stop_, &one, sizeof one);
    thread_.join();
    for (auto const& [socket, connection] : connections_) ::close(socket);
    for (int const each : {listener_, stop_, epoll_}) ::close(each);
  }

  std::uint16_t port() const { return port_; }
  std::atomic<std::size_t> taken = 0, most_open = 0;

 private:
  struct Timer {
    int socket = -1;
    std::uint64_t number = 0;  // of the connection: a socket's number comes back
    std::function<void(Connection&)> what;
  };

  void watch(int socket, std::uint32_t events, int how) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    ::epoll_ctl(epoll_, how, socket, &event);
  }

  void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      int wait = -1;
      if (!timers_.empty())
        wait = static_cast<int>(std::max<std::int64_t>(
            0, std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - Clock::now()).count()));
      auto const count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
      for (int i = 0; i < count; ++i) {
        auto const socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == stop_) return;
        if (socket == listener_)
          take();
        else
          look(socket, events[static_cast<std::size_t>(i)].events);
      }
      while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
        auto const timer = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
        auto const at = connections_.find(timer.socket);
        if (at == connections_.end() || at->second.number != timer.number) continue;
        timer.what(at->second);
        settle(at->second);
      }
    }
  }

  void take() {
    for (;;) {
      int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      int const one = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      auto& connection = connections_[socket];
      connection.socket = socket;
      connection.number = taken++;
      watch(socket, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  void look(int socket, std::uint32_t events) {
    auto const at = connections_.find(socket);
    if (at == connections_.end()) return;
    auto& connection = at->second;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
      std::array<char, 65536> buffer;
      auto const count = ::recv(socket, buffer.data(), buffer.size(), 0);
      if (count == 0 || (count < 0 && errno != EAGAIN)) connection.over = true;
      if (count > 0) receive(connection, {buffer.data(), static_cast<std::size_t>(count)});
    }
    settle(connection);
  }

  void receive(Connection& connection, std::string_view bytes) {
    if (connection.http2) {
      if (!connection.http2->receive(bytes)) connection.over = true;
      return;
    }
    connection.in += bytes;
    if (connection.in.starts_with(kPreface)) {
      // By socket and number: the connection may be gone before an answer is due.
      connection.http2 =
          std::make_unique<Http2Session>([this, socket = connection.socket, number = connection.number](
                                             std::int32_t stream, HttpRequest request) {
            request.connection = number;
            auto answer = ask(request);
            later(socket, number, answer.after, [this, stream, answer](Connection& c) {
              --open_;
              c.http2->answer(stream, answer);
            });
          });
      auto const in = std::move(connection.in);
      connection.in.clear();
      connection.http2->receive(in);
      return;
    }
    next_request(connection);
  }

  HttpAnswer ask(HttpRequest const& request) {
    ++open_;
    most_open = std::max<std::size_t>(most_open, open_);
    return answer_(request);
  }

  void next_request(Connection& connection) {
    if (connection.answering) return;
    HttpRequest request;
    auto const size = parse(connection.in, request);
    if (size == 0) return;
    connection.in.erase(0, size);
    connection.answering = true;
    request.connection = connection.number;
    auto answer = ask(request);
    auto const whole = [this, then = answer.then, forever = answer.forever](Connection& c) {
      --open_;
      c.then = then;
      c.forever = forever;
      c.answering = false;
      if (then == HttpAnswer::Then::keep && forever.empty()) next_request(c);
    };
    if (answer.raw.empty() && answer.after == 0ms) {
      if (answer.then == HttpAnswer::Then::keep || !answer.body.empty()) connection.out += serialised(answer);
      whole(connection);
    } else if (answer.raw.empty()) {
      later(connection.socket, connection.number, answer.after, [answer, whole](Connection& c) {
        if (answer.then == HttpAnswer::Then::keep || !answer.body.empty()) c.out += serialised(answer);
        whole(c);
      });
    } else {
      auto after = answer.after;
      for (auto const& [wait, bytes] : answer.raw) {
        after += wait;
        later(connection.socket, connection.number, after, [b = bytes](Connection& c) { c.out += b; });
      }
      later(connection.socket, connection.number, after, whole);
    }
  }

  void later(int socket, std::uint64_t number, std::chrono::milliseconds after,
             std::function<void(Connection&)> what) {
    timers_.emplace(Clock::now() + after, Timer{socket, number, std::move(what)});
  }

  void settle(Connection& connection) {
    if (!connection.over && connection.http2) connection.http2->send(connection.out);
    while (!connection.over && (!connection.out.empty() || !connection.forever.empty())) {
      if (connection.out.empty()) connection.out = connection.forever;
      auto const sent = ::send(connection.socket, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
      if (sent < 0) {
        if (errno != EAGAIN) connection.over = true;
        break;
      }
      connection.out.erase(0, static_cast<std::size_t>(sent));
      // A little at a time: there are other clients.
      if (!connection.forever.empty()) break;
    }
    bool const more = !connection.out.empty() || !connection.forever.empty();
    if (!more && connection.then != HttpAnswer::Then::keep) connection.over = true;
    if (connection.over) {
      if (connection.then == HttpAnswer::Then::reset) {
        linger const hard{1, 0};
        ::setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
      }
      ::close(connection.socket);
      connections_.erase(connection.socket);
      return;
    }
    if (more != connection.watched_out) {
      connection.watched_out = more;
      watch(connection.socket, more ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    }
  }

  Answer answer_;
  int epoll_, stop_, listener_;
  std::uint16_t port_ = 0;
  std::size_t open_ = 0;
  std::unordered_map<int, Connection> connections_;
  std::multimap<Clock::time_point, Timer> timers_;
  std::thread thread_;
};

HttpServer::HttpServer(Answer answer, std::uint16_t port)
    : loop_(std::make_unique<Loop>(std::move(answer), port)) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const {
  return loop_->port();
}
std::string HttpServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(loop_->port()) + std::string(path);
}
std::size_t HttpServer::connections() const {
  return loop_->taken;
}
std::size_t HttpServer::most_open() const {
  return loop_->most_open;
}

}  // namespace itera::tests
