#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/json_scan.hpp"
#include "core/base/json_text.hpp"
#include "core/base/rational.hpp"
#include "core/base/text.hpp"
#include "tests/unit/core/support.hpp"

namespace itera {
namespace {

TEST(Rational, ReadsWhatASpecMayWrite) {
  EXPECT_EQ(parse_rational("5"), (Rational{5, 1}));
  EXPECT_EQ(parse_rational("-0.25"), (Rational{-1, 4}));
  EXPECT_EQ(parse_rational("1/3"), (Rational{1, 3}));
  EXPECT_EQ(parse_rational("2.5e-3"), (Rational{1, 400}));
  EXPECT_EQ(parse_rational("50_000"), (Rational{50000, 1}));
  EXPECT_EQ(parse_rational("+0.1"), (Rational{1, 10}));
}

TEST(Rational, RefusesWhatIsNoNumber) {
  for (auto const* text : {"", "-", ".", ".5", "1/0", "1/-3", "1.5/2", "1e", "1e99", "nan", "inf", "info",
                           "5x", "99999999999999999999", "1/2/3"})
    EXPECT_FALSE(parse_rational(text)) << text;
}

TEST(Rational, ComparesWithoutRounding) {
  EXPECT_EQ(compare({1, 3}, {333333333333, 1000000000000}), 1);
  EXPECT_EQ(compare({-1, 50}, {-2, 100}), 0);
  EXPECT_EQ(to_string(Rational{1, 20}), "0.05");
  EXPECT_EQ(to_string(Rational{1, 3}), "1/3");
}

TEST(Hash, AgreesWithThePublishedVector) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_prefix("abc"), 0xba7816bf8f01cfeaULL);
  EXPECT_NE(keyed_tag("key one", "acme"), keyed_tag("key two", "acme"));
}

TEST(Hash, InPiecesIsTheSame) {
  Sha256 hash;
  hash.add("a");
  auto copy = hash;
  hash.add("bc");
  EXPECT_EQ(hash.hex(), sha256("abc"));
  EXPECT_EQ(hash.hex(), sha256("abc"));  // asking changes nothing
  copy.add("x");
  EXPECT_EQ(copy.hex(), sha256("ax"));
  EXPECT_EQ(sha256_bytes("abc").hex(), sha256("abc"));
  EXPECT_EQ(Digest::from_hex(sha256("abc")), sha256_bytes("abc"));
  EXPECT_FALSE(Digest::from_hex("BA7816"));
  EXPECT_FALSE(Digest::from_hex(std::string(64, 'g')));
  EXPECT_EQ(sha256_128("abc").high, sha256_prefix("abc"));
}

TEST(Hash, OfAFolderKnowsNamesAndBytes) {
  test::TempFolder const folder;
  std::filesystem::create_directories(folder.path() / "sub");
  std::ofstream(folder.path() / "a") << "one";
  std::ofstream(folder.path() / "sub" / "b") << "two";
  auto const before = sha256_folder(folder.path());
  ASSERT_TRUE(before);
  EXPECT_EQ(before, sha256_folder(folder.path()));
  std::filesystem::rename(folder.path() / "a", folder.path() / "c");
  EXPECT_NE(before, sha256_folder(folder.path()));
  EXPECT_FALSE(sha256_folder(folder.path() / "not there"));
}

TEST(Json, CanonicalFormSortsKeysAndKeepsNumbersShort) {
  EXPECT_EQ(canonical(nlohmann::json::parse(R"({"b": 0.1, "a": [1, "ü"]})")), R"({"a":[1,"ü"],"b":0.1})");
}

TEST(Json, RefusesHostileNesting) {
  auto const deep = parse_json(std::string(100000, '['), "reply of arm `x`");
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().what, "reply of arm `x`: JSON nested deeper than 200");
  EXPECT_EQ(parse_json("{\"a\":", "plan.json").error().what, "plan.json: not JSON (at byte 6)");
  EXPECT_EQ(parse_json("[1e999]", "reply of arm `x`").error().what,
            "reply of arm `x`: a number is too large");
}

TEST(Json, ChangesAreOneLineEach) {
  auto const from = nlohmann::json::parse(R"({"a": 1, "b": {"c": [1, 2]}, "d": true})");
  auto const to = nlohmann::json::parse(R"({"a": 2, "b": {"c": [1, 3]}, "e": null})");
  EXPECT_EQ(describe_changes(from, to),
            (std::vector<std::string>{"/a: 1 -> 2", "/b/c/1: 2 -> 3", "/d: true -> (absent)",
                                      "/e: (absent) -> null"}));
  EXPECT_TRUE(describe_changes(from, from).empty());
}

TEST(Text, DidYouMeanTakesTheNearestWithinReach) {
  std::vector<std::string> const names{"exact", "regex", "llm"};
  EXPECT_EQ(did_you_mean("exat", names), "exact");
  EXPECT_EQ(did_you_mean("EXACT", names), "exact");
  EXPECT_EQ(did_you_mean("xeact", names), "exact");
  EXPECT_FALSE(did_you_mean("numeric", names));
  EXPECT_FALSE(did_you_mean("ab", names));
}

TEST(Text, FoldMakesOneRowOfWhatAReaderTakesForOne) {
  EXPECT_EQ(fold("  Stra\xC3\x9F"
                 "e \t 5 "),
            fold("STRASSE 5"));
  EXPECT_EQ(fold("e\xCC\x81"), fold("\xC3\x89"));
  EXPECT_NE(fold("a b"), fold("ab"));
}

TEST(Text, FoldingAsciiIsNoOtherRule) {
  // The second of each pair takes the way of all Unicode.
  EXPECT_EQ(fold("\tSome  WORDS\r\nhere\v ") + " \xC3\xA9", fold("\tSome  WORDS\r\nhere\v \xC3\x89"));
  EXPECT_EQ(fold(std::string("A\0B\x7f", 4)) + "\xC3\xA9", fold(std::string("A\0B\x7f\xC3\x89", 6)));
}

TEST(Text, WidthIsInTerminalCells) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);
  EXPECT_EQ(display_width("\xFF"), 1U);
}

TEST(File, IsWrittenWholeOrNotAtAll) {
  test::TempFolder const folder;
  auto const file = folder.path() / "x.json";
  ASSERT_TRUE(write_file(file, "old"));
  ASSERT_TRUE(write_file(file, "new"));
  EXPECT_EQ(read_file(file), "new");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "x.json.part"));
  EXPECT_FALSE(write_file(folder.path() / "no" / "folder", "x"));
  EXPECT_EQ(read_file(folder.path()).error().what,
            "cannot read " + folder.path().string() + ": Is a directory");
}

TEST(File, InPiecesIsWrittenWholeOrNotAtAll) {
  test::TempFolder const folder;
  auto const file = folder.path() / "x.txt";
  {
    auto writer = FileWriter::create(file);
    ASSERT_TRUE(writer);
    writer->add("never committed");
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));

  // Lines of all lengths, one of them longer than what is read at once, the last one without its end.
  std::string text;
  auto writer = FileWriter::create(file);
  ASSERT_TRUE(writer);
  for (std::size_t i = 0; i < 3000; ++i) {
    auto const line = std::string(i == 1500 ? std::size_t{3} << 20 : i % 997, 'x') + (i == 2999 ? "" : "\n");
    writer->add(line);
    text += line;
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(read_file(file), text);
  std::string back;
  std::size_t pieces = 0;
  ASSERT_TRUE(read_lines(file, [&](std::string_view lines) {
    EXPECT_TRUE(back.empty() || back.back() == '\n');
    back += lines;
    ++pieces;
    return Status{};
  }));
  EXPECT_EQ(back, text);
  EXPECT_GT(pieces, 1U);
  EXPECT_EQ(read_lines(file, [](auto) { return fail(ErrorClass::stopped, "enough"); }).error().what,
            "enough");
  EXPECT_FALSE(read_lines(folder.path() / "none", [](auto) { return Status{}; }));
}

TEST(Json, WrittenAsTextIsTheCanonicalForm) {
  for (std::string const text : {"", "plain", "a \"quote\"", "back\\slash", "line\nbreak\t", "\x01\x1f\x7f",
                                 "caf\xC3\xA9", "\xF0\x9F\x98\x80", "bad \xFF byte"}) {
    std::string out = "before ";
    append_json(out, text);
    EXPECT_EQ(out, "before " + canonical(nlohmann::json(text)));
  }
  for (double const number : {0.0, -0.0, 1.0, -1.0, 0.5, 1.0 / 3, 1e300, 123456789.0, 0.1}) {
    std::string out;
    append_json(out, number);
    EXPECT_EQ(out, nlohmann::json(number).dump());
  }
}

TEST(Json, TheFastReaderTakesOnlyWholeObjects) {
  auto const object = scan_object(R"({"a": 1, "b": "x\u00e9", "a": 2})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->size(), 3U);
  EXPECT_EQ(std::string_view(object->at_key("b")), "x\xC3\xA9");
  for (std::string const text :
       {"", "[]", "7", "{", "{} x", R"({"a": })", R"({"a": 1,})", R"({"a": 01})", "{\"a\": \"\xFF\"}",
        R"({"a": "\ud800"})", R"({"a": 123456789012345678901234567890})"})
    EXPECT_FALSE(scan_object(text)) << text;
  EXPECT_FALSE(scan_object("{\"a\":" + std::string(70, '[') + std::string(70, ']') + "}"));
  EXPECT_TRUE(scan_object("{\"a\":" + std::string(50, '[') + std::string(50, ']') + "}"));
  EXPECT_FALSE(scan_object("{\"a\":\"" + std::string(std::size_t{2} << 20, 'x') + "\"}"));
}

}  // namespace
}  // namespace itera
