#include "core/run/journal.hpp"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/store/sqlite_store.hpp"

namespace itera::run {
namespace {

namespace fs = std::filesystem;

struct Journals : testing::Test {
  Journals() : folder(fs::temp_directory_path() / ("itera-journal-" + std::to_string(::getpid()))) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    seal.emplace(*split::Seal::in(folder));
  }
  ~Journals() override { fs::remove_all(folder); }

  std::unique_ptr<ports::Store> store(store::Open how = store::Open::existing_or_new) {
    auto out = store::open(folder / "run.db", "router", how);
    EXPECT_TRUE(out) << (out ? "" : out.error().what);
    return out ? std::move(*out) : nullptr;
  }

  fs::path folder;
  std::optional<split::Seal> seal;
};

Cell some_cell() {
  Cell cell;
  cell.ending = Ending::arm_error;
  cell.score = 123456;
  cell.passed = true;
  cell.rest.edit().failures = {"wrong", "late"};
  cell.rest.edit().error = "exit code 3";
  cell.rest.edit().output = std::string("a\0b\xff", 4);
  cell.cost_usd = 0.1;
  auto& rest = cell.rest.edit();
  rest.tokens = Tokens{7, 8, 3, 2};
  rest.steady_usd = 0.05;
  rest.judge_usd = 0.01;
  rest.judge_tokens = Tokens{40, 1, 0, 0};
  rest.first_token_ms = 1.25;
  rest.retries = {"429", "network"};
  rest.replayed = true;
  cell.latency_ms = 1.5;
  cell.attempts = 2;
  return cell;
}

TEST_F(Journals, WhatIsStoredComesBackInTheNextProcess) {
  auto const key = Journal::cell_key("arm", "row", 1);
  ports::ExecReply reply;
  reply.status = ports::ExecReply::Status::signalled;
  reply.code = 9;
  reply.output = std::string("\0\xfe", 2);
  reply.error = "killed";
  reply.latency_ms = 2.25;
  {
    auto const db = store();
    auto journal = Journal::open(*db, *seal);
    ASSERT_TRUE(journal);
    EXPECT_TRUE(journal->empty());
    ASSERT_TRUE(journal->put(key, some_cell()));
    ASSERT_TRUE(journal->put(Journal::call_key(key, 0, "{}"), reply));
    ASSERT_TRUE(journal->commit());
    ASSERT_TRUE(journal->sync());
  }
  auto const db = store(store::Open::existing);
  auto journal = Journal::open(*db, *seal);
  ASSERT_TRUE(journal) << journal.error().what;
  auto const cell = journal->cell(key);
  ASSERT_TRUE(cell && *cell);
  EXPECT_EQ((*cell)->ending, Ending::arm_error);
  EXPECT_EQ((*cell)->score, 123456);
  EXPECT_TRUE((*cell)->passed);
  EXPECT_EQ((*cell)->rest->failures, some_cell().rest->failures);
  EXPECT_EQ((*cell)->rest->error, "exit code 3");
  EXPECT_EQ((*cell)->rest->output, some_cell().rest->output);
  EXPECT_EQ((*cell)->cost_usd, 0.1);
  EXPECT_EQ(*(*cell)->rest, *some_cell().rest);
  EXPECT_EQ((*cell)->latency_ms, 1.5);
  EXPECT_EQ((*cell)->attempts, 2U);
  auto const stored = journal->reply(Journal::call_key(key, 0, "{}"));
  ASSERT_TRUE(stored && *stored);
  auto const* back = std::get_if<ports::ExecReply>(&**stored);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->status, reply.status);
  EXPECT_EQ(back->code, 9);
  EXPECT_EQ(back->output, reply.output);
  EXPECT_EQ(back->error, "killed");
  EXPECT_EQ(back->latency_ms, 2.25);
}

TEST_F(Journals, AReplyOverHttpComesBackWithAllThatIsKnownOfIt) {
  ports::HttpReply reply;
  reply.status = ports::HttpReply::Status::done;
  reply.code = 200;
  reply.headers = {{"content-type", "application/json"}, {"x-odd", "\xff"}};
  reply.body = std::string("{\0}", 3);
  reply.latency_ms = 812.5;
  reply.first_token_ms = 120.25;
  reply.retries = {"429", "network"};
  auto const key = Journal::call_key(Journal::cell_key("arm", "row", 1), 0, "{}");
  {
    auto const db = store();
    auto journal = Journal::open(*db, *seal);
    ASSERT_TRUE(journal && journal->put(key, reply) && journal->commit());
  }
  auto const db = store(store::Open::existing);
  auto journal = Journal::open(*db, *seal);
  ASSERT_TRUE(journal);
  auto const stored = journal->reply(key);
  ASSERT_TRUE(stored && *stored);
  auto const* back = std::get_if<ports::HttpReply>(&**stored);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->status, reply.status);
  EXPECT_EQ(back->code, 200);
  EXPECT_EQ(back->headers, reply.headers);
  EXPECT_EQ(back->body, reply.body);
  EXPECT_EQ(back->error, "");
  EXPECT_EQ(back->latency_ms, 812.5);
  EXPECT_EQ(back->first_token_ms, 120.25);
  EXPECT_EQ(back->retries, reply.retries);
  EXPECT_FALSE(back->replayed);
}

TEST_F(Journals, WhatIsNotCommittedIsNotThere) {
  auto const key = Journal::cell_key("arm", "row", 0);
  {
    auto const db = store();
    auto journal = Journal::open(*db, *seal);
    ASSERT_TRUE(journal->put(key, some_cell()));
  }
  auto const db = store();
  auto journal = Journal::open(*db, *seal);
  EXPECT_FALSE(*journal->cell(key));
}

TEST_F(Journals, KeysTellArmRowTrialStepAndCallApart) {
  std::set<std::string> keys;
  for (auto const* who : {"a", "b"})
    for (auto const* row : {"r", "s"})
      for (std::uint32_t trial : {0U, 1U}) {
        auto const cell = Journal::cell_key(who, row, trial);
        keys.insert(cell);
        for (std::uint32_t step : {0U, 1U})
          for (auto const* call : {"{}", "[]"}) keys.insert(Journal::call_key(cell, step, call));
      }
  EXPECT_EQ(keys.size(), 8U + 8U * 4U);
}

TEST_F(Journals, AnotherKeyOpensNothing) {
  {
    auto const db = store();
    auto journal = Journal::open(*db, *seal);
    ASSERT_TRUE(journal->put(Journal::cell_key("arm", "row", 0), some_cell()));
    ASSERT_TRUE(journal->commit());
  }
  fs::remove(folder / "seal.key");
  auto const other = *split::Seal::in(folder);
  auto const db = store();
  auto const journal = Journal::open(*db, other);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorClass::refused);
  EXPECT_EQ(journal.error().what,
            "state/run.db cannot be believed: entry 1 was changed, or is another experiment's");
}

TEST_F(Journals, TheLastOfTwoWithOneKeyCounts) {
  auto const key = Journal::cell_key("arm", "row", 0);
  {
    auto const db = store();
    auto journal = Journal::open(*db, *seal);
    auto cell = some_cell();
    ASSERT_TRUE(journal->put(key, cell));
    cell.score = 7;
    ASSERT_TRUE(journal->put(key, cell));
    ASSERT_TRUE(journal->commit());
  }
  auto const db = store();
  auto journal = Journal::open(*db, *seal);
  EXPECT_EQ((**journal->cell(key)).score, 7);
}

TEST_F(Journals, ASecondProcessIsKeptOut) {
  auto const first = store();
  auto const second = store::open(folder / "run.db", "router", store::Open::existing);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what, (folder / "run.db").string() + " is in use by another process");
}

}  // namespace
}  // namespace itera::run
