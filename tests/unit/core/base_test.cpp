#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
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

}  // namespace
}  // namespace itera
