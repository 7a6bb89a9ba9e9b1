#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "dsl/language_server/framing.hpp"
#include "dsl/language_server/positions.hpp"
#include "dsl/language_server/server.hpp"
#include "dsl/language_server/uri.hpp"

namespace itera::golden {
namespace {

using namespace dsl::language_server;  // NOLINT(google-build-using-namespace): the room under test

// `ü` has 2 bytes and 1 unit, `😀` 4 bytes and 2 units, `e` with U+0301 two characters.
constexpr std::string_view kText = "aü😀b\r\ne\u0301\n\rlast";

TEST(Positions, CountInTheClientsUnits) {
  struct Case {
    std::uint32_t offset;
    Point utf8, utf16, utf32;
  };
  for (auto const& c :
       {Case{0, {0, 0}, {0, 0}, {0, 0}}, Case{1, {0, 1}, {0, 1}, {0, 1}}, Case{3, {0, 3}, {0, 2}, {0, 2}},
        Case{7, {0, 7}, {0, 4}, {0, 3}}, Case{8, {0, 8}, {0, 5}, {0, 4}}, Case{10, {1, 0}, {1, 0}, {1, 0}},
        Case{13, {1, 3}, {1, 2}, {1, 2}}, Case{14, {2, 0}, {2, 0}, {2, 0}}, Case{15, {3, 0}, {3, 0}, {3, 0}},
        Case{19, {3, 4}, {3, 4}, {3, 4}}}) {
    Positions const utf8(kText, Encoding::utf8), utf16(kText, Encoding::utf16), utf32(kText, Encoding::utf32);
    EXPECT_EQ(utf8.point(c.offset), c.utf8) << c.offset;
    EXPECT_EQ(utf16.point(c.offset), c.utf16) << c.offset;
    EXPECT_EQ(utf32.point(c.offset), c.utf32) << c.offset;
    EXPECT_EQ(utf8.offset(c.utf8), c.offset);
    EXPECT_EQ(utf16.offset(c.utf16), c.offset);
    EXPECT_EQ(utf32.offset(c.utf32), c.offset);
  }
}

TEST(Positions, WhatIsNoPositionIsTheNearestOne) {
  Positions const at(kText, Encoding::utf16);
  EXPECT_EQ(at.offset({0, 3}), 3U) << "between the two halves of an emoji: before it";
  EXPECT_EQ(at.offset({0, 99}), 8U) << "past the end of a line: before its break";
  EXPECT_EQ(at.offset({99, 0}), kText.size());
  EXPECT_EQ(at.offset({3, 0xFFFFFFFF}), kText.size());
  EXPECT_EQ(at.point(99), (Point{3, 4}));
  EXPECT_EQ(Positions("", Encoding::utf16).point(0), (Point{0, 0}));
  EXPECT_EQ(Positions("\n", Encoding::utf16).point(1), (Point{1, 0}));
  // Bytes that are no UTF-8, though a client cannot send them.
  Positions const invalid("\xF0\x9F", Encoding::utf16);
  EXPECT_LE(invalid.offset({0, 9}), 2U);
  EXPECT_LE(invalid.point(2).character, 2U);
}

TEST(Framing, ReadsMessageAfterMessage) {
  std::stringstream stream(
      "Content-Length: 2\r\n\r\n{}content-length:3\r\nContent-Type: x; charset=utf-8\r\n\r\n[1]"
      "\r\n\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(read_message(stream).text, "{}");
  EXPECT_EQ(read_message(stream).text, "[1]");
  auto const empty = read_message(stream);
  EXPECT_EQ(empty.kind, Incoming::Kind::message);
  EXPECT_EQ(empty.text, "");
  EXPECT_EQ(read_message(stream).kind, Incoming::Kind::end);
}

TEST(Framing, FindsTheNextMessageBehindABrokenOne) {
  for (std::string const broken :
       {"Length: 2\r\n\r\n{}", "Content-Length: two\r\n\r\n{}", "Content-Length: 1e3\r\n\r\n{}",
        "Content-Length:\r\n\r\n{}", "{\"method\": 1}\n\n", "Content-Length: 1073741825\r\n\r\n{}"}) {
    std::stringstream stream(broken + "Content-Length: 4\r\n\r\nnext");
    EXPECT_EQ(read_message(stream).kind, Incoming::Kind::malformed) << broken;
    EXPECT_EQ(read_message(stream).text, "next") << broken;
    EXPECT_EQ(read_message(stream).kind, Incoming::Kind::end);
  }
}

TEST(Framing, KeepsLittleOfALineWithoutEnd) {
  std::stringstream stream(std::string(10'000'000, 'x') + "Content-Length: 4\r\n\r\nnext");
  EXPECT_EQ(read_message(stream).text, "next");
}

// What must not happen, happens: the session goes on.
TEST(Server, SurvivesWhatItLooksThingsUpIn) {
  std::string asked;
  for (
      std::string const message :
      {R"({"id": 1, "method": "initialize", "params": {"capabilities": []}})",
       R"({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///x.itera", "text": "a"}}})",
       R"({"id": 2, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///x.itera"}, "position": {"line": 0, "character": 0}}})",
       R"({"id": 3, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///x.itera"}, "position": {"line": -1, "character": 0.5}}})",
       R"({"id": 4, "method": "shutdown"})", R"({"method": "exit"})"})
    asked += "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + message;
  std::stringstream in(asked), out;
  ServerSetup const setup{
      [](auto const&) -> std::unique_ptr<Surroundings> { throw std::runtime_error("no plugins"); }, {}, "0"};
  EXPECT_EQ(serve(in, out, setup), 0);
  EXPECT_NE(out.str().find(R"({"code":-32603,"message":"`textDocument/hover` failed: no plugins"},"id":2)"),
            std::string::npos)
      << out.str();
  EXPECT_NE(out.str().find(R"({"code":-32602,"message":"`textDocument/hover` has other parameters)"),
            std::string::npos);
  EXPECT_NE(out.str().find(R"({"id":4,"jsonrpc":"2.0","result":null})"), std::string::npos);
}

TEST(Uri, NamesAFile) {
  EXPECT_EQ(path_of("file:///a/b%20c/%C3%BC.itera"), "/a/b c/ü.itera");
  EXPECT_EQ(path_of("file://host/a/../b"), "/b");
  EXPECT_EQ(uri_of("/a/b c/ü#.itera"), "file:///a/b%20c/%C3%BC%23.itera");
  EXPECT_EQ(path_of(uri_of("/100%/?&+")), "/100%/?&+");
  for (auto const* none :
       {"", "untitled:1", "http://x/y", "file://", "file:///%", "file:///%G0", "file:///%00"})
    EXPECT_FALSE(path_of(none)) << none;
}

}  // namespace
}  // namespace itera::golden
