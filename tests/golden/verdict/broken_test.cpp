// Files that cannot be judged: each is refused with the place of the mistake. And no file at all brings the
// reader, the rule or the lint down.
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/report/imported.hpp"
#include "core/report/reread_text.hpp"
#include "core/verdict/lint.hpp"
#include "core/verdict/reread.hpp"
#include "dsl/check/data_rule.hpp"
#include "dsl/grammar/parse.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;

std::string text_of(std::string const& name) {
  std::ifstream in(std::string(ITERA_GOLDENS) + "/" + name);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Break {
  std::string at, value;  ///< JSON pointer, and the JSON that is put there
  std::string said;       ///< "path: what (help)"
};

std::string said(Misread const& m) {
  return fmt::format("{}: {}{}", m.path, m.what, m.help.empty() ? "" : fmt::format(" ({})", m.help));
}

TEST(BrokenData, EachMistakeIsRefusedAtItsPlace) {
  std::vector<Break> const table{
      {"", "[]", ": expected an object, found a list"},
      {"", "3", ": expected an object, found a number"},
      {"/arms", "null", "/arms: a baseline and at least one arm are needed (the first arm is the baseline)"},
      {"/arms", R"([{"id": "a"}])",
       "/arms: a baseline and at least one arm are needed (the first arm is the baseline)"},
      {"/arms", R"({"a": 1})", "/arms: expected a list, found an object"},
      {"/arms/1", "\"v2\"", "/arms/1: expected an object, found a text"},
      {"/arms/1/id", "7", "/arms/1/id: expected a text, found a number"},
      {"/arms/1/id", "\"\"",
       "/arms/1/id: an id is missing (ids are what the other parts of the file refer to)"},
      {"/arms/1/id", "\"v3\"", "/arms/2/id: the id `v3` is used twice"},
      {"/arms/1/cost_per_1k_usd", "-1", "/arms/1/cost_per_1k_usd: -1 is not an amount of zero or more"},
      {"/experiment/threshold_pct", "\"5\"", "/experiment/threshold_pct: expected a number, found a text"},
      {"/experiment/threshold_pct", "5000",
       "/experiment/threshold_pct: 5000 is not a threshold from -100 to 1000"},
      {"/experiment/test_set_n", "-3", "/experiment/test_set_n: -3 is not a count"},
      {"/experiment/name", "[]", "/experiment/name: expected a text, found a list"},
      {"/slices/0/id", "\"smb\"", "/slices/1/id: the id `smb` is used twice"},
      {"/failure_modes/categories/0/severity_weight", "0",
       "/failure_modes/categories/0/severity_weight: 0 is not a weight above 0 and at most 1000000"},
      {"/failure_modes/categories/0/severity_weight", "null",
       "/failure_modes/categories/0/severity_weight: a category has no weight (which category is the most "
       "severe decides)"},
      {"/failure_modes/test_set_counts/v2/wrong_kode", "2",
       "/failure_modes/test_set_counts/v2/wrong_kode: the file declares no failure category `wrong_kode` "
       "(did "
       "you mean `wrong_code`?)"},
      {"/failure_modes/test_set_counts/v2/wrong_code", "-1",
       "/failure_modes/test_set_counts/v2/wrong_code: -1 is not a count"},
      {"/severity/test_set_weighted_accuracy/v2", "1.2",
       "/severity/test_set_weighted_accuracy/v2: 1.2 is not a fraction from 0 to 1"},
      {"/test_set_aggregate/v2", "70.6", "/test_set_aggregate/v2: 70.6 is not a fraction from 0 to 1"},
      {"/test_set_aggregate/v9", "0.5",
       "/test_set_aggregate/v9: the file declares no arm `v9` (did you mean `v2`?)"},
      {"/test_set_per_slice/v2/tiny", "0.5",
       "/test_set_per_slice/v2/tiny: the file declares no slice `tiny`"},
      {"/variance_trials/v2/1", "true", "/variance_trials/v2/1: expected a number, found true or false"},
      {"/effect_sizes/v9", "{}", "/effect_sizes/v9: the file declares no arm `v9` (did you mean `v2`?)"},
      {"/effect_sizes/baseline", "{}",
       "/effect_sizes/baseline: the baseline has no effect (effects are against the baseline, the first of "
       "/arms)"},
      {"/effect_sizes/v2/aggregate/delta", "8.9",
       "/effect_sizes/v2/aggregate/delta: 8.9 is not a fraction from -1 to 1: 0.089 is 8.9pp"},
      {"/effect_sizes/v2/aggregate/ci_low", "0.2",
       "/effect_sizes/v2/aggregate: ci_low 0.2 lies above ci_high 0.128"},
      {"/effect_sizes/v2/aggregate/ci_high", "12.8",
       "/effect_sizes/v2/aggregate/ci_high: 12.8 is not the end of an interval in fractions: 0.089 is 8.9pp"},
      {"/effect_sizes/v2/per_slice/a~1b", "{}",
       "/effect_sizes/v2/per_slice/a~1b: the file declares no slice `a/b`"},
      {"/verdict/winner", "\"v4\"", "/verdict/winner: the file declares no arm `v4` (did you mean `v2`?)"},
      {"/verdict/killed", "\"v3\"", "/verdict/killed: expected a list, found a text"},
      {"/verdict/killed/0", "1", "/verdict/killed/0: expected a text, found a number"},
  };
  auto const good = Json::parse(text_of("two_arms_tie.json"));
  for (auto const& [at, value, expected] : table) {
    auto broken = good;
    broken[Json::json_pointer(at)] = Json::parse(value);
    auto const read = read_data(broken.dump());
    ASSERT_FALSE(read) << at << " " << value;
    EXPECT_EQ(said(read.error()), expected);
  }
}

TEST(BrokenData, WhatIsNoJsonIsSaidSo) {
  EXPECT_EQ(said(read_data("").error()), ": the file: not JSON (at byte 1)");
  EXPECT_EQ(said(read_data("{\"arms\": [NaN]}").error()), ": the file: not JSON (at byte 11)");
  EXPECT_EQ(said(read_data("{\"arms\": 1e999}").error()), ": the file: a number is too large");
  EXPECT_EQ(said(read_data("{\"a\": \"\xff\"}").error()), ": the file: not JSON (at byte 8)");
  EXPECT_EQ(said(read_data(std::string(100000, '[')).error()), ": the file: JSON nested deeper than 200");
}

TEST(BrokenData, AnOwnFileOfALaterSchemaIsRefused) {
  EXPECT_EQ(
      said(read_data(R"({"schema": 2, "rule": [], "arms": [{"id": "a"}, {"id": "b"}]})").error()),
      "/schema: 2 is not a schema that this version of itera reads (read it with the version that wrote it)");
}

// Everything that is done with a file, on it.
void judge(std::string const& text) {
  auto const read = read_data(text);
  if (!read) {
    EXPECT_FALSE(read.error().what.empty());
    return;
  }
  auto const rule = verdict::default_rule(read->data);
  if (!rule) return;
  auto const reread = verdict::reread(read->data, *rule);
  auto const findings = verdict::lint(read->data);
  std::vector<std::string> const notes;
  RereadReport const report{read->data, *rule, reread, findings, notes};
  EXPECT_FALSE(reread_json(report).dump().empty());
  EXPECT_EQ(reread.outcome == verdict::Outcome::ship || reread.outcome == verdict::Outcome::ship_narrowly,
            reread.winner.has_value());
}

// Each place gets one of the values and is left out once; over all places every value has its turn.
TEST(BrokenData, NoValueAtAnyPlaceBringsItDown) {
  std::vector<Json> const values{nullptr,        -1,   1e300, "x=y",  Json::array(), 1,
                                 Json::object(), true, "v2",  1e-300, "1/0"};
  for (auto const* name : {"two_arms_tie.json", "own.json"}) {
    auto good = Json::parse(text_of(name));
    for (auto const* unread : {"ledger", "self_audit", "dev", "digests", "endings"}) good.erase(unread);
    if (good.contains("arm_verdicts")) {
      good["arm_verdicts"].erase("worse");
      for (auto const* list : {"checks", "not_for", "ships_for"}) good["arm_verdicts"]["new"].erase(list);
    }
    std::set<std::string> places;
    auto const flat = good.flatten();
    for (auto const& [path, value] : flat.items())
      for (auto at = Json::json_pointer(path); !at.empty(); at.pop_back()) places.insert(at.to_string());
    std::size_t turn = 0;
    for (auto const& place : places) {
      Json::json_pointer const at(place);
      auto broken = good;
      broken[at] = values[turn++ % values.size()];
      judge(broken.dump());
      broken = good;
      if (auto& parent = broken[at.parent_pointer()]; parent.is_object()) parent.erase(at.back());
      judge(broken.dump());
    }
    EXPECT_GT(places.size(), 60U);
  }
}

// A rule that was cut anywhere, or lost any of its words, is a mistake or another rule, never a crash.
TEST(BrokenRule, NoPartOfARuleBringsItDown) {
  std::string const whole =
      "ship when effect >= 5pp by interval and every tier >= -2pp and tier=smb >= -1% by harm and wrong does "
      "not "
      "rise and cost <= +60% and latency p95 <= -5% and helpful >= +2pp by point";
  dsl::RuleNames const names{{{"tier", {"ent", "smb"}}}, {"wrong"}};
  auto const check = [&](std::string const& text) {
    SourceMap const source("--rule", text);
    Diagnostics problems;
    auto const rule = dsl::check_rule(dsl::parse(source, problems), source, names, problems);
    EXPECT_EQ(rule.has_value(), !problems.has_errors()) << text;
    return rule.has_value();
  };
  EXPECT_TRUE(check(whole));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    check(whole.substr(0, i));
    auto lost = whole;
    lost.erase(i, 1);
    check(lost);
    for (char const c : {'{', '"', '\n', '=', '`'}) {
      auto other = whole;
      other[i] = c;
      check(other);
    }
  }
}

}  // namespace
}  // namespace itera::report
