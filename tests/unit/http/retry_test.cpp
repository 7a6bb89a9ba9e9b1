#include "core/http/retry.hpp"

#include <gtest/gtest.h>

#include "core/http/event_stream.hpp"
#include "core/http/request.hpp"

namespace itera::tests {
namespace {

using http::Millis, http::asked_wait, http::exhausted_for, http::wait_before_next;
using namespace std::chrono_literals;

auto const kNow = std::chrono::system_clock::from_time_t(1'763'895'600);  // 2025-11-23 11:00:00 UTC

TEST(Retry, ReadsHowLongTheOtherSideAsksToWait) {
  auto const seconds = [](std::string text) { return asked_wait({{"retry-after", std::move(text)}}, kNow); };
  EXPECT_EQ(seconds("3"), Millis(3'000));
  EXPECT_EQ(seconds("0.25"), Millis(250));
  EXPECT_EQ(seconds("Sun, 23 Nov 2025 11:00:20 GMT"), Millis(20'000));
  EXPECT_EQ(seconds("Sun, 23 Nov 2025 10:00:00 GMT"), Millis(0)) << "a moment that is over";
  EXPECT_EQ(asked_wait({{"retry-after-ms", "40"}, {"retry-after", "9"}}, kNow), Millis(40));
  EXPECT_EQ(seconds("-5"), Millis(0));
  EXPECT_EQ(seconds("1e99"), std::nullopt);
  EXPECT_EQ(seconds("99999999999999999999"), Millis(86'400'000))
      << "cut to a day, and then to the longest wait";
  EXPECT_EQ(seconds("nan"), std::nullopt);
  EXPECT_EQ(seconds("soon"), std::nullopt);
  EXPECT_EQ(seconds(""), std::nullopt);
  EXPECT_EQ(asked_wait({}, kNow), std::nullopt);
}

TEST(Retry, ReadsForHowLongNothingIsLeft) {
  EXPECT_EQ(exhausted_for({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "1m1.5s"}},
                          kNow),
            Millis(61'500));
  EXPECT_EQ(
      exhausted_for({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "20ms"}}, kNow),
      Millis(20));
  EXPECT_EQ(
      exhausted_for({{"x-ratelimit-remaining-requests", "1"}, {"x-ratelimit-reset-requests", "60s"}}, kNow),
      std::nullopt);
  EXPECT_EQ(exhausted_for({{"anthropic-ratelimit-tokens-remaining", "0"},
                           {"anthropic-ratelimit-tokens-reset", "2025-11-23T11:00:07Z"}},
                          kNow),
            Millis(7'000));
  EXPECT_EQ(
      exhausted_for({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "1x"}}, kNow),
      std::nullopt);
  EXPECT_EQ(
      exhausted_for({{"anthropic-ratelimit-tokens-remaining", "0"}, {"anthropic-ratelimit-tokens-reset", ""}},
                    kNow),
      std::nullopt);
}

TEST(Retry, WaitsTwiceAsLongEachTimeWithJitterOfTheCallAlone) {
  ports::HttpOptions const options;
  for (std::uint64_t const seed : {1U, 2U, 3U})
    for (std::uint32_t ended = 1; ended <= 5; ++ended) {
      auto const full = 500.0 * (1U << (ended - 1));
      auto const wait = static_cast<double>(wait_before_next(options, ended, {}, seed).count());
      EXPECT_GE(wait, full / 2 - 1);
      EXPECT_LE(wait, full);
      EXPECT_EQ(wait, static_cast<double>(wait_before_next(options, ended, {}, seed).count()));
    }
  EXPECT_NE(wait_before_next(options, 5, {}, 1), wait_before_next(options, 5, {}, 2));
  auto const asked = wait_before_next(options, 1, Millis(3'000), 1);
  EXPECT_GE(asked, Millis(3'000)) << "never before it was allowed";
  EXPECT_LE(asked, Millis(3'300));
  EXPECT_EQ(wait_before_next(options, 1, Millis(86'400'000), 1), options.longest_wait);
  EXPECT_LE(wait_before_next(options, 4'000'000'000U, {}, 1), options.longest_wait);
}

TEST(Retry, KnowsWhichCodesMayPass) {
  for (int const code : {408, 425, 429, 500, 502, 503, 504, 529})
    EXPECT_TRUE(http::worth_another_try(code)) << code;
  for (int const code : {200, 301, 400, 401, 403, 404, 413, 422, 501})
    EXPECT_FALSE(http::worth_another_try(code));
}

constexpr auto kStream =
    ": a comment\r\n"
    "event: ping\ndata: {\"type\": \"ping\"}\n\n"
    "data: {\"choices\": [{\"delta\": {\"role\": \"assistant\", \"content\": \"\"}}]}\n\n"
    "data: {\"choices\":\r\ndata:  [{\"delta\": {\"content\": \"Hi\"}}]}\r\n\r\n";

TEST(FirstToken, IsTheFirstEventWithTextAtAPointerHoweverTheBytesCome) {
  std::string const stream = kStream;
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    http::FirstToken first({"/delta/text", "/choices/0/delta/content"});
    std::size_t at = 0;
    while (at < stream.size() && !first.found()) {
      first.add(std::string_view(stream).substr(at, piece));
      at += piece;
    }
    EXPECT_TRUE(first.found());
    EXPECT_GE(at + 2, stream.size()) << "not at the role, nor at the empty text";
  }
}

TEST(FirstToken, TakesNothingElseForOne) {
  for (std::string const stream :
       {"data: [DONE]\n\n", "data: {\"a\": 1}\n\n", "{\"a\": \"text\"}\n\n", "date: {\"a\": \"text\"}\n\n",
        "data: {\"a\": \"text\"}", "data: \xff\n\n", "\n\n\n", "data\n\n"}) {
    http::FirstToken first({"/a", "no pointer", "/a/~9", "/a/-"});
    EXPECT_FALSE(first.add(stream)) << stream;
  }
}

TEST(FirstToken, AnEndlessLineDoesNotFillTheMemory) {
  http::FirstToken first({"/a"});
  std::string const piece(std::size_t{1} << 16, 'x');
  for (int i = 0; i < 1'000; ++i) first.add(piece);
  EXPECT_TRUE(first.add("\n\ndata: {\"a\": \"text\"}\n\n"));
}

std::string refusal(ports::HttpCall const& call, ports::Secrets const& secrets = {}) {
  if (auto const target = http::target_of(call); !target) return target.error();
  auto const lines = http::header_lines(call, secrets);
  return lines ? "" : lines.error();
}

TEST(Request, RefusesWhatItWillNotSend) {
  ports::HttpCall call;
  auto const with_url = [&](std::string url) {
    auto other = call;
    other.url = std::move(url);
    return refusal(other);
  };
  EXPECT_EQ(with_url("https://host/path?x=1"), "");
  EXPECT_EQ(with_url("http://[::1]:8080/"), "");
  EXPECT_EQ(with_url("host/path"), "the URL is not one: it must be absolute, like `https://host/path`");
  EXPECT_EQ(with_url(""), "the URL is not one: it must be absolute, like `https://host/path`");
  EXPECT_EQ(with_url("http://host:99999/"),
            "the URL is not one: it must be absolute, like `https://host/path`");
  EXPECT_EQ(with_url("file:///etc/passwd"), "the URL's scheme is `file`: calls go to http and https");
  EXPECT_EQ(with_url("gopher://host/"), "the URL's scheme is `gopher`: calls go to http and https");
  auto const with_user =
      "the URL has a user or a password in it: they belong in a header, as a secret of the spec";
  EXPECT_EQ(with_url("https://me:word@host/"), with_user);
  EXPECT_EQ(with_url("https://@host/"), with_user);
  EXPECT_EQ(with_url("https://host/\r\nx: y"), "the URL has a space or a control character in it");
  call.url = "http://host/";
  call.method = "DELETE";
  EXPECT_EQ(refusal(call), "`DELETE` is no method that calls can have: GET, POST and PUT are");
  call.method = "PUT";
  auto const with_header = [&](std::string name, std::string value, ports::Secrets const& secrets = {}) {
    auto other = call;
    other.headers = {{std::move(name), std::move(value)}};
    return refusal(other, secrets);
  };
  auto const mark = "Bearer " + ports::secret_mark("KEY");
  EXPECT_EQ(with_header("x-name", "any text"), "");
  EXPECT_EQ(with_header("x name", "v"), "`x name` is no name of a header");
  EXPECT_EQ(with_header("", "v"), "`` is no name of a header");
  EXPECT_EQ(with_header("x\r\ny", "v"), "`x??y` is no name of a header");
  EXPECT_EQ(with_header("x", "a\r\nb: c"),
            "the value of the header `x` has a line break or a control character in it");
  EXPECT_EQ(with_header("Transfer-Encoding", "chunked"),
            "the header `Transfer-Encoding` is the host's own to set");
  EXPECT_EQ(with_header("authorization", mark),
            "the header `authorization` needs a secret that has no value");
  EXPECT_EQ(with_header("authorization", mark, {{"KEY", "abc\ndef"}}),
            "the value of the header `authorization` has a line break or a control character in it");
  EXPECT_EQ(with_header("authorization", mark, {{"KEY", "abcdef"}}), "");
}

TEST(Request, KeepsLimitsBySchemeHostAndPort) {
  auto const endpoint = [](std::string url) {
    ports::HttpCall call;
    call.url = std::move(url);
    return http::target_of(call)->endpoint;
  };
  EXPECT_EQ(endpoint("https://API.example.com/v1"), "https://api.example.com:443");
  EXPECT_EQ(endpoint("https://api.example.com:443/v2?x"), "https://api.example.com:443");
  EXPECT_EQ(endpoint("http://api.example.com/v1"), "http://api.example.com:80");
}

}  // namespace
}  // namespace itera::tests
