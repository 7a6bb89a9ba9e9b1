// Same spec, data and seed: the same bytes, whatever the number of calls at once and the order of rows and
// replies.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

std::vector<Row> shuffled(std::vector<Row> rows) {
  std::reverse(rows.begin(), rows.end());
  std::rotate(rows.begin(), rows.begin() + 77, rows.end());
  for (std::size_t i = 0; i + 5 < rows.size(); i += 3) std::swap(rows[i], rows[i + 5]);
  return rows;
}

void expect_same(std::map<std::string, std::string> const& one,
                 std::map<std::string, std::string> const& other) {
  ASSERT_EQ(one.size(), other.size());
  for (auto const& [file, text] : one) {
    EXPECT_FALSE(text.empty()) << file;
    EXPECT_EQ(text, other.at(file)) << file;
  }
}

void write_programs(Workspace const& w, std::vector<Row> const& rows) {
  Spec spec;
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }\n" +
              "  arm steady from old \"other words\" { deterministic  " + program("steady.py") + " }";
  w.write("rows.csv", csv(rows));
  w.write("old.py", python_arm(noisy_on(500)));
  w.write("new.py", python_arm(noisy_on(800)));
  w.write("steady.py", python_arm(right_on(560)));
  w.write("x.itera", spec.text());
}

TEST(Determinism, ProgramsGiveTheSameRecordsWithOneWorkerAndWithEight) {
  Workspace one, eight;
  write_programs(one, make_rows(250));
  write_programs(eight, make_rows(250));
  auto const outcome = run(one, {"--workers", "1"});
  ASSERT_EQ(run(eight, {"--workers", "8"}).code, outcome.code) << outcome.err;
  ASSERT_TRUE(one.has("exp/data.json")) << outcome.err;
  expect_same(records(one), records(eight));
}

TEST(Determinism, ProgramsGiveTheSameRecordsForRowsInAnotherOrder) {
  Workspace one, other;
  write_programs(one, make_rows(250));
  write_programs(other, shuffled(make_rows(250)));
  auto const outcome = run(one, {"--workers", "3"});
  ASSERT_EQ(run(other, {"--workers", "5"}).code, outcome.code) << outcome.err;
  expect_same(records(one), records(other));
}

TEST(Determinism, RecordedOutputsGiveTheSameRecordsForRowsInAnotherOrder) {
  auto const rows = unplaced(make_rows(600));
  Workspace one, other;
  for (auto const* w : {&one, &other})
    write_recorded(
        *w, rows, [](auto const& r) { return r.nth % 5 != 0; }, [](auto const& r) { return r.nth % 7 != 0; });
  other.write("rows.csv", csv(shuffled(make_rows(600))));
  auto const outcome = run(one, {"--workers", "1"});
  ASSERT_EQ(run(other, {"--workers", "8"}).code, outcome.code) << outcome.err;
  expect_same(records(one), records(other));
}

TEST(Determinism, EntitiesAndCapsDoNotDependOnTheOrderOfRowsEither) {
  auto const customers = [](std::vector<Row> const& rows) {
    auto out = std::string("id,text,tier,answer,customer\n");
    for (auto const& row : rows)
      out +=
          row.key + "," + row.text + "," + row.tier + "," + row.answer + ",c" + row.key.substr(1, 3) + "\n";
    return out;
  };
  Spec spec;
  spec.row += "  entity customer";
  Workspace one, other;
  for (auto const* w : {&one, &other}) {
    auto const rows = make_rows(600);
    w->write("old.jsonl",
             recording(rows, 3, [](auto const& r, auto) { return r.key.back() < '6' ? r.answer : "wrong"; }));
    w->write("new.jsonl",
             recording(rows, 3, [](auto const& r, auto) { return r.key.back() < '8' ? r.answer : "wrong"; }));
    w->write("x.itera", spec.text());
  }
  one.write("rows.csv", customers(make_rows(600)));
  other.write("rows.csv", customers(shuffled(make_rows(600))));
  auto const outcome = run(one);
  ASSERT_EQ(run(other).code, outcome.code) << outcome.err;
  ASSERT_TRUE(one.has("exp/data.json")) << outcome.err;
  EXPECT_EQ(entries(one, "split").front().at("body").at("over_cap"), 420)
      << "three of ten rows of a customer are kept";
  expect_same(records(one), records(other));
}

TEST(Determinism, AnotherSeedIsAnotherSplit) {
  Workspace one, other;
  auto const rows = unplaced(make_rows(200));
  Spec spec;
  write_recorded(
      one, rows, [](auto const& r) { return r.nth % 5 != 0; }, [](auto const& r) { return r.nth % 7 != 0; },
      spec);
  spec.split = "seed 7";
  write_recorded(
      other, rows, [](auto const& r) { return r.nth % 5 != 0; }, [](auto const& r) { return r.nth % 7 != 0; },
      spec);
  run(one);
  run(other);
  EXPECT_NE(entries(one, "sealed").front().at("body").at("digest"),
            entries(other, "sealed").front().at("body").at("digest"));
}

}  // namespace
}  // namespace itera::test
