// What `itera verdict --data` says, as transcripts: `$ itera ...`, what it prints on either stream, how it
// exits. ITERA_UPDATE_GOLDENS=1 rewrites them, and the diff is reviewed like code.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/cli.hpp"
#include "tests/support/schema.hpp"

namespace itera::test {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> transcripts() {
  std::vector<fs::path> out;
  for (auto const& entry : fs::directory_iterator(ITERA_GOLDENS))
    if (entry.path().extension() == ".expect") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

// Words are parted by blanks; what stands between single quotes is one word.
std::vector<std::string> words(std::string const& line) {
  std::vector<std::string> out;
  bool quoted = false, open = false;
  for (char const c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      open = false;
      continue;
    }
    if (!open) out.emplace_back();
    open = true;
    if (c != '\'') out.back() += c;
  }
  return out;
}

class VerdictData : public ::testing::TestWithParam<fs::path> {};

TEST_P(VerdictData, SaysWhatItSaid) {
  Workspace w;
  for (auto const& entry : fs::directory_iterator(ITERA_GOLDENS))
    if (entry.path().extension() == ".json") fs::copy(entry.path(), w.path());
  std::ifstream in(GetParam());
  std::string expected, said;
  for (std::string line; std::getline(in, line);) {
    expected += line + "\n";
    if (!line.starts_with("$ itera ")) continue;
    auto const outcome = w.itera(words(line.substr(8)));
    if (line.find("--format json") != std::string::npos) {
      auto const document = nlohmann::json::parse(outcome.out, nullptr, false);
      EXPECT_EQ(wrong_by_schema(document), "") << line;
    }
    said += fmt::format("{}\n{}{}exit {}\n\n", line, outcome.out, outcome.err, outcome.code);
  }
  ASSERT_FALSE(said.empty()) << "no command in " << GetParam();
  if (std::getenv("ITERA_UPDATE_GOLDENS"))
    std::ofstream(GetParam(), std::ios::trunc) << said;
  else
    EXPECT_EQ(said, expected);
}

std::string text_of(fs::path const& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(VerdictDocs, ShowWhatIsSaid) {
  auto const page = text_of(ITERA_SOURCE_DIR "/docs/verdict.md");
  auto const begin = page.find("```text\n");
  ASSERT_NE(begin, std::string::npos);
  auto const shown = page.substr(begin + 8, page.find("```\n", begin + 8) - begin - 8);
  EXPECT_TRUE(shown.starts_with("$ itera verdict"));
  EXPECT_NE(text_of(fs::path(ITERA_GOLDENS) / "noisy_gain.expect").find(shown), std::string::npos)
      << "docs/verdict.md does not show what noisy_gain.expect has:\n"
      << shown;
}

INSTANTIATE_TEST_SUITE_P(Transcripts, VerdictData, ::testing::ValuesIn(transcripts()),
                         [](auto const& golden) { return golden.param.stem().string(); });

}  // namespace
}  // namespace itera::test
