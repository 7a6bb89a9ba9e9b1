// What an experiment over HTTP costs, what it may cost, and what of it can be kept and asked again.
#include <atomic>
#include <map>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "core/split/seal.hpp"
#include "core/store/sqlite_store.hpp"
#include "tests/support/experiment.hpp"
#include "tests/support/http_server.hpp"

namespace itera::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr auto kKey = "sk-5ecre7-0f-7he-t3s7";
constexpr double kAnswer = 0.002, kSteady = 0.0015, kScore = 0.0005;

// Answers are right for the style `good`, and for `plain` on half of the texts; wrong ones repeat the key
// that they were asked with. Keeps the bill.
class Model {
 public:
  explicit Model(std::vector<Row> const& rows)
      : right_(by_text(rows)),
        server_([this](tests::HttpRequest const& request) { return answer(request); }) {}
  std::string url() const { return server_.url(); }
  double billed() const {
    std::lock_guard const lock(mutex_);
    return billed_;
  }
  std::size_t calls() const {
    std::lock_guard const lock(mutex_);
    return calls_;
  }

 private:
  static std::map<std::string, std::string> by_text(std::vector<Row> const& rows) {
    std::map<std::string, std::string> out;
    for (auto const& row : rows) out[row.text] = row.answer;
    return out;
  }

  tests::HttpAnswer answer(tests::HttpRequest const& request) {
    auto const body = Json::parse(request.body);
    tests::HttpAnswer out;
    Json reply;
    if (body.contains("row")) {
      auto const text = body.at("row").at("text").get<std::string>();
      bool const right = body.at("style") == "good" || std::hash<std::string>{}(text) % 2 == 0;
      reply = {{"output", right ? right_.at(text) : "wrong, says " + request.header("authorization")},
               {"cost_usd", kAnswer},
               {"steady_usd", kSteady},
               {"tokens", {{"in", 100}, {"out", 5}, {"cached_in", 0}, {"cache_write", 80}}}};
    } else {
      bool const right = body.at("output") == body.at("expected");
      reply = {{"value", right ? 1 : 0},
               {"passed", right},
               {"cost_usd", kScore},
               {"tokens", {{"in", 40}, {"out", 1}}}};
    }
    reply["echo"] = request.header("authorization");
    out.headers.emplace_back("x-echo", request.header("authorization"));
    out.body = reply.dump();
    std::lock_guard const lock(mutex_);
    billed_ += reply.at("cost_usd").get<double>();
    ++calls_;
    return out;
  }

  std::map<std::string, std::string> const right_;
  mutable std::mutex mutex_;
  double billed_ = 0;
  std::size_t calls_ = 0;
  tests::HttpServer server_;
};

struct Money : testing::Test {
  Money() { ::setenv("ITERA_TEST_KEY", kKey, 1); }

  void write(Workspace const& w, std::string const& url, std::string const& more = "",
             std::string const& most = "  most = 0.01") const {
    Spec spec;
    auto const server = "url = \"" + url + "\"  key = env(\"ITERA_TEST_KEY\")" + most;
    spec.uses = "use over_http from \"team/over_http.so\"\nuse judge_over_http from \"team/over_http.so\"";
    spec.baseline = "using over_http { ref \"ask.ts:1\"  " + server + "  style = \"plain\" }";
    spec.arms = "arm new from old \"better words\" { style = \"good\" }";
    spec.metric = "accuracy using judge_over_http { " + server + " }";
    spec.clauses += "\n  " + more;
    w.write("rows.csv", csv(rows));
    w.write("x.itera", spec.text());
    fs::create_directories(w.at("team"));
    fs::copy_file(ITERA_OVER_HTTP, w.at("team/over_http.so"), fs::copy_options::overwrite_existing);
  }

  std::vector<Row> rows = make_rows(120);
  Workspace w;
};

TEST_F(Money, JudgingIsReportedApartAndTheSteadyCostFirst) {
  Model model(rows);
  write(w, model.url(), "budget $20");
  auto const outcome = run(w);
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("judging included: a rough figure"));
  for (auto const& line : json_lines(w.read("exp/rows.jsonl"))) {
    EXPECT_EQ(line.at("cost_usd"), kAnswer) << line;
    EXPECT_EQ(line.at("steady_usd"), kSteady);
    EXPECT_EQ(line.at("judge_usd"), kScore);
    EXPECT_EQ(line.at("tokens"), Json({{"in", 100}, {"out", 5}, {"cached_in", 0}, {"cache_write", 80}}));
    EXPECT_EQ(line.at("judge_tokens"), Json({{"in", 40}, {"out", 1}}));
  }
  auto const evidence = data(w);
  for (auto const& arm : evidence.at("arms")) {
    EXPECT_NEAR(arm.at("cost_per_1k_usd").get<double>(), 1000 * kSteady, 1e-9) << "without judging";
    EXPECT_DOUBLE_EQ(arm.at("cost_first_call_usd").get<double>(), kAnswer);
    EXPECT_NEAR(arm.at("billed_per_1k_usd").get<double>(), 1000 * kAnswer, 1e-9);
  }
  EXPECT_NEAR(evidence.at("judging_per_1k_usd").get<double>(), 1000 * kScore, 1e-9);
  EXPECT_THAT(w.read("exp/conclusion.md"), HasSubstr("Judging cost"));
  EXPECT_EQ(evidence.at("replayed"), Json());
  EXPECT_THAT(w.itera({"status", "exp"}).out,
              HasSubstr("the pilot passed; a row with all arms and trials costs about $0.015"));
}

TEST_F(Money, ABudgetThatIsGoneStopsTheRunAndIsNeverExceeded) {
  Model model(rows);
  write(w, model.url(), "budget $0.2");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("the budget of $0.2 does not cover the next call: $0.1"));
  EXPECT_THAT(outcome.err,
              HasSubstr("before lock two a higher one is an amendment, after it a new experiment"));
  EXPECT_LE(model.billed(), 0.2);
  EXPECT_GT(model.billed(), 0.15);
  EXPECT_TRUE(entries(w, "unsealed").empty());

  auto const before = model.calls();
  auto const again = run(w);
  EXPECT_EQ(again.code, 50) << again.err;
  EXPECT_EQ(model.calls(), before) << "what an earlier process spent is spent";
  w.edit("x.itera", "budget $0.2", "budget $20");
  auto const moved = run(w);
  EXPECT_EQ(moved.code, 50) << moved.err;
  EXPECT_THAT(moved.err, HasSubstr("/budget_usd"));
}

TEST_F(Money, ABudgetMayBeRaisedBeforeLockTwo) {
  Model model(rows);
  write(w, model.url(), "budget $0.011");
  EXPECT_EQ(run(w, {"--until", "pilot"}).code, 50) << "one call, and one more that is not affordable";
  EXPECT_LE(model.billed(), 0.011);
  auto const planned = w.itera({"plan", "x.itera"}).out;
  EXPECT_THAT(planned, HasSubstr("what they cost is known after the pilot")) << planned;
  w.edit("x.itera", "budget $0.011", "budget $20");
  auto const pilot = run(w, {"--until", "pilot"});
  EXPECT_EQ(pilot.code, 0) << pilot.err;
  EXPECT_EQ(entries(w, "amended").size(), 1U);
}

TEST_F(Money, ABudgetNeedsABoundOnEveryCall) {
  Model model(rows);
  write(w, model.url(), "budget $20", "");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.err;
  EXPECT_THAT(
      outcome.err,
      HasSubstr("arm `old`: the most that its call can cost is not known, and the experiment has a budget"));
  EXPECT_THAT(outcome.err, HasSubstr("set `max_tokens` and prices"));
  EXPECT_EQ(model.calls(), 0U);
}

TEST_F(Money, TestIsNotOpenedIfTheRestMayNotCoverIt) {
  Model model(rows);
  // The pilot and dev cost about $0.905; test, 24 rows by 2 arms in 3 trials, could cost $2.88.
  write(w, model.url(), "budget $3");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err,
              HasSubstr("the rest of the budget does not cover the worst case of test, so test stays "
                        "sealed: $2.10 of $3.00 are left, and 24 rows could cost $2.88"));
  EXPECT_THAT(outcome.err, HasSubstr("`new` $0.02"));
  EXPECT_EQ(entries(w, "dev_pass").size(), 1U);
  EXPECT_TRUE(entries(w, "unsealed").empty());
}

TEST_F(Money, ARecordingGivesTheSameRecordsWithoutAServerOrAKey) {
  Workspace other;
  {
    Model model(rows);
    write(w, model.url());
    write(other, model.url());
    auto const live = run(w, {"--record", "rec.jsonl"});
    ASSERT_TRUE(w.has("exp/data.json")) << live.out << live.err;
    // The pilot is one row by two arms; dev and test are the rest. Every answer has a score.
    EXPECT_EQ(json_lines(w.read("rec.jsonl")).size(), 1 + model.calls());
  }
  ::unsetenv("ITERA_TEST_KEY");
  w.copy("rec.jsonl", "rec2.jsonl");
  other.write("rec.jsonl", w.read("rec.jsonl"));
  auto const replayed = run(other, {"--replay", "rec.jsonl"});
  ASSERT_TRUE(other.has("exp/data.json")) << replayed.out << replayed.err;
  EXPECT_EQ(records(other).at("rows.jsonl"), records(w).at("rows.jsonl"));
  auto const live = data(w), evidence = data(other);
  EXPECT_EQ(evidence.at("verdict").at("outcome"), live.at("verdict").at("outcome"));
  EXPECT_EQ(evidence.at("arms"), live.at("arms"));
  EXPECT_EQ(evidence.at("meta").at("latency").at("new"), Json()) << "a recording has no latency";
  EXPECT_NE(live.at("meta").at("latency").at("new"), Json());
  auto const entry = entries(other, "replayed");
  ASSERT_EQ(entry.size(), 1U);
  auto const begun = entry[0].at("body").at("begun").get<std::string>();
  EXPECT_EQ(begun.size(), 20U) << begun;
  EXPECT_THAT(evidence.at("verdict").at("summary").get<std::string>(),
              HasSubstr("Answers come from a recording that was begun at " + begun));
  EXPECT_EQ(evidence.at("self_audit")[0].at("answer"), "cannot be shown") << evidence.at("self_audit")[0];
  EXPECT_EQ(live.at("self_audit")[0].at("answer"), "yes") << live.at("self_audit")[0];
}

TEST_F(Money, WhatIsNotInTheRecordingIsNamed) {
  {
    Model model(rows);
    write(w, model.url());
    ASSERT_EQ(run(w, {"--record", "rec.jsonl", "--until", "pilot"}).code, 0);
  }
  auto const outcome = run(w, {"--replay", "rec.jsonl"});
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.err,
              testing::ContainsRegex("not in the recording rec.jsonl: arm `old`, row `[^`]+`, trial 0: "
                                     "POST http://127.0.0.1:[0-9]+/ with a body of [0-9]+ bytes"));
  w.write("odd.jsonl", "{}\n");
  EXPECT_THAT(run(w, {"--replay", "odd.jsonl"}).err,
              HasSubstr("odd.jsonl is no recording of calls: its first line is not the header of one"));
  EXPECT_EQ(run(w, {"--replay", "a", "--record", "b"}).code, 2);
}

// The values of the journal, decrypted.
std::string journal_of(Workspace const& w) {
  auto const seal = split::Seal::in(w.at("exp/state"));
  auto const db = store::open(w.at("exp/state/run.db"), "router", store::Open::read_only);
  if (!seal || !db) return {};
  std::string out;
  auto const ok = (*db)->scan([&](std::int64_t id, std::string_view key, std::string_view value) -> Status {
    out += seal->unlock(value, "journal:" + std::to_string(id) + ":" + std::string(key)).value_or("?") + "\n";
    return {};
  });
  return ok ? out : std::string();
}

TEST_F(Money, ASecretStandsNowhere) {
  Model model(rows);
  write(w, model.url(), "budget $20\n  report using html");
  auto const outcome = run(w, {"--record", "rec.jsonl", "--format", "json"});
  ASSERT_TRUE(w.has("exp/data.json")) << outcome.out << outcome.err;
  auto const journal = journal_of(w);
  EXPECT_THAT(journal, HasSubstr("wrong, says Bearer [secret ITERA_TEST_KEY]")) << "it did come back";
  EXPECT_THAT(journal, Not(HasSubstr(kKey)));
  EXPECT_THAT(outcome.out, Not(HasSubstr(kKey)));
  EXPECT_THAT(outcome.err, Not(HasSubstr(kKey)));
  std::size_t files = 0;
  for (auto const& entry : fs::recursive_directory_iterator(w.path())) {
    if (!entry.is_regular_file() || entry.path().extension() == ".so") continue;
    ++files;
    auto const name = fs::relative(entry.path(), w.path()).string();
    EXPECT_THAT(w.read(name), Not(HasSubstr(kKey))) << name;
  }
  EXPECT_GT(files, 15U);
  EXPECT_THAT(w.read("rec.jsonl"), HasSubstr("[secret ITERA_TEST_KEY]"));
  EXPECT_EQ(w.itera({"status", "exp", "--format", "json"}).out.find(kKey), std::string::npos);
}

}  // namespace
}  // namespace itera::test
