#include "core/run/purse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/run/pass.hpp"
#include "core/store/sqlite_store.hpp"
#include "tests/support/dice.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;
using ports::HttpReply;
using support::Dice;
using test::TempFolder;

TEST(Money, IsWholeBillionthsRoundedUp) {
  EXPECT_EQ(nano(0.1) + nano(0.2), nano(0.3));
  EXPECT_EQ(nano(1e-10), 1);
  EXPECT_EQ(nano(12.3), 12'300'000'000);
  EXPECT_EQ(money(12.3), "$12.30");
  EXPECT_EQ(money(0.0042), "$0.0042");
  EXPECT_EQ(money(0), "$0");
}

TEST(Money, WhatTheOtherSideTurnedAwayIsNotBilled) {
  for (auto const* free : {"400", "401", "429", "503", "529", "refused", "not_recorded"})
    EXPECT_FALSE(ports::may_be_billed(free)) << free;
  for (auto const* billed : {"408", "500", "502", "504", "network", "timed_out", "too_large", "cancelled"})
    EXPECT_TRUE(ports::may_be_billed(billed)) << billed;
}

// A process's journal in a folder that outlives it.
struct Opened {
  explicit Opened(std::filesystem::path const& folder) : seal(*split::Seal::in(folder)) {
    auto opened = store::open(folder / "run.db", "small", store::Open::existing_or_new);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().what);
    store = std::move(*opened);
    journal.emplace(*Journal::open(*store, seal));
  }
  split::Seal seal;
  std::unique_ptr<ports::Store> store;
  std::optional<Journal> journal;
};

HttpReply replied(int code, std::vector<std::string> retries = {}) {
  HttpReply out;
  out.status = HttpReply::Status::done;
  out.code = code;
  out.retries = std::move(retries);
  return out;
}

struct Purses : testing::Test {
  Purse purse(Rational budget = {10, 1}) {
    opened.emplace(folder.path());
    return Purse(*opened->journal, budget);
  }
  void end_process() {
    ASSERT_TRUE(opened->journal->commit());
    opened.reset();
  }
  TempFolder folder{test::in_memory()};
  std::optional<Opened> opened;
};

TEST_F(Purses, HoldTheMostUntilTheCostIsKnown) {
  auto purse = this->purse();
  Purse::Hold hold;
  ASSERT_TRUE(purse.hold(hold, nano(4)));
  EXPECT_EQ(purse.left(), nano(6));
  EXPECT_FALSE(purse.affords(nano(6) + 1));
  ASSERT_TRUE(purse.replied(hold, nano(4), replied(200)));
  ASSERT_TRUE(purse.settle(hold, "arm `a`", 1.5));
  EXPECT_EQ(purse.spent(), nano(1.5));
  EXPECT_EQ(purse.reserved(), 0);
  EXPECT_EQ(purse.bound("arm `a`"), nano(4));
  EXPECT_EQ(purse.overdrawn(), "");
  end_process();

  auto next = this->purse();
  EXPECT_EQ(next.spent(), nano(1.5)) << "what an earlier process paid counts";
  EXPECT_EQ(next.bound("arm `a`"), nano(4));
}

TEST_F(Purses, CountAReplyWithoutACostAsItsMost) {
  auto purse = this->purse();
  Purse::Hold hold;
  ASSERT_TRUE(purse.hold(hold, nano(4)));
  ASSERT_TRUE(purse.replied(hold, nano(4), replied(200)));
  ASSERT_TRUE(purse.settle(hold, "arm `a`", std::nullopt));
  EXPECT_EQ(purse.spent(), nano(4));
}

TEST_F(Purses, CountAnAttemptThatMayBeBilledAsItsMost) {
  auto purse = this->purse();
  Purse::Hold hold;
  ASSERT_TRUE(purse.hold(hold, nano(3)));
  EXPECT_TRUE(purse.hold_again(hold, nano(3), "429")) << "costs nothing";
  EXPECT_TRUE(purse.hold_again(hold, nano(3), "network"));
  EXPECT_TRUE(purse.hold_again(hold, nano(3), "504"));
  EXPECT_FALSE(purse.hold_again(hold, nano(3), "timed_out")) << "9 of 10 are gone";
  ASSERT_TRUE(purse.replied(hold, nano(3), replied(200, {"429", "network", "504"})));
  ASSERT_TRUE(purse.settle(hold, "arm `a`", 1.0));
  EXPECT_EQ(purse.spent(), nano(7)) << "two that were lost and what the third did cost";
  end_process();
  EXPECT_EQ(this->purse().spent(), nano(7));
}

TEST_F(Purses, PayNothingForWhatWasTurnedAwayOrReplayed) {
  auto purse = this->purse();
  Purse::Hold hold;
  ASSERT_TRUE(purse.hold(hold, nano(3)));
  ASSERT_TRUE(purse.replied(hold, nano(3), replied(401)));
  ASSERT_TRUE(purse.settle(hold, "arm `a`", std::nullopt));
  EXPECT_EQ(purse.spent(), 0);
  ASSERT_TRUE(purse.hold(hold, nano(3)));
  auto recorded = replied(200, {"network"});
  recorded.replayed = true;
  ASSERT_TRUE(purse.replied(hold, nano(3), recorded));
  ASSERT_TRUE(purse.settle(hold, "arm `a`", 2.0));
  EXPECT_EQ(purse.spent(), 0);
  EXPECT_EQ(purse.left(), nano(10));
}

TEST_F(Purses, SayWhoCostMoreThanItsCallsCould) {
  auto purse = this->purse();
  Purse::Hold hold;
  ASSERT_TRUE(purse.hold(hold, nano(1)));
  ASSERT_TRUE(purse.replied(hold, nano(1), replied(200)));
  ASSERT_TRUE(purse.settle(hold, "arm `a`", 2.5));
  EXPECT_EQ(purse.overdrawn(),
            "arm `a` cost $2.50, and its calls could cost $1.00 at most by what was said of them");
  EXPECT_EQ(purse.spent(), nano(2.5));
}

TEST_F(Purses, AProcessThatDiesLeavesWhatItHeldPaid) {
  auto purse = this->purse();
  Purse::Hold hold;
  ASSERT_TRUE(purse.hold(hold, nano(4)));
  end_process();
  EXPECT_EQ(this->purse().spent(), nano(4));
}

// --- a whole pass in a made-up world

struct Killed {};

// Bills whatever is asked of it, whether somebody waits for the answer or not.
struct Bank {
  Nano budget = 0, billed = 0;
  std::size_t attempts = 0;
  void bill(Nano amount) {
    billed += amount;
    ++attempts;
    EXPECT_LE(billed, budget);
  }
};

// Ends calls in any order; `deaths` in 100 waits end the process.
class World final : public ports::Caller {
 public:
  World(Bank& bank, Dice& dice, std::size_t capacity, std::size_t troubles, std::size_t deaths)
      : bank_(bank), dice_(dice), capacity_(capacity), troubles_(troubles), deaths_(deaths) {}
  bool has_room(ports::Call const&) const override { return open_.size() < capacity_; }
  std::size_t in_flight() const override { return open_.size(); }
  std::size_t most_in_flight() const override { return capacity_; }
  void submit(std::uint64_t ticket, ports::Call call) override {
    auto http = std::move(std::get<ports::HttpCall>(call));
    open_.push_back({ticket, std::move(http), 0, {}, {}});
    attempt(open_.back());
  }
  std::vector<std::pair<std::uint64_t, ports::Reply>> wait(
      std::optional<std::chrono::milliseconds>) override {
    std::vector<std::pair<std::uint64_t, ports::Reply>> out;
    while (out.empty() && !open_.empty()) {
      if (dice_.chance(deaths_)) throw Killed{};
      auto const i = dice_.below(open_.size());
      auto& open = open_[i];
      if (open.fate != "200" && open.retries.size() < 5 && open.call.may_try_again &&
          open.call.may_try_again(open.fate)) {
        open.retries.push_back(open.fate);
        attempt(open);
        continue;
      }
      HttpReply reply;
      reply.retries = open.retries;
      if (open.fate != "network") {
        reply.status = HttpReply::Status::done;
        reply.code = std::stoi(open.fate);
        reply.body = std::to_string(open.cost);
      }
      out.emplace_back(open.ticket, std::move(reply));
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return out;
  }
  void close_pools() override {}

 private:
  struct Open {
    std::uint64_t ticket;
    ports::HttpCall call;
    Nano cost;
    std::string fate;
    std::vector<std::string> retries;
  };
  // Billed as soon as it is asked for, unless it is turned away.
  void attempt(Open& open) {
    open.fate = !dice_.chance(troubles_) ? "200" : dice_.of<std::string>({"429", "network", "500"});
    auto const most = nano(*open.call.most_usd);
    open.cost = static_cast<Nano>(dice_.below(static_cast<std::size_t>(most) + 1));
    if (open.fate != "429") bank_.bill(open.cost);
  }
  Bank& bank_;
  Dice& dice_;
  std::size_t capacity_, troubles_, deaths_;
  std::vector<Open> open_;
};

std::size_t from_text(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

// Asks once or twice, then says what that did cost together, if it says it at all.
std::string work(ports::StepItem const& item, ports::StepResult::Kind end, ports::StepResult::Kind& kind,
                 bool always_says) {
  auto const which = from_text(std::string(item.row) + std::to_string(item.trial));
  auto const call = [&](Nano so_far) {
    kind = ports::StepResult::Kind::call;
    auto const most = 1 + (which + item.step) % 1000;
    return Json{
        {"call", {{"http", {{"url", "https://world/"}, {"most_usd", dollars(static_cast<Nano>(most))}}}}},
        {"state", so_far}}
        .dump();
  };
  if (!item.reply) return call(0);
  auto const reply = Json::parse(*item.reply).at("http");
  auto const so_far = Json::parse(*item.state).get<Nano>();
  Json out;
  bool const good = reply.at("status") == "done" && reply.at("code") == 200;
  auto const cost = so_far + (good ? std::stoll(reply.at("body").get<std::string>()) : 0);
  if (good && item.step == 1 && which % 4 == 0) return call(cost);
  if (always_says || which % 5 != 0) out["cost_usd"] = dollars(cost);
  if (!good) {
    kind = ports::StepResult::Kind::error;
    out["kind"] = which % 2 == 0 ? "infrastructure" : "arm";
    out["message"] = "no answer";
    return out.dump();
  }
  kind = end;
  if (end == ports::StepResult::Kind::answer) out["output"] = "x";
  if (end == ports::StepResult::Kind::score) out["value"] = 1;
  return out.dump();
}

template <class Role, ports::StepResult::Kind kEnd>
struct Worker : Role {
  explicit Worker(bool always) : always_says(always) {}
  Result<std::vector<ports::StepResult>> step(std::span<ports::StepItem const> items) override {
    std::vector<ports::StepResult> out;
    for (auto const& item : items) {
      ports::StepResult result;
      result.handle = item.handle;
      result.json = work(item, kEnd, result.kind, always_says);
      out.push_back(std::move(result));
    }
    return out;
  }
  bool always_says;
};
struct TestArm final : Worker<ports::Arm, ports::StepResult::Kind::answer> {
  using Worker::Worker;
  Result<std::optional<std::string>> prepare() override { return std::optional<std::string>{}; }
};
using TestJudge = Worker<ports::Judge, ports::StepResult::Kind::score>;

struct Quiet final : ports::Progress {
  void phase(std::string_view) override {}
  void note(std::string_view) override {}
  void warning(std::string_view text) override { warnings.emplace_back(text); }
  void tick(ports::PassState const&) override {}
  bool stop_requested() override { return false; }
  std::vector<std::string> warnings;
};

struct Story {
  Rational budget{1, 1000};
  std::size_t rows = 12, capacity = 4, troubles = 0, deaths = 0;
  bool always_says = true;
};

struct Ended {
  std::optional<Error> error;
  Nano spent = 0;
  std::size_t processes = 0;
};

// One process after the other until one of them is not killed.
Ended live(Story const& story, Bank& bank, Dice& dice) {
  auto const plan = test::small_plan(1);
  std::vector<split::Row> rows;
  for (std::size_t i = 0; i < story.rows; ++i)
    rows.push_back(test::row("k" + std::to_string(i), "t" + std::to_string(i), "x", "a"));
  auto const tasks = interleaved(plan, rows, {0, 1}, 0, [](std::size_t) { return 2U; });
  TempFolder const folder(test::in_memory());
  Ended out;
  for (;;) {
    ++out.processes;
    Opened opened(folder.path());
    Purse purse(*opened.journal, story.budget);
    bank.budget = purse.budget();
    World world(bank, dice, story.capacity, story.troubles, out.processes < 20 ? story.deaths : 0);
    Quiet quiet;
    Cast cast;
    cast.arms.push_back(std::make_unique<TestArm>(story.always_says));
    cast.arms.push_back(std::make_unique<TestArm>(story.always_says));
    cast.judge = std::make_unique<TestJudge>(story.always_says);
    cast.caller = &world;
    cast.progress = &quiet;
    cast.prepared.resize(2);
    cast.journal = &*opened.journal;
    cast.who = {"base", "arm1"};
    cast.purse = &purse;
    try {
      auto const cells = run_pass(plan, rows, tasks, cast, {"dev", true, false});
      EXPECT_TRUE(quiet.warnings.empty()) << quiet.warnings.front();
      if (!cells) out.error = cells.error();
      out.spent = purse.spent();
      EXPECT_GE(purse.spent() + purse.reserved(), bank.billed) << "what is known is never less than the bill";
      if (cells) {
        EXPECT_EQ(purse.reserved(), 0);
      }
      return out;
    } catch (Killed const&) {
    }
  }
}

TEST(Budget, IsNeverExceededWhateverHappens) {
  std::size_t refused = 0, finished = 0, killed = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Dice dice(seed);
    Story story;
    story.rows = 1 + dice.below(12);
    story.capacity = 1 + dice.below(9);
    story.troubles = dice.of<std::size_t>({0, 10, 40, 80});
    story.deaths = dice.of<std::size_t>({0, 1, 5, 20});
    story.always_says = dice.one_in(2);
    // Enough for a few calls, for about half of them, for all of them.
    story.budget = {static_cast<std::int64_t>(1000 + dice.below(100'000)), 1'000'000'000};
    Bank bank;
    auto const ended = live(story, bank, dice);
    ASSERT_LE(bank.billed, bank.budget) << "seed " << seed;
    if (ended.error) {
      EXPECT_EQ(ended.error->kind, ErrorClass::refused) << ended.error->what;
      EXPECT_THAT(ended.error->what, testing::StartsWith("the budget of $"));
    }
    refused += ended.error.has_value();
    finished += !ended.error;
    killed += ended.processes > 1;
  }
  EXPECT_GT(refused, 8U);
  EXPECT_GT(finished, 8U);
  EXPECT_GT(killed, 8U);
}

TEST(Budget, IsSpentToTheBillionthWhereEveryCostIsSaid) {
  Dice dice(3);
  Bank bank;
  auto const ended = live({}, bank, dice);
  ASSERT_FALSE(ended.error) << ended.error->what;
  EXPECT_EQ(ended.spent, bank.billed);
  EXPECT_GT(bank.attempts, 90U) << "2 arms, 2 trials, 12 rows, each judged, some in two calls";
}

TEST(Budget, ThatDoesNotCoverTheNextCallSaysWhatIsNeeded) {
  Dice dice(4);
  Bank bank;
  Story story;
  story.budget = {5000, 1'000'000'000};
  auto const ended = live(story, bank, dice);
  ASSERT_TRUE(ended.error);
  EXPECT_EQ(ended.error->kind, ErrorClass::refused);
  EXPECT_THAT(ended.error->what,
              testing::MatchesRegex("the budget of \\$0.000005 does not cover the next call: \\$0.0000.* is "
                                    "spent, \\$0.* is reserved for answers that are not whole, and the call "
                                    "can cost \\$0.0000.*; of 48 answers of dev there are [0-9]+, [0-9]+ are "
                                    "left, and they need about \\$0.0000.* at what those did cost"));
  EXPECT_EQ(ended.error->help,
            "what is paid for is kept; `budget` is part of the lock: before lock two a higher one is an "
            "amendment, after it a new experiment");
}

}  // namespace
}  // namespace itera::run
