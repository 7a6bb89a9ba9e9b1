// Labels of generated rows: what the baseline fails is listed, confirmed by a person and signed, before
// scores are trusted.
#include <functional>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The baseline is wrong on one row of ten, the arm on one of twenty.
void write_generated(Workspace const& w, std::size_t rows = 300,
                     std::string const& report = "report using markdown") {
  Spec spec;
  spec.report = report;
  write_recorded(
      w, unplaced(make_rows(rows)), [](auto const& r) { return r.nth % 10 != 0; },
      [](auto const& r) { return r.nth % 20 != 0; }, spec);
  w.edit("x.itera", "origin production", "origin generated from \"the export\"");
}

// Every label of the file is given a word.
void fill(Workspace const& w, std::function<std::string(std::string const& line)> const& word) {
  std::istringstream in(w.read("exp/label-audit.csv"));
  std::string out, line;
  std::getline(in, line);
  out = line + "\n";
  while (std::getline(in, line)) out += (line.back() == ',' ? line + word(line) : line) + "\n";
  w.write("exp/label-audit.csv", out);
}

Json audit_line(Workspace const& w) {
  auto const evidence = data(w);
  for (auto const& line : evidence.at("self_audit"))
    if (line.at("line") == "label-noise audit of generated rows") return line;
  return nullptr;
}

Outcome labels(Workspace const& w, std::vector<std::string> const& more = {}) {
  std::vector<std::string> arguments{"labels", "exp"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return w.itera(arguments);
}

std::string yes(std::string const&) {
  return "yes";
}

TEST(Labels, WhatTheBaselineFailsIsListedWithoutItsText) {
  Workspace w;
  write_generated(w);
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  auto const csv = w.read("exp/label-audit.csv");
  EXPECT_THAT(csv, StartsWith("key,part,baseline_score,tier,label_right\n"));
  std::set<std::string> listed, failed;
  for (auto const& line : json_lines(w.read("exp/rows.jsonl")))
    if (line.at("arm") == "old" && !line.at("passed").get<bool>()) failed.insert(line.at("key"));
  std::istringstream in(csv);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) listed.insert(line.substr(0, line.find(',')));
  EXPECT_EQ(listed, failed);
  EXPECT_GT(failed.size(), 5U);
  EXPECT_THAT(csv, Not(HasSubstr("tok"))) << "no text of a row";
  EXPECT_THAT(csv, Not(HasSubstr(",test,"))) << "test is sealed";
  EXPECT_EQ(entries(w, "dev_pass").front().at("body").at("baseline_fails"), failed.size());
  auto const said = labels(w);
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(
      said.out,
      "experiment router: rows that the baseline fails, in exp/label-audit.csv\n"
      "         listed  right  wrong  blank\n"
      "  dev        16      0      0     16\n"
      "  test        0      0      0      0\n"
      "  not signed\n"
      "next  write yes or no into the column label_right of exp/label-audit.csv, then `itera labels exp "
      "--sign \"name\"`\n");
}

TEST(Labels, SignedBeforeAndAfterTheVerdict) {
  Workspace w;
  write_generated(w);
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  fill(w, yes);
  auto const first = labels(w, {"--sign", "Ada"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("  dev        16     16      0      0\n"));
  EXPECT_THAT(first.out,
              HasSubstr("  signed by Ada, ledger entry 9\nnext  nothing: all labels are signed\n"));
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  EXPECT_EQ(audit_line(w).at("answer"), "no");
  EXPECT_THAT(
      audit_line(w).at("evidence").get<std::string>(),
      HasSubstr("ledger entry 9 (labels_signed): 16 of 23 labels of rows that the baseline fails are signed: "
                "confirm each in label-audit.csv, then `itera labels DIR --sign \"name\"`"));
  EXPECT_THAT(data(w).at("verdict").at("summary").get<std::string>(),
              HasSubstr("label-noise audit of generated rows"));

  auto const json = Json::parse(labels(w, {"--format", "json"}).out);
  EXPECT_EQ(json.at("dev"), Json({{"listed", 16}, {"right", 16}, {"wrong", 0}, {"blank", 0}}));
  EXPECT_EQ(json.at("test"), Json({{"listed", 7}, {"right", 0}, {"wrong", 0}, {"blank", 7}}));
  EXPECT_EQ(json.at("signed"), Json({{"by", "Ada"}, {"entry", 9}, {"current", false}}));

  auto const refused = labels(w, {"--sign", "Ada"});
  EXPECT_EQ(refused.code, 50);
  EXPECT_THAT(refused.err,
              HasSubstr("stopped: 7 of 23 labels are not confirmed: lines 18, 19, 20, 21, 22, 23 and 24 of "
                        "exp/label-audit.csv have no word in the column label_right"));
  EXPECT_THAT(refused.err, HasSubstr("yes if its expected answer is right, no if it is wrong"));

  auto const before = data(w);
  fill(w, yes);
  EXPECT_EQ(labels(w, {"--sign", "Ada"}).code, 0);
  auto after = data(w);
  EXPECT_EQ(audit_line(w).at("answer"), "yes");
  EXPECT_THAT(
      audit_line(w).at("evidence").get<std::string>(),
      HasSubstr("(labels_signed): all 23 labels of rows that the baseline fails are right, signed by Ada"));
  EXPECT_THAT(after.at("verdict").at("summary").get<std::string>(),
              Not(HasSubstr("label-noise audit of generated rows")));
  EXPECT_EQ(after.at("ledger").back().at("kind"), "labels_signed");
  EXPECT_EQ(after.at("digests").at("ledger"), after.at("ledger").back().at("digest"));
  EXPECT_EQ(after.at("verdict").at("outcome"), before.at("verdict").at("outcome"));
  for (auto const* part : {"arm_verdicts", "effect_sizes", "dev", "rule"})
    EXPECT_EQ(after.at(part), before.at(part));
  EXPECT_THAT(w.read("exp/conclusion.md"), HasSubstr("| label-noise audit of generated rows | yes |"));
  EXPECT_THAT(w.itera({"status", "exp"}).out,
              HasSubstr("the labels of 23 rows that the baseline fails are signed by Ada"));
}

TEST(Labels, AFileThatDoesNotFitIsNotSigned) {
  Workspace w;
  write_generated(w);
  EXPECT_EQ(labels(w).code, 2);
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  fill(w, yes);
  auto const whole = w.read("exp/label-audit.csv");
  struct Case {
    std::string csv, says;
    int code;
  };
  auto const last = whole.substr(whole.rfind('\n', whole.size() - 2) + 1);
  auto const all_but_last = whole.substr(0, whole.size() - last.size());
  auto const key = last.substr(0, last.find(','));
  auto replaced = [&](std::string const& from, std::string const& to) {
    auto out = whole;
    return out.replace(out.find(from), from.size(), to);
  };
  for (auto const& c : std::vector<Case>{
           {all_but_last,
            "exp/label-audit.csv has no line for `" + key + "` of dev, which the baseline fails", 50},
           {whole + "k9999,dev,0,ent,yes\n", "row `k9999` of dev is none that the baseline fails", 50},
           {whole + last, "row `" + key + "` of dev stands here twice", 2},
           {replaced(",yes\n", ",maybe\n"), "exp/label-audit.csv:2: `maybe` in column `label_right`", 2},
           {replaced("label_right", "ok"), "exp/label-audit.csv:1: not a table of labels", 2},
           {replaced(",ent,", ","), "4 columns, where the first line has 5", 2}}) {
    w.write("exp/label-audit.csv", c.csv);
    auto const outcome = labels(w, {"--sign", "Ada"});
    EXPECT_EQ(outcome.code, c.code) << c.says << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(c.says));
  }
  EXPECT_TRUE(entries(w, "labels_signed").empty());
  // As a spreadsheet may save it.
  auto saved = std::string("\xef\xbb\xbf");
  for (char const x : whole) saved += x == '\n' ? "\r\n" : std::string(1, x);
  w.write("exp/label-audit.csv", saved);
  EXPECT_EQ(labels(w, {"--sign", " "}).code, 2);
  EXPECT_EQ(labels(w, {"--sign", "Ada"}).code, 0);
  EXPECT_EQ(labels(w, {"--sign", "Ada"}).code, 0);
  EXPECT_EQ(entries(w, "labels_signed").size(), 1U) << "said once";
  w.remove("exp/label-audit.csv");
  EXPECT_THAT(labels(w).out, HasSubstr("the file was gone and was written anew, without a label\n"));
}

TEST(Labels, OfRowsFromProductionAreNotAudited) {
  Workspace w;
  write_generated(w);
  w.edit("x.itera", "origin generated from \"the export\"", "origin production");
  run(w);
  EXPECT_FALSE(w.has("exp/label-audit.csv"));
  EXPECT_EQ(audit_line(w).at("answer"), "not applicable");
  auto const outcome = labels(w);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("the rows of experiment `router` come from production: labels are audited where rows "
                        "are generated"));
}

// The generator wrote a wrong answer into one row of ten. The baseline, which answers rightly, seems to fail
// there, and an arm that repeats the generator's mistake seems to be a great gain.
TEST(AGeneratorsMistake, MadeTheFailuresAndDoesNotReachTest) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(400)), [](auto const& r) { return r.nth % 10 != 0; },
      [](auto const&) { return true; });
  w.edit("x.itera", "origin production", "origin generated from \"the export\"");
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  fill(w, [](auto const&) { return "no"; });
  ASSERT_EQ(labels(w, {"--sign", "Grace Hopper"}).code, 0);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50);
  EXPECT_THAT(outcome.err,
              HasSubstr("stopped: 19 of 200 dev rows have labels that Grace Hopper signed as wrong, which is "
                        "more than 2%: scores against such labels show nothing, so test stays sealed\n"));
  EXPECT_THAT(outcome.err,
              HasSubstr("mend the generator, make fresh rows and begin a new experiment with them"));
  EXPECT_TRUE(entries(w, "unsealed").empty());
}

// The same, but nobody looks: the verdict ships, and says that it cannot be trusted.
TEST(AGeneratorsMistake, IsAnOpenLineOfTheAuditWhereNobodyLooked) {
  Workspace w;
  write_recorded(
      w, unplaced(make_rows(400)), [](auto const& r) { return r.nth % 10 != 0; },
      [](auto const&) { return true; });
  w.edit("x.itera", "origin production", "origin generated from \"the export\"");
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.err;
  EXPECT_EQ(audit_line(w).at("answer"), "no");
  EXPECT_THAT(audit_line(w).at("evidence").get<std::string>(),
              HasSubstr("labels of rows that the baseline fails is signed: confirm each in label-audit.csv"));
  EXPECT_THAT(outcome.out + w.read("exp/conclusion.md"),
              HasSubstr("says no to \"label-noise audit of generated rows\""));
  fill(w, [](auto const&) { return "no"; });
  ASSERT_EQ(labels(w, {"--sign", "Grace Hopper"}).code, 0);
  EXPECT_EQ(audit_line(w).at("answer"), "no");
  EXPECT_THAT(audit_line(w).at("evidence").get<std::string>(),
              HasSubstr("labels of rows that the baseline fails are wrong, signed by Grace Hopper"));
}

}  // namespace
}  // namespace itera::test
