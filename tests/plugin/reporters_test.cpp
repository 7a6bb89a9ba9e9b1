// What the reporters for continuous integration write: goldens of a real evidence document, and the same
// document with names that try to be something else.
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Json = nlohmann::json;
using Files = std::map<std::string, std::string>;

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Json evidence() {
  return Json::parse(text_of(ITERA_SOURCE_DIR "/tests/golden/verdict/own.json"));
}

Files report(std::string const& reporter, Json const& settings, Json const& document) {
  Plugins plugins;
  auto const made =
      plugins.actors.reporter(plugins.info(ports::PluginKind::reporter, reporter), settings.dump());
  EXPECT_TRUE(made) << (made ? "" : made.error().what);
  auto const files = (*made)->write(document.dump());
  EXPECT_TRUE(files) << (files ? "" : files.error().what);
  Files out;
  if (files)
    for (auto const& file : *files) out[file.path] = file.bytes;
  return out;
}

Files junit(Json const& document) {
  return report("junit", {{"path", "junit.xml"}}, document);
}
Files github(Json const& document, std::string const& spec = "") {
  return report("github", {{"spec", spec}}, document);
}

void expect_golden(std::string const& name, std::string const& bytes) {
  auto const file = std::filesystem::path(ITERA_SOURCE_DIR "/tests/plugin/reports") / name;
  if (std::getenv("ITERA_UPDATE_GOLDENS"))
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  else
    EXPECT_EQ(bytes, text_of(file)) << name;
}

// By a parser that is not ours.
bool well_formed(std::string const& xml) {
  TempFolder folder;
  auto const file = folder.write("x.xml", xml);
  auto const command = "python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' " +
                       file.string() + " 2>/dev/null";
  return std::system(command.c_str()) == 0;
}

// $GITHUB_OUTPUT as GitHub's runner reads it.
std::map<std::string, std::string> read_outputs(std::string const& text) {
  std::map<std::string, std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    auto const equals = line.find('='), here = line.find("<<");
    EXPECT_NE(std::min(equals, here), std::string::npos) << line;
    if (equals < here) {
      out[line.substr(0, equals)] = line.substr(equals + 1);
      continue;
    }
    auto const name = line.substr(0, here), delimiter = line.substr(here + 2);
    std::string value, separator;
    bool closed = false;
    for (std::string part; !closed && std::getline(in, part);) {
      closed = part == delimiter;
      if (!closed) value += separator + part, separator = "\n";
    }
    EXPECT_TRUE(closed) << name;
    out[name] = value;
  }
  return out;
}

Json const kHostile =
    "@everyone <img src=x onerror=alert(1)>`$(id)` ${{ github.token }} ::set-output "
    "name=x::y\n::error::pwned\r\n"
    "outcome=ship\nEOF\n| a | b |\n[x](https://evil.example) www.evil.example a@b.example #1 GH-1 %0A "
    "\u202e\u0001"
    " ]]> --><script>x</script> \"' \\ $x$ :tada: \ufffe \U0001F600";

// Its arm is called so, and so is everything that somebody wrote.
Json hostile() {
  auto text = evidence().dump();
  auto const name = kHostile.dump();
  for (std::string const old : {"\"new\"", "\"wrong\"", "\"tier=smb\""})
    for (auto at = text.find(old); at != text.npos; at = text.find(old, at + name.size()))
      text.replace(at, old.size(), name);
  auto out = Json::parse(text);
  for (auto const* key : {"question", "hypothesis", "threshold_rule", "name"})
    out["experiment"][key] = kHostile;
  for (auto const* key : {"rationale", "deciding_clause", "not_shown", "next"})
    out["verdict"][key] = kHostile;
  for (auto& check : out["arm_verdicts"][kHostile.get<std::string>()]["checks"])
    check["clause"] = check["evidence"] = kHostile;
  return out;
}

TEST(ReporterJunit, OfARealVerdict) {
  auto const xml = junit(evidence()).at("junit.xml");
  expect_golden("own.junit.xml", xml);
  EXPECT_TRUE(well_formed(xml));
}

TEST(ReporterJunit, ThePathIsASetting) {
  EXPECT_TRUE(report("junit", {{"path", "ci/report.xml"}}, evidence()).contains("ci/report.xml"));
  Plugins plugins;
  EXPECT_FALSE(
      plugins.actors.reporter(plugins.info(ports::PluginKind::reporter, "junit"), R"({"path": ""})"));
}

TEST(ReporterJunit, WhatIsNotShownFailsAsInconclusiveAndWhatDoesNotApplyIsSkipped) {
  auto document = evidence();
  auto& verdict = document["arm_verdicts"]["new"];
  verdict["outcome"] = "inconclusive";
  verdict["checks"] = Json::parse(R"([
    {"id": "C1", "clause": "effect >= 5pp", "status": "pass", "evidence": "+6.0pp"},
    {"id": "C3", "clause": "evidence", "status": "unproven", "evidence": "p 0.2"},
    {"id": "C7", "clause": "guards", "status": "n/a", "evidence": "none"}])");
  auto const xml = junit(document).at("junit.xml");
  EXPECT_NE(xml.find(R"(<testsuite name="router.new" tests="4" failures="2" errors="0" skipped="1">)"),
            xml.npos)
      << xml;
  EXPECT_NE(xml.find(R"(<failure type="inconclusive" message="p 0.2">)"), xml.npos);
  EXPECT_NE(xml.find(R"(<skipped message="none"/>)"), xml.npos);
  EXPECT_NE(xml.find(R"(<failure type="inconclusive" message="inconclusive, decided by C4">)"), xml.npos);
}

TEST(ReporterJunit, AnExperimentWithoutAPassOnTestHasOneFailure) {
  auto document = evidence();
  for (auto const* key : {"arm_verdicts", "effect_sizes"}) document.erase(key);
  document["verdict"] = {{"outcome", "invalid"}, {"winner", nullptr}, {"rationale", "closed"}};
  expect_golden("closed.junit.xml", junit(document).at("junit.xml"));
}

TEST(ReporterJunit, HostileNamesStayTexts) {
  auto const xml = junit(hostile()).at("junit.xml");
  EXPECT_TRUE(well_formed(xml)) << xml;
  EXPECT_EQ(xml.find("<img"), xml.npos);
  EXPECT_EQ(xml.find('\x01'), xml.npos);
  EXPECT_EQ(xml.find("\xEF\xBF\xBE"), xml.npos);
}

TEST(ReporterGithub, OfARealVerdict) {
  auto const files = github(evidence(), "experiments/router.itera");
  ASSERT_EQ(files.size(), 4U);
  for (auto const* name : {"summary.md", "comment.md", "outputs.txt", "annotations.txt"})
    expect_golden("own." + std::string(name), files.at("github/" + std::string(name)));
}

TEST(ReporterGithub, AnExperimentWithoutAPassOnTest) {
  auto document = evidence();
  for (auto const* key : {"arm_verdicts", "effect_sizes"}) document.erase(key);
  document["verdict"] = {{"outcome", "invalid"},
                         {"winner", nullptr},
                         {"killed", Json::array()},
                         {"decided_by", "C0"},
                         {"deciding_clause", "C0 fails"},
                         {"rationale", "closed"},
                         {"not_shown", "all"},
                         {"next", "begin again"}};
  auto const files = github(document);
  expect_golden("closed.summary.md", files.at("github/summary.md"));
  EXPECT_EQ(files.at("github/annotations.txt"), "::error title=router%3A invalid::closed\n");
  auto const outputs = read_outputs(files.at("github/outputs.txt"));
  EXPECT_EQ(outputs.at("outcome"), "invalid");
  EXPECT_EQ(outputs.at("exit_code"), "40");
  EXPECT_EQ(outputs.at("delta"), "");
}

TEST(ReporterGithub, HostileNamesAreInertInMarkdown) {
  auto const files = github(hostile());
  for (auto const* name : {"github/summary.md", "github/comment.md"}) {
    auto text = files.at(name);
    if (text.starts_with("<!--")) {
      EXPECT_TRUE(text.starts_with("<!-- itera experiment everyoneimgsrcxonerroralert1idgithubtoken"))
          << text;
      text = text.substr(text.find('\n') + 1);
    }
    EXPECT_EQ(text.find('<'), text.npos) << "HTML";
    EXPECT_EQ(text.find("\xE2\x80\xAE"), text.npos) << "direction";
    EXPECT_EQ(text.find('\x01'), text.npos);
    EXPECT_EQ(text.find("://"), text.npos) << "link";
    EXPECT_EQ(text.find("www.e"), text.npos) << "link";
    EXPECT_EQ(text.find("GH-1"), text.npos) << "reference";
    for (std::size_t i = 0; i < text.size(); ++i) {
      auto const c = text[i];
      EXPECT_TRUE(c != '@' || text.substr(i + 1, 3) == "\xE2\x80\x8B") << "mention at " << i;
      // Our own marks stand at the beginning of a line.
      bool const ours = c == '#' && (i == 0 || text[i - 1] == '\n' || text[i - 1] == '#');
      bool const markup = std::string_view("`[]$~!#").find(c) != std::string_view::npos && !ours;
      EXPECT_TRUE(!markup || (i > 0 && text[i - 1] == '\\')) << c << " at " << i;
    }
    // A table row has as many cells as its head.
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("| ")) continue;
      std::size_t bars = 0;
      for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
      EXPECT_TRUE(bars == 5 || bars == 7) << line;
    }
  }
}

TEST(ReporterGithub, HostileNamesAreDataInOutputsAndCommands) {
  auto document = hostile();
  auto const files = github(document, "x.itera,line=1::y");
  auto const outputs = read_outputs(files.at("github/outputs.txt"));
  EXPECT_EQ(outputs.size(), 14U);
  EXPECT_EQ(outputs.at("outcome"), "ship narrowly") << "not what a name said";
  EXPECT_NE(outputs.at("winner").find("outcome=ship\nEOF\n"), std::string::npos);
  std::istringstream in(files.at("github/annotations.txt"));
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line); ++lines) {
    EXPECT_TRUE(line.starts_with("::warning file=x.itera%2Cline=1%3A%3Ay,title=")) << line;
    EXPECT_EQ(line.find('\r'), line.npos);
    auto const properties = line.substr(2, line.find("::", 2) - 2);
    EXPECT_EQ(std::count(properties.begin(), properties.end(), ','), 1) << properties;
  }
  EXPECT_GE(lines, 2U);
  EXPECT_LE(lines, 10U);
}

TEST(ReporterGithub, TheDelimiterOccursInNoValue) {
  auto document = evidence();
  auto const first = github(document).at("github/outputs.txt");
  auto const begin = first.find("<<") + 2;
  auto const delimiter = first.substr(begin, first.find('\n', begin) - begin);
  document["verdict"]["next"] = "a\n" + delimiter + "\noutcome=kill\n" + delimiter + "_\nb";
  auto const outputs = read_outputs(github(document).at("github/outputs.txt"));
  EXPECT_EQ(outputs.at("outcome"), "ship narrowly");
  EXPECT_EQ(outputs.at("next"), document["verdict"]["next"].get<std::string>());
}

std::size_t utf16_units(std::string const& text) {
  std::size_t out = 0;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    out += (byte & 0xC0U) != 0x80U;
    out += byte >= 0xF0U;
  }
  return out;
}

// Many clauses with wide characters, so that the limit may fall anywhere.
TEST(ReporterGithub, ACommentStaysUnderItsLimitAndIsCutBetweenLines) {
  for (std::size_t const pad : {0U, 1U, 2U, 3U}) {
    auto document = evidence();
    auto& checks = document["arm_verdicts"]["new"]["checks"];
    std::string wide(pad, 'x');
    for (int i = 0; i < 300; ++i) wide += "\U0001F600";
    while (checks.size() < 400)
      checks.push_back({{"id", "C4"}, {"clause", wide}, {"status", "pass"}, {"evidence", "+1.0pp"}});
    auto const text = github(document).at("github/comment.md");
    EXPECT_LT(utf16_units(text), 65'536U);
    EXPECT_GT(utf16_units(text), 64'000U);
    EXPECT_TRUE(text.ends_with(
        "| pass | \\+1.0pp |\n\n_Cut: a comment has no room for more. The rest stands in conclusion.md and "
        "data.json._\n"))
        << text.substr(text.size() - 300);
    EXPECT_FALSE(Json(text).dump().empty()) << "still UTF-8";
  }
  auto document = evidence();
  document["verdict"]["rationale"] = std::string(200'000, '<');
  auto const text = github(document).at("github/comment.md");
  EXPECT_LT(utf16_units(text), 65'536U);
  EXPECT_NE(text.find("&lt;..."), text.npos)
      << "a sentence without an end is shortened, and the rest is there";
  EXPECT_NE(text.find("### worse: kill"), text.npos);
}

}  // namespace
}  // namespace itera::tests
