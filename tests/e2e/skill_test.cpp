// docs/SKILL.md is true: its spec compiles and runs, its commands are executed in their order, and every key
// that it names is in the JSON that they give.
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"
#include "tests/support/programs.hpp"

namespace itera::test {
namespace {

constexpr auto kPage = ITERA_SOURCE_DIR "/docs/SKILL.md";

struct Line {
  std::string text;
  std::string language;  // of the code block that it stands in; "" outside
};

std::vector<Line> lines_of_page() {
  std::vector<Line> out;
  std::istringstream in(Workspace().read(kPage));
  std::string language;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```"))
      language = language.empty() ? line.substr(3) : "";
    else
      out.push_back({line, language});
  }
  return out;
}

std::vector<std::string> words(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::vector<std::string> in_backquotes(std::string const& text) {
  static std::regex const name("`([^`]+)`");
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it) out.push_back((*it)[1]);
  return out;
}

// "power[].least_effect": members, and every element of a list.
bool has(Json const& json, std::string const& path) {
  if (path.empty()) return true;
  auto const dot = std::min(path.find('.'), path.size());
  auto key = path.substr(0, dot);
  auto const rest = dot == path.size() ? "" : path.substr(dot + 1);
  bool const list = key.ends_with("[]");
  if (list) key.resize(key.size() - 2);
  if (!json.is_object() || !json.contains(key)) return false;
  auto const& value = json.at(key);
  if (!list) return has(value, rest);
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [&](Json const& element) { return has(element, rest); });
}

std::string spec_of(std::vector<Line> const& page) {
  std::string out;
  for (auto const& line : page)
    if (line.language == "itera") out += line.text + "\n";
  return out;
}

// What the page's spec names. The new list is clearly better.
void write_repository(Workspace const& w, std::string const& spec) {
  w.write("decision.itera", spec);
  w.write("tickets.csv", csv(make_rows(300)));
  w.write("route.py", python_arm(right_on(500)));
  w.write("route_new.py", python_arm(right_on(900)));
}

TEST(Skill, IsOnePageWithAHead) {
  auto const page = Workspace().read(kPage);
  EXPECT_TRUE(page.starts_with("---\nname: itera\ndescription: "));
  EXPECT_LE(std::count(page.begin(), page.end(), '\n'), 125);
}

// Each command is run where the page has it; keys of the tables up to the next heading must be in what one of
// the commands under the same heading gave, with the spec as it is, with a mistake in it, or when it is run
// once more.
TEST(Skill, ItsCommandsRunAndItsKeysAreThere) {
  auto const page = lines_of_page();
  Workspace w;
  write_repository(w, spec_of(page));
  std::vector<Json> given;
  std::set<std::string> commands;
  std::size_t keys = 0;
  auto const take = [&](std::vector<std::string> const& arguments) {
    auto const outcome = w.itera(arguments);
    auto const json = Json::parse(outcome.out, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << outcome.out << outcome.err;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
    given.push_back(json);
  };
  for (auto const& [text, language] : page) {
    if (text.starts_with("## ")) given.clear();
    if (language == "sh") {
      auto arguments = words(text);
      ASSERT_EQ(arguments.front(), "itera") << text;
      arguments.erase(arguments.begin());
      EXPECT_NE(text.find("--format json"), std::string::npos) << text;
      commands.insert(arguments.front());
      take(arguments);
      EXPECT_EQ(given.back().at("ok"), true) << text << "\n" << given.back();
      if (arguments.front() == "check") {
        w.edit("decision.itera", "using exact", "using exactly");
        take(arguments);
        EXPECT_EQ(given.back().at("ok"), false);
        w.edit("decision.itera", "using exactly", "using exact");
      }
      if (given.back().value("status", "") == "concluded") take(arguments);
    }
    if (language.empty() && text.starts_with("| `")) {
      auto const first = text.substr(0, text.find(" | ", 2));
      for (auto const& key : in_backquotes(first)) {
        ++keys;
        EXPECT_TRUE(std::any_of(given.begin(), given.end(), [&](Json const& json) { return has(json, key); }))
            << key << " is in nothing that the commands above it gave";
      }
    }
  }
  EXPECT_EQ(commands, (std::set<std::string>{"check", "explain", "plan", "run"}));
  EXPECT_GE(keys, 20U);
}

// Commands in a sentence.
TEST(Skill, WhatItNamesInPassingExists) {
  std::string text;
  for (auto const& line : lines_of_page())
    if (line.language.empty()) text += line.text + "\n";
  std::size_t found = 0;
  for (auto const& quote : in_backquotes(text))
    if (quote.starts_with("itera ")) {
      ++found;
      auto arguments = words(quote);
      arguments.erase(arguments.begin());
      auto const outcome = Workspace().itera(arguments);
      EXPECT_EQ(outcome.code, 0) << quote << "\n" << outcome.err;
      EXPECT_EQ(Json::parse(outcome.out).at("ok"), true);
    }
  EXPECT_GE(found, 1U);
}

TEST(Skill, ItsExitCodesAreThoseOfTheHelp) {
  auto const one_line = [](std::string text) {
    text = std::regex_replace(text, std::regex(R"(\n)"), " ");
    return std::regex_replace(text, std::regex(R"( \([^)]*\))"), "");
  };
  auto const help = one_line(Workspace().itera({"--help"}).out);
  auto const page = one_line(Workspace().read(kPage));
  auto const begin = page.find("Exit codes: ");
  ASSERT_NE(begin, std::string::npos);
  auto const list = page.substr(begin, page.find('.', begin) - begin);
  static std::regex const code(R"((\d+) ([a-z ]+))");
  std::size_t codes = 0;
  for (std::sregex_iterator it(list.begin(), list.end(), code), end; it != end; ++it, ++codes)
    EXPECT_NE(help.find((*it)[0]), std::string::npos) << (*it)[0] << " is not in " << help;
  EXPECT_EQ(codes, 9U) << list;
}

// The advice on power rests on the plan of the page's own spec: its 60 test rows cannot show the threshold.
TEST(Skill, ThePlanTellsThatTheExampleIsUnderpowered) {
  Workspace w;
  write_repository(w, spec_of(lines_of_page()));
  auto const plan = Json::parse(w.itera({"plan", "decision.itera", "--format", "json"}).out);
  EXPECT_EQ(plan.at("rows").at("test"), 60);
  for (auto const& line : plan.at("power"))
    EXPECT_TRUE(line.at("discordance") != .1 || line.at("rows_for_threshold") > 60) << line;
}

}  // namespace
}  // namespace itera::test
