#include "core/plan/ledger.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::plan {
namespace {

class LedgerFile : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = Ledger::open(file());
    ASSERT_TRUE(ledger);
    ASSERT_TRUE(ledger->append("framed", {{"name", "x"}}, {{"at", "one"}}));
    ASSERT_TRUE(ledger->append("split", {{"rows", 5}}, {{"at", "two"}}));
  }
  std::filesystem::path file() const { return folder_.path() / "ledger.jsonl"; }
  std::string reopened_after(std::string const& from, std::string const& to) const {
    auto text = read_file(file()).value();
    auto const at = text.find(from);
    EXPECT_NE(at, text.npos);
    EXPECT_TRUE(write_file(file(), text.replace(at, from.size(), to)));
    auto const ledger = Ledger::open(file());
    return ledger ? "" : ledger.error().what.substr(folder_.path().string().size() + 1);
  }
  test::TempFolder folder_;
};

TEST_F(LedgerFile, OpensWhatItWrote) {
  auto const ledger = Ledger::open(file());
  ASSERT_TRUE(ledger);
  ASSERT_EQ(ledger->entries().size(), 2U);
  EXPECT_EQ(ledger->entries()[1].previous, ledger->entries()[0].digest);
  EXPECT_TRUE(ledger->has("framed"));
  EXPECT_FALSE(ledger->has("verdict"));
}

TEST_F(LedgerFile, AnEditedBodyIsFound) {
  EXPECT_EQ(reopened_after("\"rows\":5", "\"rows\":6"), "ledger.jsonl:2: its digest does not match its body");
}

TEST_F(LedgerFile, AMissingEntryIsFound) {
  auto text = read_file(file()).value();
  ASSERT_TRUE(write_file(file(), text.substr(text.find('\n') + 1)));
  auto const ledger = Ledger::open(file());
  ASSERT_FALSE(ledger);
  EXPECT_NE(ledger.error().what.find("ledger.jsonl:1: the chain is broken"), std::string::npos);
}

TEST_F(LedgerFile, ACutLineIsFound) {
  auto text = read_file(file()).value();
  ASSERT_TRUE(write_file(file(), text.substr(0, text.size() - 10)));
  auto const ledger = Ledger::open(file());
  ASSERT_FALSE(ledger);
  EXPECT_NE(ledger.error().what.find("ledger.jsonl:2: the last entry is cut short"), std::string::npos);
}

// Two entries: what stands behind the acknowledged ones may be unfinished, and nothing else.
TEST_F(LedgerFile, AnEntryThatNobodyWasToldOfMayBeUnfinished) {
  auto const text = read_file(file()).value();
  for (auto const& cut : {text.substr(0, text.size() - 10), text.substr(0, text.size() - 1),
                          text.substr(0, text.size() - 10) + std::string(9, '\0') + "\n"}) {
    ASSERT_TRUE(write_file(file(), cut));
    EXPECT_FALSE(Ledger::open(file(), 2)) << "two were acknowledged";
    auto ledger = Ledger::open(file(), 1);
    ASSERT_TRUE(ledger) << ledger.error().what;
    EXPECT_EQ(ledger->entries().size(), 1U);
    EXPECT_EQ(ledger->torn(), cut.size() - text.find('\n') - 1);
    ASSERT_TRUE(ledger->cut_torn());
    EXPECT_EQ(read_file(file()).value(), text.substr(0, text.find('\n') + 1));
  }
}

TEST_F(LedgerFile, MetaIsNotCovered) {
  EXPECT_EQ(reopened_after("\"at\":\"two\"", "\"at\":\"six\""), "");
}

}  // namespace
}  // namespace itera::plan
