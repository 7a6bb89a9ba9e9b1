// `itera fmt`: what it rewrites, what it says, and what it leaves alone.
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

namespace fs = std::filesystem;

constexpr auto kUntidy =
    "// why\nexperiment e {\n  question \"q\"\n  hypothesis \"h\" // because\n  trials   3\n}\n";
constexpr auto kTidy =
    "// why\nexperiment e {\n  question    \"q\"\n  hypothesis  \"h\"                            // because\n"
    "  trials 3\n}\n";
constexpr auto kBroken = "experiment e {\n  question = = \"q\"\n  trials     3\n}\n";

// Runs `itera fmt ...` with a file as standard input.
Outcome piped(Workspace const& w, std::string const& input, std::string const& arguments) {
  auto const command = itera_command({}).front() + " fmt " + arguments + " < " + w.at(input).string();
  Outcome outcome;
  Child child({"/bin/sh", "-c", command}, w.path(), w.at("stdout"), w.at("stderr"));
  outcome.code = child.wait();
  outcome.out = w.read("stdout");
  outcome.err = w.read("stderr");
  return outcome;
}

TEST(Fmt, RewritesWhatDiffersAndNamesIt) {
  Workspace w;
  w.write("a.itera", kUntidy);
  w.write("b.itera", kTidy);
  auto const outcome = w.itera({"fmt", "a.itera", "b.itera"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "a.itera\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(w.read("a.itera"), kTidy);
  EXPECT_EQ(w.read("b.itera"), kTidy);
  EXPECT_EQ(w.itera({"fmt", "a.itera", "b.itera"}).out, "");
}

TEST(Fmt, AFileThatHasTheLayoutIsNotTouched) {
  Workspace w;
  w.write("b.itera", kTidy);
  auto const before = fs::last_write_time(w.at("b.itera")) - std::chrono::hours(1);
  fs::last_write_time(w.at("b.itera"), before);
  EXPECT_EQ(w.itera({"fmt", "b.itera"}).code, 0);
  EXPECT_EQ(fs::last_write_time(w.at("b.itera")), before);
}

TEST(Fmt, KeepsPermissionsAndFollowsLinks) {
  Workspace w;
  w.write("folder/a.itera", kUntidy);
  auto const mode =
      fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  fs::permissions(w.at("folder/a.itera"), mode);
  fs::create_symlink("folder/a.itera", w.at("link.itera"));
  EXPECT_EQ(w.itera({"fmt", "link.itera"}).code, 0);
  EXPECT_TRUE(fs::is_symlink(w.at("link.itera")));
  EXPECT_EQ(w.read("folder/a.itera"), kTidy);
  EXPECT_EQ(fs::status(w.at("folder/a.itera")).permissions(), mode);
}

TEST(Fmt, CheckChangesNothingAndShowsTheFirstLineThatDiffers) {
  Workspace w;
  w.write("a.itera", kUntidy);
  w.write("b.itera", kTidy);
  w.write("c.itera", "experiment e {\r\n\ttrials 3  \r\n}\r\n");
  w.write("d.itera", "experiment e {\n\ttrials 3  \n}\n");
  w.write("e.itera", "experiment e { }");
  w.write("f.itera", "experiment e { }\n\n");
  w.write("g.itera",
          "\xEF\xBB\xBF"
          "experiment e { }\n");
  auto const outcome = w.itera(
      {"fmt", "--check", "a.itera", "b.itera", "c.itera", "d.itera", "e.itera", "f.itera", "g.itera"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out,
            "a.itera:3: not in the layout of `itera fmt`\n"
            "  -   question \"q\"\n"
            "  +   question    \"q\"\n"
            "c.itera:1: not in the layout of `itera fmt`\n"
            "  - experiment e {\\r\n"
            "  + experiment e {\n"
            "d.itera:2: not in the layout of `itera fmt`\n"
            "  - \\ttrials 3␣␣\n"
            "  +   trials 3\n"
            "e.itera:1: not in the layout of `itera fmt`\n"
            "  - experiment e { }  (no line break)\n"
            "  + experiment e { }\n"
            "f.itera:2: not in the layout of `itera fmt`\n"
            "  - \n"
            "  + (no line)\n"
            "g.itera:1: not in the layout of `itera fmt`\n"
            "  - \\u{FEFF}experiment e { }\n"
            "  + experiment e { }\n");
  EXPECT_EQ(w.read("a.itera"), kUntidy);
  EXPECT_EQ(w.itera({"fmt", "--check", "b.itera"}).code, 0);
}

TEST(Fmt, AMistakeOfSyntaxIsShownAndTheFileLeftAlone) {
  Workspace w;
  w.write("broken.itera", kBroken);
  w.write("a.itera", kUntidy);
  for (auto const* option : {"--check", "--verbose"}) {
    auto const outcome = w.itera({"fmt", "broken.itera", "a.itera", option});
    EXPECT_EQ(outcome.code, 2) << option;
    EXPECT_EQ(outcome.err,
              "error[E101]: expected another word, `{` or end of line, found `=`\n"
              " --> broken.itera:2:12\n"
              "  |\n"
              "2 |   question = = \"q\"\n"
              "  |            ^\n"
              "  = help: a setting is written `name = value`\n"
              "\n"
              "broken.itera: 1 error\n");
    EXPECT_EQ(w.read("broken.itera"), kBroken);
  }
  EXPECT_EQ(w.read("a.itera"), kTidy) << "the others are formatted all the same";
}

TEST(Fmt, AMistakeOfMeaningDoesNotMatter) {
  Workspace w;
  w.write("a.itera", "experiment e {\nmetric   accuracy using nothing\n}\n");
  EXPECT_EQ(w.itera({"fmt", "a.itera"}).code, 0);
  EXPECT_EQ(w.read("a.itera"), "experiment e {\n  metric accuracy using nothing\n}\n");
}

TEST(Fmt, StandardInputGoesToStandardOutput) {
  Workspace w;
  w.write("a.itera", kUntidy);
  w.write("b.itera", kTidy);
  w.write("broken.itera", kBroken);
  auto const outcome = piped(w, "a.itera", "-");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, kTidy);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(piped(w, "b.itera", "-").out, kTidy);

  auto const checked = piped(w, "a.itera", "--check -");
  EXPECT_EQ(checked.code, 1);
  EXPECT_TRUE(checked.out.starts_with("<stdin>:3: not in the layout of `itera fmt`\n")) << checked.out;
  EXPECT_EQ(piped(w, "b.itera", "--check -").out, "");

  auto const broken = piped(w, "broken.itera", "-");
  EXPECT_EQ(broken.code, 2);
  EXPECT_EQ(broken.out, "");
  EXPECT_NE(broken.err.find("--> <stdin>:2:12\n"), std::string::npos) << broken.err;

  auto const both = w.itera({"fmt", "-", "a.itera"});
  EXPECT_EQ(both.code, 2);
  EXPECT_EQ(both.err,
            "error: `-` stands for standard input and stands alone\n"
            "  = help: format files and standard input one after the other\n");
}

TEST(Fmt, WhatIsNoFileIsRefused) {
  Workspace w;
  fs::create_directory(w.at("specs"));
  auto const folder = w.itera({"fmt", "specs"});
  EXPECT_EQ(folder.code, 2);
  EXPECT_EQ(folder.err,
            "error: specs is a folder\n  = help: name the files in it: `itera fmt specs/*.itera`\n");
  auto const device = w.itera({"fmt", "/dev/null"});
  EXPECT_EQ(device.code, 2);
  EXPECT_EQ(device.err,
            "error: /dev/null is no file that could be rewritten\n"
            "  = help: give its text on standard input: `itera fmt -`\n");
  auto const missing = w.itera({"fmt", "nowhere.itera"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(missing.err, "error: cannot read nowhere.itera: No such file or directory\n");
  EXPECT_EQ(w.itera({"fmt"}).code, 2);
  w.write("large.itera", std::string(5'000'000, '\n'));
  auto const large = w.itera({"fmt", "large.itera"});
  EXPECT_EQ(large.code, 2);
  EXPECT_NE(large.err.find("E107"), std::string::npos) << large.err;
}

TEST(Fmt, AFileThatCannotBeWrittenIsAFailure) {
  Workspace w;
  w.write("a.itera", kUntidy);
  fs::create_directory(w.at("a.itera.part"));  // where the new text would be written first
  auto const outcome = w.itera({"fmt", "a.itera"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "error: cannot write " + w.at("a.itera.part").string() + ": Is a directory\n");
  EXPECT_EQ(w.read("a.itera"), kUntidy);
}

TEST(Fmt, InJson) {
  Workspace w;
  w.write("a.itera", kUntidy);
  w.write("b.itera", kTidy);
  w.write("broken.itera", kBroken);
  auto const checked = w.itera({"fmt", "--check", "a.itera", "b.itera", "--format", "json"});
  EXPECT_EQ(checked.code, 1);
  EXPECT_EQ(checked.err, "");
  EXPECT_EQ(Json::parse(checked.out), Json::parse(R"({"ok": false, "files": [
              {"file": "a.itera", "status": "differs", "line": 3, "diagnostics": []},
              {"file": "b.itera", "status": "same", "diagnostics": []}]})"));

  auto const written = w.itera({"fmt", "--format", "json", "a.itera", "broken.itera", "none.itera"});
  EXPECT_EQ(written.code, 2);
  EXPECT_EQ(written.err, "");
  EXPECT_EQ(w.read("a.itera"), kTidy);
  auto const json = Json::parse(written.out);
  EXPECT_EQ(json.at("ok"), false);
  EXPECT_EQ(json.at("files").at(0).at("status"), "changed");
  EXPECT_EQ(json.at("files").at(1).at("status"), "refused");
  EXPECT_EQ(json.at("files").at(1).at("diagnostics").at(0).at("code"), "E101");
  EXPECT_EQ(json.at("files").at(2).at("status"), "failed");
  EXPECT_EQ(json.at("files").at(2).at("error").at("message"),
            "cannot read none.itera: No such file or directory");

  auto const input = Json::parse(piped(w, "a.itera", "--format json -").out);
  EXPECT_EQ(input.at("ok"), true);
  EXPECT_EQ(input.at("files").at(0).at("text"), kTidy);
}

}  // namespace
}  // namespace itera::test
