#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Rows = std::vector<std::vector<std::string>>;

class SourceCsv : public ::testing::Test {
 protected:
  std::unique_ptr<ports::Source> open(std::string_view bytes, std::string const& separator = ",") {
    path_ = folder_.write("rows.csv", bytes).string();
    auto source = plugins_.source("csv", nlohmann::json{{"path", path_}, {"separator", separator}}.dump());
    return source ? std::move(*source) : nullptr;
  }
  Rows read(std::string_view bytes, std::vector<std::string> const& columns,
            std::string const& separator = ",") {
    Rows rows;
    auto const report = open(bytes, separator)->read(columns, [&](std::vector<ports::Cell>&& cells) {
      auto& row = rows.emplace_back();
      for (auto& cell : cells) row.push_back(std::get<std::string>(cell));
    });
    EXPECT_TRUE(report) << report.error().what;
    if (report) {
      EXPECT_EQ(report->rows, rows.size());
      EXPECT_EQ(report->version, "csv:" + std::to_string(bytes.size()));
    }
    return rows;
  }
  /// "line:column: what", or without the column; the path is cut off.
  std::string error(std::string_view bytes, std::vector<std::string> const& columns = {"a"}) {
    auto const report = open(bytes)->read(columns, [](auto&&) {});
    if (report) return "no error";
    EXPECT_EQ(report.error().kind, ErrorClass::invalid);
    help_ = report.error().help;
    auto what = report.error().what;
    auto const at = what.find(path_);
    return at == what.npos ? what : what.substr(at + path_.size() + 1);
  }

  TempFolder folder_;
  Plugins plugins_;
  std::string path_;
  std::string help_;
};

TEST_F(SourceCsv, ReadsTheColumnsAskedForInTheirOrder) {
  EXPECT_EQ(read("a,b,c\n1,2,3\n4,5,6\n", {"c", "a"}), (Rows{{"3", "1"}, {"6", "4"}}));
  EXPECT_EQ(read("a,b\n1,2", {"b", "b"}), (Rows{{"2", "2"}})) << "no line break at the end";
  EXPECT_EQ(read("a,b\n", {"a"}), Rows{}) << "a header alone is a file without rows";
}

TEST_F(SourceCsv, QuotedCellsHoldSeparatorsQuotesAndLineBreaks) {
  EXPECT_EQ(read("a,b\n\"1,\"\"x\"\"\",\"two\nlines\"\n", {"a", "b"}), (Rows{{"1,\"x\"", "two\nlines"}}));
  EXPECT_EQ(read("\"a\",\"b\"\r\n\"\",\"\r\n\"\r\n", {"a", "b"}), (Rows{{"", "\r\n"}}));
}

TEST_F(SourceCsv, LineEndsAndByteOrderMark) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\r\n1,2\r\n",
                 {"a", "b"}),
            (Rows{{"1", "2"}}));
  EXPECT_EQ(read("a\r\n1\r", {"a"}), (Rows{{"1"}}));
}

TEST_F(SourceCsv, CellsAreTextAsWritten) {
  EXPECT_EQ(read("a,b\n 007 ,\n", {"a", "b"}), (Rows{{" 007 ", ""}}));
}

TEST_F(SourceCsv, OtherSeparators) {
  EXPECT_EQ(read("a;b\n1,5;2\n", {"a", "b"}, ";"), (Rows{{"1,5", "2"}}));
  EXPECT_EQ(read("a\tb\n1\t\n", {"a", "b"}, "\t"), (Rows{{"1", ""}}));
  for (auto const* bad : {"", ",,", "\"", "\n"}) EXPECT_EQ(open("a\n", bad), nullptr) << bad;
}

TEST_F(SourceCsv, BlankLinesAreRowsOfAOneColumnFileOnly) {
  EXPECT_EQ(read("a,b\n\n1,2\r\n\r\n\n", {"a"}), (Rows{{"1"}}));
  EXPECT_EQ(read("a\nx\n\ny\n", {"a"}), (Rows{{"x"}, {""}, {"y"}}));
}

TEST_F(SourceCsv, SchemaNamesTheColumnsAndLeavesOutUnnamedOnes) {
  auto const schema = open(",subject,label\n0,x,y\n")->schema();
  ASSERT_TRUE(schema) << schema.error().what;
  ASSERT_EQ(schema->size(), 2U);
  EXPECT_EQ((*schema)[0].name, "subject");
  EXPECT_EQ((*schema)[0].type, "text");
}

TEST_F(SourceCsv, BadQuotingNamesLineAndColumn) {
  EXPECT_EQ(error("a,b\n1,x\"y\n"), "2:4: a quote inside a cell that does not begin with one");
  EXPECT_EQ(error("a,b\n1,\"x\"y\n"), "2:6: text after the closing quote of a cell");
  EXPECT_EQ(error("a,b\n\xC3\xA9,\"never\nclosed\n"), "2:3: this quote is never closed")
      << "columns count characters";
  EXPECT_EQ(error("a,b\n\"x\ny\",\"z\" \n"), "3:7: text after the closing quote of a cell")
      << "after a line break in a cell";
  EXPECT_EQ(error("a,b\n1,2\r3\n"), "2:4: a carriage return without a line feed");
}

TEST_F(SourceCsv, RaggedRowsNameLineAndColumn) {
  EXPECT_EQ(error("a,b\n1,2\n1,2,3\n"), "3:5: the row has 3 cells, the header has 2");
  EXPECT_EQ(error("a,b,c\n1,2\n"), "2:3: the row has 2 cells, the header has 3");
  EXPECT_FALSE(help_.empty());
}

TEST_F(SourceCsv, HeadersAreChecked) {
  EXPECT_EQ(error("a,b,a\n"), "1:5: two columns are named `a`");
  EXPECT_NE(error("").find("is empty"), std::string::npos);
  EXPECT_NE(error("\xEF\xBB\xBF").find("is empty"), std::string::npos);
}

TEST_F(SourceCsv, AMissingColumnGetsASuggestion) {
  EXPECT_NE(error("subject,label\n", {"labels"}).find("has no column `labels`"), std::string::npos);
  EXPECT_EQ(help_, "did you mean `label`?");
  (void)error("subject,label\n", {"vendor"});
  EXPECT_EQ(help_, "its columns are `subject`, `label`");
}

TEST_F(SourceCsv, InvalidUtf8NamesItsLine) {
  EXPECT_EQ(error("a,b\n1,2\nx,caf\xE9\n"), "3: text that is not UTF-8");
  EXPECT_EQ(error("a,b\n\"x\ny\xFF\",2\n"), "3: text that is not UTF-8");
  EXPECT_EQ(error("a,b\n\xC3,\xA9\n"), "2: text that is not UTF-8")
      << "two halves of a character in two cells";
  EXPECT_EQ(error(std::string_view("\xFF\xFE"
                                   "a\0\n\0",
                                   6)),
            "1: text that is not UTF-8");
  EXPECT_NE(help_.find("UTF-16"), std::string::npos);
}

TEST_F(SourceCsv, AMissingFileIsTheUsersToMend) {
  auto source = plugins_.source("csv", R"({"path": "/nowhere/rows.csv", "separator": ","})");
  ASSERT_TRUE(source);
  auto const schema = (*source)->schema();
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().kind, ErrorClass::invalid);
  EXPECT_EQ(schema.error().what, "source `csv`: cannot open `/nowhere/rows.csv`: No such file or directory");
}

// Cells, quotes and line ends fall on every side of the edges of the read buffer.
TEST_F(SourceCsv, StreamsMoreThanABuffer) {
  std::string bytes = "n,text\r\n";
  Rows wanted;
  for (int i = 0; i < 60'000; ++i) {
    auto const text =
        std::string(static_cast<std::size_t>(i % 97), 'x') + "\"," + std::to_string(i) + "\n\xE2\x82\xAC";
    std::string quoted;
    for (char const c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    bytes += std::to_string(i) + ",\"" + quoted + "\"\r\n";
    wanted.push_back({text, std::to_string(i)});
  }
  ASSERT_GT(bytes.size(), std::size_t{3} << 20);
  EXPECT_EQ(read(bytes, {"text", "n"}), wanted);
}

}  // namespace
}  // namespace itera::tests
