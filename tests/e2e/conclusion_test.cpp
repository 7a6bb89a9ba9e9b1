// conclusion.md of real runs: every number in it stands in data.json, where the line above its table says.
#include "plugins/reporter_markdown/conclusion.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/conclusions.hpp"
#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// Markdown without its escapes.
std::string unescaped(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string trimmed(std::string const& text) {
  auto const first = text.find_first_not_of(' ');
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

std::vector<std::string> cells_of(std::string const& row) {
  std::vector<std::string> out{""};
  for (std::size_t i = 1; i < row.size(); ++i) {
    if (row[i] == '|' && row[i - 1] != '\\')
      out.emplace_back();
    else
      out.back() += row[i];
  }
  out.pop_back();
  for (auto& cell : out) cell = trimmed(unescaped(cell));
  return out;
}

struct Values {
  std::vector<double> numbers;
  std::vector<std::string> texts;
};

void collect(Json const& json, Values& out) {
  if (json.is_number()) out.numbers.push_back(json.get<double>());
  if (json.is_string()) out.texts.push_back(json.get<std::string>());
  if (json.is_structured())
    for (auto const& [key, member] : json.items()) collect(member, out);
}

// "arms", "effect_sizes.new.per_slice": members joined by points; a slice's name is never part of one.
Json const* member(Json const& from, std::string const& path) {
  auto const* value = &from;
  std::istringstream in(path);
  for (std::string key; std::getline(in, key, '.');) {
    if (!value->is_object() || !value->contains(key)) return nullptr;
    value = &value->at(key);
  }
  return value;
}

// A number as it is printed, with its unit: a fraction's percent or points, money, or the number itself.
bool stands_for(std::string const& token, double value) {
  auto const same = [&](std::string const& shown) { return shown == token; };
  for (auto const* format : {"{:.1f}%", "{:+.1f}pp", "{:.2f}pp"})
    if (same(fmt::format(fmt::runtime(format), value * 100))) return true;
  if (same(fmt::format("{:.1f}pp", -value * 100))) return true;  // "loses up to 3.1pp"
  if (token == "+0.0pp" && std::abs(value) < 5e-4) return true;
  for (auto const* format : {"{:.3g}", "{:.4g}", "{:+.4g}", "{:.2g}", "{:.0f}", "${:.4g}", "{:g}pp"})
    if (same(fmt::format(fmt::runtime(format), value))) return true;
  return false;
}

std::vector<std::string> numbers_in(std::string const& text) {
  static std::regex const number(R"([+-]?\$?\d+(\.\d+)?(e[+-]?\d+)?(pp|%)?)");
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), number), end; it != end; ++it)
    out.push_back(it->str());
  return out;
}

bool is_among(std::string const& token, std::vector<double> const& numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [&](double value) { return stands_for(token, value); });
}

// The cell is a text of the members, or every number in it is one of theirs.
void expect_traceable(std::string const& cell, Values const& values, std::string const& where) {
  if (std::find(values.texts.begin(), values.texts.end(), cell) != values.texts.end()) return;
  for (auto const& token : numbers_in(cell))
    EXPECT_TRUE(is_among(token, values.numbers))
        << "`" << token << "` of `" << cell << "` is not in " << where;
}

void expect_sections(std::vector<std::string> const& lines) {
  std::vector<std::string> headings;
  for (auto const& line : lines)
    if (line.starts_with("## ")) headings.push_back(line.substr(3));
  EXPECT_EQ(headings,
            (std::vector<std::string>{"1. In short", "2. Question", "3. Arms", "4. Metric and rule", "5. Dev",
                                      "6. Iterations", "7. Test", "8. Verdict", "9. Self-audit"}));
}

void expect_traceable_tables(std::vector<std::string> const& lines, Json const& evidence) {
  static std::regex const caption(R"(_From `data\.json`: (`.+`)\._)"), path(R"(`([^`]+)`)");
  std::size_t tables = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!lines[i + 1].starts_with("|---")) continue;
    ++tables;
    std::smatch found;
    ASSERT_TRUE(i >= 2 && std::regex_match(lines[i - 2], found, caption)) << "no caption over " << lines[i];
    auto const names = found[1].str();
    Values values;
    for (std::sregex_iterator it(names.begin(), names.end(), path), end; it != end; ++it) {
      auto const* value = member(evidence, (*it)[1]);
      ASSERT_TRUE(value) << (*it)[1];
      collect(*value, values);
    }
    auto const heads = cells_of(lines[i]);
    for (std::size_t row = i + 2; row < lines.size() && lines[row].starts_with("|"); ++row) {
      auto const cells = cells_of(lines[row]);
      EXPECT_EQ(cells.size(), heads.size()) << lines[row];
      for (auto const& cell : cells) expect_traceable(cell, values, names);
    }
  }
  EXPECT_GE(tables, 4U);
}

// The sentences are texts of data.json; their numbers are numbers of it as well, but for those of the rule.
void expect_traceable_sentences(std::string const& conclusion, Json const& evidence) {
  Values values;
  collect(evidence, values);
  std::vector<std::string> texts;
  for (auto const* key : {"summary", "rationale", "not_shown", "next"})
    texts.push_back(evidence.at("verdict").at(key));
  if (evidence.contains("arm_verdicts"))
    for (auto const& [arm, v] : evidence.at("arm_verdicts").items())
      texts.push_back(v.at("clause_by_clause"));
  // What the rule says, ids of clauses, the baseline's reference, the test on missing rows, names of files.
  static std::regex const others(
      R"([<>]= [+-]?\d+%|\d+% of the baseline's score|<= 0\.025|at most 0\.025|95% confidence|at most 2%|2 x|>= -2pp|floor is -2pp|C[0-7]|rules\.py:1|\(p [^)]*\)|/\S+)");
  for (auto const& text : texts) {
    EXPECT_NE(unescaped(conclusion).find(text), std::string::npos) << text;
    for (auto const& token : numbers_in(std::regex_replace(text, others, "")))
      EXPECT_TRUE(is_among(token, values.numbers)) << "`" << token << "` in " << text;
  }
}

struct Definition {
  std::vector<std::string> columns, members;
};

// The table of docs/statistics.md that defines the numbers of a conclusion.
std::vector<Definition> definitions() {
  std::ifstream file(ITERA_SOURCE_DIR "/docs/statistics.md");
  std::stringstream page;
  page << file.rdbuf();
  auto const lines = lines_of(page.str());
  auto at = std::find(lines.begin(), lines.end(), "## Each number of conclusion.md");
  std::vector<Definition> out;
  static std::regex const path(R"(`([^`]+)`)");
  at = std::find(at, lines.end(), "|---|---|---|");
  while (at != lines.end() && ++at != lines.end() && at->starts_with("|")) {
    auto const cells = cells_of(*at);
    if (cells.size() != 3) throw std::runtime_error("three cells: " + *at);
    Definition one;
    // "the first call, apart" is one heading, "sample, train, dev, test" are four.
    one.columns.push_back(cells[0]);
    std::istringstream names(cells[0]);
    for (std::string name; std::getline(names, name, ',');) one.columns.push_back(trimmed(name));
    for (std::sregex_iterator it(cells[2].begin(), cells[2].end(), path), end; it != end; ++it)
      one.members.push_back((*it)[1]);
    out.push_back(std::move(one));
  }
  return out;
}

bool is_defined(std::string const& column, Json const& evidence) {
  static auto const all = definitions();
  auto const names = [&](std::string const& name) {
    return std::any_of(all.begin(), all.end(), [&](Definition const& one) {
      return std::find(one.columns.begin(), one.columns.end(), name) != one.columns.end();
    });
  };
  for (auto const& arm : evidence.at("arms"))
    if (arm.at("name") == column) return names("a column that is named like an arm");
  return names(column);
}

// Every column with numbers in it has a definition. Names, and texts that the spec brought, are no numbers.
void expect_defined_columns(std::vector<std::string> const& lines, Json const& evidence) {
  static std::set<std::string> const texts{"arm",     "from",  "what it is", "changes", "reference",
                                           "failure", "slice", "value",      "check",   "line"};
  std::size_t numbers = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!lines[i + 1].starts_with("|---")) continue;
    auto const heads = cells_of(lines[i]);
    for (std::size_t row = i + 2; row < lines.size() && lines[row].starts_with("|"); ++row) {
      auto const cells = cells_of(lines[row]);
      for (std::size_t column = 0; column < std::min(heads.size(), cells.size()); ++column) {
        // Only a slice's score is headed `arm` as well.
        if (texts.contains(heads[column]) || numbers_in(cells[column]).empty()) continue;
        ++numbers;
        EXPECT_TRUE(is_defined(heads[column], evidence))
            << "docs/statistics.md does not say what `" << heads[column] << "` is: " << cells[column];
      }
    }
  }
  EXPECT_GE(numbers, 4U);
}

class Conclusions : public ::testing::TestWithParam<std::string> {};

TEST_P(Conclusions, EveryNumberStandsInTheEvidence) {
  Workspace w;
  conclude(w, GetParam());
  auto const text = w.read("exp/conclusion.md");
  expect_sections(lines_of(text));
  expect_traceable_tables(lines_of(text), data(w));
  expect_traceable_sentences(text, data(w));
  expect_defined_columns(lines_of(text), data(w));
}

INSTANTIATE_TEST_SUITE_P(Ends, Conclusions, ::testing::ValuesIn(ends()),
                         [](auto const& test) { return test.param; });

TEST(Conclusion, ShowsTheParetoFrontAndTheChartsOfTheChartsReporter) {
  Workspace w;
  conclude(w, "narrowly");
  auto evidence = data(w);
  auto const arms = evidence.at("arms");
  EXPECT_EQ(arms[0].at("dominated_by"), Json({"other"})) << "cheaper and better";
  EXPECT_EQ(arms[1].at("dominated_by"), Json::array());
  EXPECT_EQ(arms[2].at("dominated_by"), Json::array());
  ASSERT_EQ(evidence.at("reports").size(), 1U);
  EXPECT_EQ(conclusion(evidence).find("charts/"), std::string::npos);
  evidence["reports"].push_back(charts_report());
  auto const text = conclusion(evidence);
  for (auto const* part :
       {"\n![Arm bar: accuracy on test, old 60.6%, new 80.6%, other 75.6%](charts/arm-bar.png)\n",
        "\n![Forest plot: effect on accuracy against the baseline in all and by slice, new +20.0pp "
        "\\[+12.2pp, +27.1pp\\], other +15.0pp \\[+5.0pp, +24.5pp\\]](charts/forest-plot.png)\n",
        "\n![Cost against accuracy: old 60.6% at $0.5, new 80.6% at $1, other 75.6% at $0.4 per 1k "
        "rows](charts/cost-vs-accuracy.png)\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  evidence.erase("reports");
  EXPECT_EQ(conclusion(evidence).find("charts/"), std::string::npos);
}

TEST(Conclusion, ShowsNoChartOfAPassThatDidNotComeToItsEnd) {
  Workspace w;
  conclude(w, "closed");
  auto evidence = data(w);
  evidence["reports"].push_back(charts_report());
  EXPECT_EQ(conclusion(evidence).find("charts/"), std::string::npos);
}

// "effect_sizes.ARM.per_slice" is a member of the evidence.
TEST(Conclusion, EachDefinitionNamesAMemberOfTheEvidence) {
  Workspace w;
  conclude(w, "clauses");
  Workspace with_secondaries;
  conclude(with_secondaries, "categories");
  auto evidence = data(w);
  evidence["secondaries"] = data(with_secondaries).at("secondaries");
  auto const all = definitions();
  EXPECT_GE(all.size(), 25U);
  for (auto const& one : all) {
    EXPECT_FALSE(one.members.empty()) << one.columns.front();
    for (auto path : one.members) {
      if (auto const arm = path.find("ARM"); arm != path.npos) path.replace(arm, 3, "new");
      if (path.starts_with("severity.")) path = "severity";  // null without one
      EXPECT_TRUE(member(evidence, path)) << path;
    }
  }
}

// What somebody writes into a spec is shown, not obeyed.
TEST(Conclusion, TextOfTheSpecHasNoMarkUp) {
  Workspace w;
  Spec spec;
  spec.question = "Is <b>this</b> [better](http://x) | than `that`* or _that_?";
  spec.arms = R"(arm new from old "a|b <img src=x> c" { deterministic  path = "new.jsonl" })";
  write_recorded(
      w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [](auto const& r) { return r.nth % 10 < 8; }, spec);
  ASSERT_EQ(run(w).code, 0);
  auto const text = w.read("exp/conclusion.md");
  for (
      auto const* part :
      {R"(To answer "Is \<b>this\</b> [better\](http://x) \| than `that`\* or \_that\_?", `new` (a\|b \<img src=x> c))",
       R"(> Is \<b\>this\</b\> \[better\](http://x) \| than \`that\`\* or \_that\_?)",
       R"(| new | old | outputs | a\|b \<img src=x\> c |)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text.substr(0, 2000);
}

}  // namespace
}  // namespace itera::test
