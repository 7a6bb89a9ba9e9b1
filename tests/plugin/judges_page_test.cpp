// The examples of docs/judges.md are true: each row of its tables, in the section of its judge.
#include <fstream>
#include <map>
#include <vector>

#include "tests/plugin/judges.hpp"

namespace itera::tests {
namespace {

// The cells of a table's row: what stands in backquotes, or nothing.
std::vector<std::optional<std::string>> cells(std::string const& line) {
  std::vector<std::optional<std::string>> out;
  for (std::size_t at = 1; at + 1 < line.size();) {
    auto const open = line.find_first_not_of(' ', at);
    if (open == line.npos) break;
    auto close = open;
    if (line[open] == '`') {
      // An empty text is written as two backquotes.
      close = line.find('`', open + 1);
      out.emplace_back(line.substr(open + 1, close - open - 1));
    } else {
      out.emplace_back(std::nullopt);
    }
    at = line.find('|', close) + 1;
    if (at == 0) break;
  }
  return out;
}

TEST(JudgesPage, ItsTablesAreTrue) {
  std::ifstream in(ITERA_SOURCE_DIR "/docs/judges.md");
  std::map<std::string, std::size_t> examples;
  std::string judge;
  bool table = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) judge = line.substr(3), examples[judge];
    if (!line.starts_with("|")) table = false;
    if (table && !line.starts_with("|---")) {
      auto const row = cells(line);
      ASSERT_EQ(row.size(), 4U) << line;
      ASSERT_TRUE(row[0] && row[2] && row[3]) << line;
      auto const out = Judged(judge, Json::parse(*row[0]))(*row[2], row[1]);
      EXPECT_NEAR(out.value("value", -1.0), std::stod(*row[3]), 5e-7) << line << "\n" << out;
      ++examples[judge];
    }
    if (line == "| settings | expected | answer | score |") table = true;
  }
  Plugins plugins;
  for (auto const& name : plugins.catalog.names(ports::PluginKind::judge)) {
    if (name == "faulty" || name == "llm") continue;  // what a model says is on no page
    EXPECT_GE(examples[name], 2U) << name << " has no examples on the page";
  }
}

}  // namespace
}  // namespace itera::tests
