// A team's own layout of conclusion.md: found wrong before anything is begun, and what
// docs/report-templates.md shows is true.
#include <chrono>
#include <cstdlib>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "plugins/reporter_markdown/template.hpp"
#include "tests/support/conclusions.hpp"
#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

constexpr auto kPage = ITERA_SOURCE_DIR "/docs/report-templates.md";
constexpr auto kGolden = ITERA_SOURCE_DIR "/tests/e2e/report_template.expect";
constexpr auto kReport = R"(report using markdown { template = file("our.mustache") })";

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

std::string page() {
  return Workspace().read(kPage);
}

std::string block(std::string const& text, std::string const& language, std::size_t from = 0) {
  auto const begin = text.find("```" + language + "\n", from) + language.size() + 4;
  return text.substr(begin, text.find("```\n", begin) - begin);
}

void write_any(Workspace const& w, std::string const& layout) {
  Spec spec;
  spec.clauses += std::string("\n  ") + kReport;
  write_recorded(
      w, unplaced(make_rows(200)), [](auto const& r) { return r.nth % 10 < 5; },
      [](auto const& r) { return r.nth % 10 < 8; }, spec);
  w.write("our.mustache", layout);
}

TEST(ReportTemplate, TheExampleOfThePageGivesThis) {
  Workspace w;
  expect_contains(page(), std::string("  ") + kReport + "\n");
  w.write("our.mustache", block(page(), "mustache"));
  EXPECT_EQ(conclude(w, "narrowly", kReport).code, 10);
  // Libraries that are built anew have new digests.
  auto const now = std::regex_replace(w.read("exp/conclusion.md"), std::regex("[0-9a-f]{64}"), "(a digest)");
  if (auto const* update = std::getenv("ITERA_UPDATE_GOLDENS"); update && *update) {
    w.write(kGolden, now);
    return;
  }
  EXPECT_EQ(now, w.read(kGolden)) << "ITERA_UPDATE_GOLDENS=1 rewrites " << kGolden;
}

TEST(ReportTemplate, AMistakeStopsTheRunBeforeAnythingIsBegun) {
  Workspace w;
  write_any(w, "# A report\n\nIt ends in {{verdict.outcom}}.\n");
  for (auto const* command : {"check", "plan"}) EXPECT_EQ(w.itera({command, "x.itera"}).code, 0) << command;
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, block(page(), "text"));
  EXPECT_FALSE(w.has("exp")) << "nothing is locked";
  EXPECT_FALSE(w.has("docs"));

  auto const json = Json::parse(run(w, {"--format", "json"}).out);
  EXPECT_EQ(json.at("ok"), false);
  EXPECT_EQ(json.at("error").at("kind"), "invalid");
  expect_contains(json.at("error").at("message"), "our.mustache:3:12: there is no key `verdict.outcom`");

  w.edit("our.mustache", "outcom}}", "outcome}}");
  EXPECT_EQ(run(w).code, 0);
  EXPECT_EQ(w.read("exp/conclusion.md"), "# A report\n\nIt ends in ship.\n");
}

TEST(ReportTemplate, ATemplateInTheSpecItselfHasNoFileToName) {
  Workspace w;
  write_any(w, "");
  w.edit("x.itera", R"(file("our.mustache"))", R"("{{verdict.outcome}} {{nothing}}")");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 2);
  expect_contains(outcome.err, "\n  `template`:1:21: there is no key `nothing`");
}

// The template is part of no lock, so it may change while the experiment is under way; what is wrong with it
// is still found before the next step.
TEST(ReportTemplate, MayChangeUntilTheVerdict) {
  Workspace w;
  write_any(w, "one {{verdict.outcome}}");
  ASSERT_EQ(run(w, {"--until", "dev"}).code, 0);
  w.write("our.mustache", "{{broken");
  EXPECT_EQ(run(w).code, 2);
  EXPECT_TRUE(entries(w, "unsealed").empty());
  w.write("our.mustache", "two {{verdict.outcome}}");
  EXPECT_EQ(run(w).code, 0);
  EXPECT_EQ(w.read("exp/conclusion.md"), "two ship");
}

// Valid, and without an end: sections of one list inside of each other.
TEST(ReportTemplate, OneThatCannotBeWrittenGivesTheBuiltInLayoutAndAWarning) {
  Workspace w;
  std::string layout = "x";
  for (int i = 0; i < 16; ++i) layout = "{{#self_audit}}" + layout + "{{/self_audit}}";
  write_any(w, layout);
  auto const begin = std::chrono::steady_clock::now();
  auto const outcome = run(w);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_contains(
      outcome.err,
      "the template was not used: its sections repeat each other to more than 16 MB; conclusion.md has "
      "the built-in layout");
  expect_contains(w.read("exp/conclusion.md"), "## 9. Self-audit");
}

TEST(ReportTemplate, EscapesForMarkdownUnlessAskedNotTo) {
  Workspace w;
  write_any(w, "{{#arms}}{{summary}} or {{{summary}}}\n{{/arms}}");
  w.edit("x.itera", "old \"more words", "old \"*a* <b> | `c`\\n## d");
  ASSERT_EQ(run(w).code, 0) << w.itera({"check", "x.itera"}).err;
  EXPECT_EQ(w.read("exp/conclusion.md"),
            " or \n\\*a\\* \\<b\\> \\| \\`c\\` \\#\\# d or *a* <b> | `c`\n## d\n");
}

// A template is checked against the shape; what it is rendered with must have it. Keys that this version
// never gives stand in the shape for none.
class Shapes : public ::testing::Test {
 protected:
  static void fits(Json const& value, Json const& shape, std::string const& path,
                   std::set<std::string>& seen) {
    if (value.is_null()) return;
    if (shape.is_array()) {
      ASSERT_TRUE(value.is_array()) << path;
      for (auto const& element : value) fits(element, shape.front(), path, seen);
      return;
    }
    if (!shape.is_object()) {
      EXPECT_TRUE(value.type_name() == std::string(shape.type_name())) << path << " is " << value.dump();
      return;
    }
    ASSERT_TRUE(value.is_object()) << path;
    for (auto const& [key, member] : value.items()) {
      auto const name = path.empty() ? key : path + "." + key;
      EXPECT_TRUE(shape.contains(key)) << name << " is not in the template's shape (template_context.cpp)";
      seen.insert(name);
      if (shape.contains(key)) fits(member, shape.at(key), name, seen);
    }
  }
};

TEST_F(Shapes, OfEveryEndIsTheOneThatTemplatesAreCheckedAgainst) {
  std::set<std::string> seen;
  for (auto const* end : {"narrowly", "categories", "clauses", "programs", "closed"}) {
    Workspace w;
    conclude(w, end);
    auto evidence = data(w);
    evidence["reports"].push_back(charts_report());
    fits(template_context(evidence), template_shape(), "", seen);
  }
  auto const keys = template_keys();
  for (auto const& key : keys)
    EXPECT_TRUE(seen.contains(key) || key.starts_with("severity") || key.starts_with("arms.severity") ||
                key.starts_with("verdict.ranking"))
        << key << " stands in no evidence";
}

// Tables of the page: names in backquotes, after a prefix that ends in a point if there is one.
TEST_F(Shapes, IsWhatThePageLists) {
  auto const keys = template_keys();
  auto const text = page();
  auto const begin = text.find("## The keys"), arms = text.find("Inside of `{{#arms}}", begin);
  static std::regex const row(R"(\n\| (`.*?) \| (.*?) \|(?=\n))"), name(R"(`([^`]+)`)");
  std::set<std::string> listed;
  std::size_t rows = 0;
  for (std::sregex_iterator it(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), row), end;
       it != end; ++it, ++rows) {
    bool const of_arm = static_cast<std::size_t>(it->position()) + begin > arms;
    std::string const left = (*it)[1], right = (*it)[2];
    std::string prefix, last;
    for (std::sregex_iterator n(left.begin(), left.end(), name); n != end; ++n) {
      std::string const word = (*n)[1];
      if (word.ends_with('.')) {
        prefix = word;
        continue;
      }
      last = (of_arm ? "arms." : "") + prefix + word;
      EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), last)) << last;
      listed.insert(word);
    }
    if (!right.starts_with("a list: `")) continue;
    for (std::sregex_iterator n(right.begin(), right.end(), name); n != end; ++n) {
      std::string const inside = last + "." + (*n)[1].str();
      EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), inside)) << inside;
      listed.insert((*n)[1]);
    }
  }
  EXPECT_GE(rows, 35U);
  for (auto const& key : keys) {
    auto const word = key.substr(key.rfind('.') + 1);
    if (word.ends_with("_pp") || word.ends_with("_percent") || word.ends_with("_short")) continue;
    EXPECT_NE(text.find(word), std::string::npos) << key << " is not on the page";
  }
}

}  // namespace
}  // namespace itera::test
