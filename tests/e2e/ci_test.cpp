// The scripts of docs/ci.md, as they stand there, with the real program and with a `gh` that writes down what
// it is asked for.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// The script of the step `name`: the lines that are indented deeper than its `run: |`.
std::string step(std::string const& name) {
  std::ifstream in(ITERA_SOURCE_DIR "/docs/ci.md");
  std::string out;
  bool found = false;
  std::size_t indent = 0;
  for (std::string line; std::getline(in, line);) {
    auto const begin = line.find_first_not_of(' ');
    if (indent > 0 && (begin == std::string::npos || begin < indent)) break;
    if (indent > 0) out += line.substr(indent) + "\n";
    if (line.find("- name: " + name) != std::string::npos) found = true;
    if (found && indent == 0 && line.ends_with("run: |")) indent = begin + 2;
  }
  EXPECT_FALSE(out.empty()) << "no step " << name;
  return out;
}

std::string gitlab_script() {
  std::ifstream in(ITERA_SOURCE_DIR "/docs/ci.md");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("    - itera run")) return line.substr(6) + "\n";
  ADD_FAILURE() << "no script for GitLab";
  return {};
}

constexpr auto kGh = R"(#!/bin/sh
printf '%s\n' "$*" >> gh.log
case "$*" in *--paginate*) cat ids 2>/dev/null; exit 0;; esac
)";

class Ci : public ::testing::Test {
 protected:
  void SetUp() override {
    spec.clauses += "\n  report using github { spec = \"x.itera\" }\n  report using junit";
    auto const bin = std::filesystem::path(itera_command({}).front()).parent_path().string();
    w.write("bin/gh", kGh);
    std::filesystem::permissions(w.at("bin/gh"), std::filesystem::perms::owner_all);
    head = "export PATH='" + w.at("bin").string() + ":" + bin +
           ":'\"$PATH\" SPEC=x.itera PR=7 GITHUB_REPOSITORY=team/router GITHUB_STEP_SUMMARY=summary "
           "GITHUB_OUTPUT=outputs\n";
  }

  void write(Right const& new_right) {
    write_recorded(
        w, unplaced(make_rows(600)), [](auto const& r) { return r.nth % 10 < 6; }, new_right, spec);
  }

  Outcome bash(std::string const& script) {
    w.write("script", head + script);
    ::itera::test::Outcome out;
    {
      Child child({"/bin/bash", "-e", "script"}, w.path(), w.path().string() + ".o",
                  w.path().string() + ".e");
      out.code = child.wait();
    }
    auto const slurp = [](std::string const& file) {
      std::ifstream in(file);
      std::ostringstream text;
      text << in.rdbuf();
      std::filesystem::remove(file);
      return text.str();
    };
    out.out = slurp(w.path().string() + ".o");
    out.err = slurp(w.path().string() + ".e");
    return out;
  }

  Workspace w;
  Spec spec;
  std::string head;
};

TEST_F(Ci, AVerdictReachesTheWorkflow) {
  write([](auto const& r) { return r.nth % 10 < 8; });
  auto const decided = bash(step("decide"));
  EXPECT_EQ(decided.code, 0) << decided.err;
  expect_contains(w.read("summary"), "## router: ship\n");
  expect_contains(w.read("outputs"), "outcome=ship\nexit_code=0\n");
  expect_contains(decided.out, "::notice file=x.itera,title=router%3A ship::`new` ships: ");
  EXPECT_EQ(w.read("summary"), w.read("itera-out/github/summary.md"));

  EXPECT_EQ(bash(step("comment")).code, 0);
  expect_contains(w.read("gh.log"), "pr comment 7 --body-file itera-out/github/comment.md");
  w.remove("gh.log");
  w.write("ids", "41\n42\n");
  EXPECT_EQ(bash(step("comment")).code, 0);
  expect_contains(w.read("gh.log"), R"(startswith("<!-- itera experiment router -->"))");
  expect_contains(w.read("gh.log"),
                  "api -X PATCH repos/team/router/issues/comments/41 -F body=@itera-out/github/comment.md\n");
}

TEST_F(Ci, AKillFailsTheJobAndIsReportedAllTheSame) {
  write([](auto const& r) { return r.nth % 10 < 5; });
  auto const decided = bash(step("decide"));
  EXPECT_EQ(decided.code, 20) << decided.err;
  expect_contains(w.read("outputs"), "outcome=kill\nexit_code=20\n");
  expect_contains(decided.out, "::error file=x.itera,title=router%3A kill::");
}

TEST_F(Ci, ASpecWithAMistakeFailsTheJobWithoutAReport) {
  write([](auto const& r) { return r.nth % 10 < 8; });
  w.edit("x.itera", "using exact", "using exactt");
  EXPECT_EQ(bash(step("decide")).code, 2);
  EXPECT_FALSE(w.has("summary"));
  EXPECT_EQ(bash(step("comment")).code, 0);
  EXPECT_FALSE(w.has("gh.log"));
}

TEST_F(Ci, SpecsAndRecordsAreCheckedAtEveryPush) {
  write([](auto const& r) { return r.nth % 10 < 5; });
  ASSERT_EQ(w.itera({"run", "x.itera", "--out", "docs/experiments/2026-11-02-router"}).code, 20);
  std::filesystem::create_directories(w.at("experiments"));
  for (auto const* file : {"x.itera", "rows.csv", "old.jsonl", "new.jsonl"})
    w.copy(file, "experiments/" + std::string(file));
  EXPECT_EQ(bash(step("specs")).code, 0);
  EXPECT_EQ(bash(step("records")).code, 0) << "a record of a kill is a good record";
  w.edit("experiments/x.itera", "using exact", "using exactt");
  EXPECT_NE(bash(step("specs")).code, 0);
  w.write("docs/experiments/2026-11-02-router/data.json", "{}");
  EXPECT_NE(bash(step("records")).code, 0) << "a broken record is not";
}

TEST_F(Ci, GitLabGetsTheJunitFile) {
  write([](auto const& r) { return r.nth % 10 < 8; });
  EXPECT_EQ(bash(gitlab_script()).code, 0);
  expect_contains(w.read("itera-out/junit.xml"), R"(<testsuite name="router.new" tests=)");
  expect_contains(w.read("itera-out/junit.xml"), R"(errors="0")");
}

}  // namespace
}  // namespace itera::test
