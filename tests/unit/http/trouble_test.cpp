#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "tests/support/tls.hpp"
#include "tests/unit/host/support.hpp"
#include "tests/unit/http/support.hpp"

namespace itera::tests {
namespace {

using Clock = std::chrono::steady_clock;
using Words = std::vector<std::string>;

HttpAnswer code(int number) {
  HttpAnswer answer;
  answer.code = number;
  return answer;
}

HttpAnswer ok(std::string body = "fine") {
  HttpAnswer answer;
  answer.body = std::move(body);
  return answer;
}

HttpAnswer raw(std::vector<std::pair<std::chrono::milliseconds, std::string>> pieces,
               HttpAnswer::Then then = HttpAnswer::Then::close) {
  HttpAnswer answer;
  answer.raw = std::move(pieces);
  answer.then = then;
  return answer;
}

HttpAnswer broken() {
  HttpAnswer answer;
  answer.then = HttpAnswer::Then::reset;
  return answer;
}

/// The n-th request gets the n-th answer, all further ones the last.
HttpServer::Answer in_turn(std::vector<HttpAnswer> answers) {
  return [answers = std::move(answers), next = std::size_t{0}](HttpRequest const&) mutable {
    return answers[std::min(next++, answers.size() - 1)];
  };
}

HttpOptions once() {
  auto options = hasty();
  options.attempts = 1;
  return options;
}

TEST(HttpTrouble, IsTriedAgainAndEveryEarlierEndIsKept) {
  auto cut = raw({{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"}});
  // The reset comes first: libcurl itself repeats a request on a connection that it used again and that is
  // gone.
  HttpServer server(in_turn({broken(), code(429), cut, code(503), code(500), ok()}));
  auto const reply = run_one(post(server.url()));
  ASSERT_EQ(reply.status, HttpStatus::done) << reply.error;
  EXPECT_EQ(reply.body, "fine");
  EXPECT_EQ(reply.retries, (Words{"network", "429", "network", "503", "500"}));
}

TEST(HttpTrouble, TheLastAttemptIsTheLastWord) {
  HttpServer server(in_turn({code(429), code(503), code(529)}));
  auto options = hasty();
  options.attempts = 3;
  auto const reply = run_one(post(server.url()), options);
  EXPECT_EQ(reply.status, HttpStatus::done);
  EXPECT_EQ(reply.code, 529);
  EXPECT_EQ(reply.retries, (Words{"429", "503"}));
}

TEST(HttpTrouble, WhatCannotPassIsNotTriedAgain) {
  for (int const number : {301, 400, 401, 404, 422, 501}) {
    HttpServer server(in_turn({code(number), ok()}));
    auto const reply = run_one(post(server.url()));
    EXPECT_EQ(reply.code, number);
    EXPECT_EQ(reply.retries, Words{});
  }
}

TEST(HttpTrouble, WaitsAsLongAsItIsAskedTo) {
  auto slow_down = code(429);
  slow_down.headers = {{"Retry-After-MS", "300"}};
  HttpServer server(in_turn({slow_down, ok()}));
  auto const begun = Clock::now();
  auto const reply = run_one(post(server.url()));
  EXPECT_GE(Clock::now() - begun, 300ms);
  EXPECT_EQ(reply.retries, Words{"429"});
  EXPECT_LT(reply.latency_ms, 250) << "the wait is no latency";
}

TEST(HttpTrouble, AllWaitsTogetherAreBounded) {
  auto slow_down = code(429);
  slow_down.headers = {{"retry-after", "3600"}};
  HttpServer server(in_turn({slow_down}));
  auto options = hasty();
  options.longest_wait = 100ms;
  options.all_waits = 250ms;
  auto const reply = run_one(post(server.url()), options);
  EXPECT_EQ(reply.retries, (Words{"429", "429"})) << "a third wait would be too much";
  EXPECT_EQ(reply.code, 429);
}

TEST(HttpTrouble, ATimeLimitIsOfTheWholeAttempt) {
  auto const drip = [](HttpRequest const&) {
    std::vector<std::pair<std::chrono::milliseconds, std::string>> pieces{
        {0ms, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"}};
    for (int i = 0; i < 100; ++i) pieces.emplace_back(20ms, "x");
    return raw(std::move(pieces));
  };
  HttpServer server(drip);
  auto call = post(server.url());
  call.timeout_ms = 250;
  auto const reply = run_one(call, once());
  EXPECT_EQ(reply.status, HttpStatus::timed_out);
  EXPECT_EQ(reply.error, fmt::format("`127.0.0.1:{}` gave no whole response within 250 ms", server.port()));
  EXPECT_EQ(reply.body, "");
  EXPECT_GE(reply.latency_ms, 240);
}

TEST(HttpTrouble, SilenceIsItsOwnLimit) {
  HttpServer server([](HttpRequest const&) {
    return raw({{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"}, {100ms, "a"}, {5'000ms, "b"}});
  });
  auto call = post(server.url());
  call.idle_ms = 250;
  auto const begun = Clock::now();
  auto const reply = run_one(call, once());
  EXPECT_EQ(reply.status, HttpStatus::timed_out);
  EXPECT_EQ(reply.error, fmt::format("`127.0.0.1:{}` was silent for 250 ms", server.port()));
  EXPECT_GE(Clock::now() - begun, 350ms) << "silence counts from the last byte";
  EXPECT_LT(Clock::now() - begun, 4s);
}

TEST(HttpTrouble, LiesAreNoAnswers) {
  using Pieces = std::vector<std::pair<std::chrono::milliseconds, std::string>>;
  std::vector<std::pair<std::string, Pieces>> const lies{
      {"was cut short", {{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nshort"}}},
      {"was cut short", {{0ms, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n"}}},
      {"was cut short",
       {{0ms, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nshort\r\n0\r\n\r\n"}}},
      {"no HTTP response", {{0ms, "SSH-2.0-OpenSSH_9.2\r\n"}}},
      {"no HTTP response", {{0ms, "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"}}},
      {"closed the connection without a response", {{0ms, ""}}},
  };
  for (auto const& [why, pieces] : lies) {
    HttpServer server([&p = pieces](HttpRequest const&) { return raw(p); });
    auto const reply = run_one(post(server.url()), once());
    EXPECT_EQ(reply.status, HttpStatus::network) << pieces.front().second;
    EXPECT_NE(reply.error.find(why), std::string::npos) << reply.error << " of " << pieces.front().second;
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(reply.code, 0);
  }
}

TEST(HttpTrouble, WhatIsTooLongIsStopped) {
  auto endless = raw({{0ms, "HTTP/1.1 200 OK\r\n"}}, HttpAnswer::Then::keep);
  endless.forever = "x-again: " + std::string(1'000, 'y') + "\r\n";
  HttpServer headers(in_turn({endless}));
  auto const many = run_one(post(headers.url()));
  EXPECT_EQ(many.status, HttpStatus::too_large);
  EXPECT_EQ(many.error, fmt::format("`127.0.0.1:{}` sent more than 256 KiB of headers", headers.port()));
  EXPECT_EQ(many.retries, Words{}) << "it would be as long again";

  auto flood = raw({{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 73400320\r\n\r\n"}}, HttpAnswer::Then::keep);
  flood.forever = std::string(std::size_t{1} << 16, 'z');
  HttpServer body(in_turn({flood}));
  auto const long_one = run_one(post(body.url()));
  EXPECT_EQ(long_one.status, HttpStatus::too_large);
  EXPECT_EQ(long_one.error,
            fmt::format("the response of `127.0.0.1:{}` is longer than 67108864 bytes", body.port()));
}

TEST(HttpTrouble, NobodyThereIsSaidPlainly) {
  std::uint16_t port = 0;
  { port = HttpServer(in_turn({ok()})).port(); }
  auto const closed = run_one(post(fmt::format("http://127.0.0.1:{}/", port)), once());
  EXPECT_EQ(closed.status, HttpStatus::network);
  EXPECT_EQ(closed.error, fmt::format("`127.0.0.1:{}` takes no connection", port));
  auto const nameless = run_one(post("http://no-such-host.invalid/"), once());
  EXPECT_EQ(nameless.status, HttpStatus::network);
  EXPECT_EQ(nameless.error, "the name in `no-such-host.invalid:80` cannot be resolved");
}

TEST(HttpTrouble, WhatIsRefusedComesBackAndNothingIsSent) {
  auto const reply = run_one(post("ftp://127.0.0.1/"));
  EXPECT_EQ(reply.status, HttpStatus::refused);
  EXPECT_EQ(reply.error, "the URL's scheme is `ftp`: calls go to http and https");
  EXPECT_EQ(reply.latency_ms, 0);
}

TEST(HttpTrouble, AMissingLibraryIsAReplyThatSaysSo) {
  host::HostCaller caller({}, {},
                          [] { return host::load_http_part(HttpOptions{}, {"/nowhere/itera_http.so"}); });
  auto const reply = run_all(caller, {post("http://127.0.0.1/")}).front();
  EXPECT_EQ(reply.status, HttpStatus::refused);
  EXPECT_EQ(reply.error,
            "no HTTP call can be made: the library `itera_http.so` is not there (looked for "
            "`/nowhere/itera_http.so`): "
            "install itera again, as a whole: its parts must be of one version");
}

TEST(HttpTrouble, AnotherLibraryInItsPlaceIsSaidToBeOne) {
  TempFolder folder;
  auto const file = folder.write("itera_http.so", "no library");
  auto const part = host::load_http_part(HttpOptions{}, {file});
  ASSERT_FALSE(part);
  EXPECT_EQ(
      part.error().what,
      fmt::format("no HTTP call can be made: `{0}` cannot be loaded: {0}: file too short", file.string()));
}

TEST(HttpTrouble, AStreamIsTimedAndJoined) {
  auto const head =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  auto const chunk = [](std::string const& text) { return fmt::format("{:x}\r\n{}\r\n", text.size(), text); };
  std::string const role = "data: {\"d\": \"\"}\n\n", first = "data: {\"d\": \"Hi\"}\n\n",
                    second = "data: {\"d\": \" you\"}\n\n";
  std::vector<std::pair<std::chrono::milliseconds, std::string>> pieces{
      {0ms, head + chunk(role)}, {100ms, chunk(first)}, {200ms, chunk(second)}, {0ms, "0\r\n\r\n"}};
  HttpServer server(in_turn({raw(pieces, HttpAnswer::Then::keep)}));
  auto call = post(server.url());
  call.first_token = {"/d"};
  auto const reply = run_one(call, once());
  ASSERT_EQ(reply.status, HttpStatus::done) << reply.error;
  EXPECT_EQ(reply.body, role + first + second);
  ASSERT_TRUE(reply.first_token_ms);
  EXPECT_GE(*reply.first_token_ms, 99);
  EXPECT_LT(*reply.first_token_ms, reply.latency_ms - 150);

  pieces.pop_back();  // the end
  HttpServer cut(in_turn({raw(pieces)}));
  call.url = cut.url();
  auto const half = run_one(call, once());
  EXPECT_EQ(half.status, HttpStatus::network);
  EXPECT_EQ(half.error, fmt::format("the response of `127.0.0.1:{}` was cut short", cut.port()));
  EXPECT_FALSE(half.first_token_ms);
}

TEST(HttpTrouble, SecretsGoIntoHeadersOnlyAndNeverComeBack) {
  std::string seen_header, seen_body;
  HttpServer server([&](HttpRequest const& request) {
    seen_header = request.header("authorization");
    seen_body = request.body;
    HttpAnswer answer;
    answer.headers = {{"x-echo", seen_header}};
    answer.body = "you sent " + seen_header;
    return answer;
  });
  auto options = hasty();
  options.secrets = {{"API_KEY", "sk-very-secret"}};
  auto const mark = ports::secret_mark("API_KEY");
  auto call = post(server.url(), mark);
  call.headers.emplace_back("authorization", "Bearer " + mark);
  auto const reply = run_one(call, options);
  EXPECT_EQ(seen_header, "Bearer sk-very-secret");
  EXPECT_EQ(seen_body, mark) << "a mark in a body stays one";
  EXPECT_EQ(reply.body, "you sent Bearer [secret API_KEY]");
  EXPECT_EQ(reply.headers.front(), std::pair(std::string("x-echo"), std::string("Bearer [secret API_KEY]")));
}

TEST(HttpTrouble, CancellationEndsEverythingWithinASecond) {
  HttpServer server([](HttpRequest const&) {
    auto answer = ok();
    answer.after = 30s;
    return answer;
  });
  std::atomic<bool> cancelled = false;
  host::CallerOptions options;
  options.cancelled = [&] { return cancelled.load(); };
  auto caller = http_caller(hasty(), options);
  std::thread timer([&] {
    std::this_thread::sleep_for(200ms);
    cancelled = true;
  });
  auto const begun = Clock::now();
  auto const replies = run_all(caller, std::vector(100, post(server.url())));
  EXPECT_LT(Clock::now() - begun, 1200ms);
  for (auto const& reply : replies) EXPECT_EQ(reply.status, HttpStatus::cancelled);
  timer.join();
}

TEST(HttpTrouble, TlsNeedsACertificateThatIsTrusted) {
  auto const identity = std::make_shared<TlsIdentity>();
  HttpServer server([](HttpRequest const& request) { return ok(request.http2 ? "HTTP/2" : "HTTP/1"); },
                    identity);
  TempFolder folder;
  auto call = post(server.url());
  auto const stranger = run_one(call);
  EXPECT_EQ(stranger.status, HttpStatus::network);
  EXPECT_EQ(stranger.error,
            fmt::format("the call to `127.0.0.1:{}` failed: SSL certificate problem: self-signed "
                        "certificate",
                        server.port()));
  EXPECT_EQ(stranger.retries, Words{}) << "it would not be trusted the next time either";
  call.ca_file = folder.write("ca.pem", identity->certificate()).string();
  auto const trusted = run_one(call);
  EXPECT_EQ(trusted.body, "HTTP/2") << trusted.error;
  call.ca_file = "/nowhere/ca.pem";
  auto const unreadable = run_one(call);
  EXPECT_EQ(unreadable.status, HttpStatus::refused);
  EXPECT_EQ(unreadable.error,
            fmt::format("the file of certificates for `127.0.0.1:{}` cannot be read", server.port()));
}

TEST(HttpTrouble, GoesThroughTheProxyOfTheEnvironment) {
  HttpServer proxy([](HttpRequest const& request) { return ok(request.method + " " + request.path); });
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  auto const reply = run_one(post("http://no-such-host.invalid/path"), once());
  ::unsetenv("http_proxy");
  EXPECT_EQ(reply.body, "POST http://no-such-host.invalid/path") << reply.error;
}

TEST(HttpTrouble, TheCertificatesOfTheEnvironmentAreTrusted) {
  auto const identity = std::make_shared<TlsIdentity>();
  HttpServer server([](HttpRequest const&) { return ok(); }, identity);
  TempFolder folder;
  auto const file = folder.write("ca.pem", identity->certificate());
  for (auto const* const name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    ::setenv(name, file.c_str(), 1);
    auto const reply = run_one(post(server.url()), once());
    ::unsetenv(name);
    EXPECT_EQ(reply.body, "fine") << name << ": " << reply.error;
  }
}

TEST(HttpTrouble, ManyCallsShareFewHttp2Connections) {
  auto const identity = std::make_shared<TlsIdentity>();
  HttpServer server(
      [](HttpRequest const& request) {
        auto answer = ok(request.body);
        answer.after = 5ms;
        return answer;
      },
      identity);
  TempFolder folder;
  auto options = hasty();
  options.ca_file = folder.write("ca.pem", identity->certificate()).string();
  std::vector<HttpCall> calls;
  for (int i = 0; i < 1'000; ++i) {
    calls.push_back(post(server.url(), std::to_string(i)));
    calls.back().limits.in_flight = 128;
  }
  auto caller = http_caller(options);
  auto const replies = run_all(caller, std::move(calls));
  for (std::size_t i = 0; i < replies.size(); ++i)
    EXPECT_EQ(replies[i].body, std::to_string(i)) << replies[i].error;
  EXPECT_LE(server.connections(), 8U);
}

TEST(HttpTrouble, ConnectionsAreUsedAgainAndCeilingsKept) {
  HttpServer server([](HttpRequest const& request) {
    auto answer = ok(request.body);
    answer.after = 2ms;
    return answer;
  });
  std::vector<HttpCall> calls;
  for (int i = 0; i < 300; ++i) {
    calls.push_back(post(server.url(), std::to_string(i)));
    calls.back().limits.in_flight = 5;
  }
  auto caller = http_caller();
  auto const replies = run_all(caller, std::move(calls));
  for (std::size_t i = 0; i < replies.size(); ++i) EXPECT_EQ(replies[i].body, std::to_string(i));
  EXPECT_LE(server.most_open(), 5U);
  EXPECT_LE(server.connections(), 6U);
}

/// Tokens that come in at `rate` a second; without one: 429 and `retry_after`.
HttpServer::Answer token_bucket(double rate, double most, std::string retry_after) {
  return [=, tokens = most, last = Clock::now()](HttpRequest const&) mutable {
    auto const now = Clock::now();
    tokens = std::min(most, tokens + rate * std::chrono::duration<double>(now - last).count());
    last = now;
    if (tokens < 1) {
      auto answer = code(429);
      answer.headers = {{"retry-after", retry_after}};
      return answer;
    }
    tokens -= 1;
    return ok();
  };
}

TEST(HttpTrouble, ARateLimitIsFoundAndUsedAndNothingIsLost) {
  constexpr double rate = 300;
  HttpServer server(token_bucket(rate, 15, "0.2"));
  std::size_t const count = 600;
  auto options = hasty();
  options.first_wait = 100ms;
  auto caller = http_caller(options);
  auto const begun = Clock::now();
  auto const replies = run_all(caller, std::vector(count, post(server.url())));
  auto const took = std::chrono::duration<double>(Clock::now() - begun).count();
  std::size_t complaints = 0;
  for (auto const& reply : replies) {
    EXPECT_EQ(reply.code, 200) << reply.error;
    complaints += reply.retries.size();
  }
  EXPECT_LE(took, 1.3 * static_cast<double>(count) / rate) << complaints << " complaints";
  EXPECT_GT(complaints, 0U) << "the test's server limits nothing";
  RecordProperty("ratio", std::to_string(took * rate / static_cast<double>(count)));
}

TEST(HttpTrouble, AFlakyServerLosesNothing) {
  std::uint32_t dice = 1;
  HttpServer server([&](HttpRequest const& request) {
    dice = dice * 1'664'525 + 1'013'904'223;
    switch ((dice >> 24) % 8) {
      case 0:
        return broken();
      case 1:
        return code(500);
      case 2:
        return raw({{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"}});
      default:
        return ok(request.body);
    }
  });
  std::vector<HttpCall> calls;
  for (int i = 0; i < 500; ++i) calls.push_back(post(server.url(), std::to_string(i)));
  auto options = hasty();
  options.attempts = 20;
  options.longest_wait = 50ms;
  auto caller = http_caller(options);
  auto const replies = run_all(caller, std::move(calls));
  std::size_t retries = 0;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    EXPECT_EQ(replies[i].body, std::to_string(i)) << replies[i].error;
    retries += replies[i].retries.size();
  }
  EXPECT_GT(retries, 100U);
}

}  // namespace
}  // namespace itera::tests
