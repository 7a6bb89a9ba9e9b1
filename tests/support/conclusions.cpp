#include "tests/support/conclusions.hpp"

#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

bool on(Row const& row, unsigned trial, unsigned salt, unsigned per_cent) {
  auto const number = static_cast<unsigned>(std::stoi(row.key.substr(1)));
  return (number * 37 + trial * 11 + salt * 17 + number / 7) % 100 < per_cent;
}

// The rules for tiers differ, and so do trials; `other` is cheaper than what is deployed.
void write_narrowly(Workspace const& w, Spec spec) {
  spec.baseline = R"(using recorded { ref "rules.py:1"  path = "old.jsonl" })";
  spec.arms = R"(arm new from old "more words" { path = "new.jsonl" })";
  spec.arms += "\n  arm other from new \"other words\" { path = \"other.jsonl\" }";
  auto const rows = make_rows(600);
  auto const recorded = [&](unsigned salt, unsigned ent, unsigned smb, double cost) {
    std::string out;
    for (auto const& row : rows) {
      Json outputs = Json::array();
      for (unsigned trial = 0; trial < 3; ++trial)
        outputs.push_back(on(row, trial, salt, row.tier == "ent" ? ent : smb) ? row.answer : "wrong");
      out += Json{{"key", row.key}, {"outputs", outputs}, {"cost_usd", cost}}.dump() + "\n";
    }
    return out;
  };
  w.write("rows.csv", csv(rows));
  w.write("old.jsonl", recorded(0, 58, 58, .0005));
  w.write("new.jsonl", recorded(1, 92, 40, .001));
  w.write("other.jsonl", recorded(2, 90, 42, .0004));
  w.write("x.itera", spec.text());
}

void write_simple(Workspace const& w, Spec const& spec, unsigned better) {
  write_recorded(
      w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [=](auto const& r) { return r.nth % 100 < better; }, spec);
}

// The arm has no output for the first `n` rows of test.
void drop_outputs(Workspace const& w, std::vector<Placed> const& rows, std::size_t n) {
  std::set<std::string> dropped;
  for (auto const& row : rows)
    if (row.part == "test" && dropped.size() < n) dropped.insert(row.row.key);
  std::string kept;
  for (auto const& line : json_lines(w.read("new.jsonl")))
    if (!dropped.contains(line.at("key").get<std::string>())) kept += line.dump() + "\n";
  w.write("new.jsonl", kept);
}

}  // namespace

std::vector<std::string> const& ends() {
  static std::vector<std::string> const all{"narrowly", "categories", "inconclusive", "clauses",
                                            "programs", "broken",     "closed"};
  return all;
}

Outcome conclude(Workspace const& w, std::string const& end, std::string const& report) {
  Spec spec;
  spec.clauses += "\n  " + report;
  if (end == "narrowly") {
    write_narrowly(w, spec);
  } else if (end == "categories") {
    spec.uses = "use prefix from \"team/judge_prefix.so\"";
    spec.metric = "start using prefix { length = 1 }\n  also second using prefix { length = 2 }";
    spec.rule += " and second >= -50% by interval";
    spec.clauses =
        "failure wrong_start  weight 1  \"begins with another letter\"\n"
        "  failure empty  weight 3  \"says nothing\"\n  " +
        report;
    std::filesystem::create_directories(w.at("team"));
    std::filesystem::copy_file(ITERA_TEAM_JUDGE, w.at("team/judge_prefix.so"));
    write_simple(w, spec, 80);
  } else if (end == "inconclusive") {
    write_simple(w, spec, 57);
  } else if (end == "clauses") {
    spec.rule = "effect >= 10% and every tier >= -50% and cost <= +60%";
    spec.arms += "\n  control bigger from old \"a larger model\" { deterministic  path = \"bigger.jsonl\" }";
    write_simple(w, spec, 52);
    w.write("bigger.jsonl", w.read("new.jsonl"));
    write_simple(w, spec, 80);
  } else if (end == "programs") {
    spec.baseline = "using process { ref \"rules.py:1\"  deterministic  " + program("old.py") + " }";
    spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
    w.write("rows.csv", csv(make_rows(100)));
    w.write("old.py", python_arm(right_on(500)));
    w.write("new.py", python_arm(noisy_on(800)));
    w.write("x.itera", spec.text());
  } else if (end == "broken") {
    auto const rows = placed(make_rows(200));
    write_recorded(
        w, rows, [](auto const& r) { return r.nth % 10 < 5; }, [](auto const& r) { return r.nth % 10 < 8; },
        spec);
    drop_outputs(w, rows, 3);
  } else if (end == "closed") {
    write_simple(w, spec, 80);
    EXPECT_EQ(run(w, {"--until", "dev"}).code, 0);
    w.remove("exp/state/test.sealed");
  } else {
    throw std::runtime_error("no end " + end);
  }
  auto outcome = run(w);
  EXPECT_TRUE(w.has("exp/conclusion.md")) << outcome.err;
  return outcome;
}

nlohmann::json charts_report() {
  return {
      {"name", "charts"},
      {"settings", {{"formats", {"svg", "png"}}, {"kinds", {"arm-bar", "forest-plot", "cost-vs-accuracy"}}}}};
}

}  // namespace itera::test
