// Programs that stay up and speak JSON lines.
#include <chrono>
#include <csignal>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/host/line_match.hpp"
#include "core/host/process_caller.hpp"
#include "tests/unit/host/support.hpp"

namespace itera::tests {
namespace {

using namespace std::chrono_literals;

constexpr auto kEcho = R"(
import json, os, sys
for line in sys.stdin:
    r = json.loads(line)
    word = r["input"]
    if word == "die": os._exit(5)
    if word == "segv": os.kill(os.getpid(), 11)
    if word == "hang":
        import time; time.sleep(60)
    if word == "noisy":
        print("loading..."); print('{"id": "other", "output": "no"}'); print('["id"]'); print('{"id":')
        print("warned", file=sys.stderr, flush=True)
    if word == "mute":
        os.close(1)
        import time; time.sleep(60)
    if word == "big": word = "x" * 1000000
    if word == "last":
        sys.stdout.write(json.dumps({"id": r["id"], "output": "no line break"})); sys.stdout.flush(); os._exit(0)
    if word == "number": r["id"] = int(r["id"])
    print(json.dumps({"id": r["id"], "output": word, "pid": os.getpid()}), flush=True)
)";

class Pool : public ::testing::Test {
 protected:
  static ExecCall call(std::string const& word, std::uint64_t id, std::string const& pool = "arm") {
    ExecCall out;
    out.argv = {"python3", "-c", kEcho};
    out.framing = ExecCall::Framing::lines;
    out.pool = pool;
    out.id = std::to_string(id);
    out.input = nlohmann::json{{"id", out.id}, {"input", word}}.dump();
    return out;
  }
  ExecReply ask(std::string const& word, std::string const& pool = "arm", std::uint32_t timeout_ms = 30'000) {
    auto one = call(word, ++last_, pool);
    one.timeout_ms = timeout_ms;
    caller_.submit(last_, one);
    auto const done = caller_.wait();
    EXPECT_EQ(done.size(), 1U);
    EXPECT_EQ(done.at(0).first, last_);
    return done.at(0).second;
  }
  static int pid_of(ExecReply const& reply) { return nlohmann::json::parse(reply.output)["pid"]; }
  static std::string output_of(ExecReply const& reply) {
    return nlohmann::json::parse(reply.output)["output"];
  }

  host::ProcessCaller caller_{{}};
  std::uint64_t last_ = 0;
};

TEST_F(Pool, AProgramStaysUpForTheNextCall) {
  auto const first = ask("a");
  ASSERT_EQ(first.status, ReplyStatus::done) << first.error;
  EXPECT_EQ(output_of(first), "a");
  auto const second = ask("b");
  EXPECT_EQ(pid_of(second), pid_of(first));
  EXPECT_NE(pid_of(ask("c", "another arm")), pid_of(first)) << "pools share nothing";
}

TEST_F(Pool, NoiseIsSurvivedAndKept) {
  auto const reply = ask("noisy");
  ASSERT_EQ(reply.status, ReplyStatus::done);
  EXPECT_EQ(output_of(reply), "noisy");
  EXPECT_NE(reply.error.find("loading..."), std::string::npos);
  EXPECT_NE(reply.error.find("\"other\""), std::string::npos);
  EXPECT_TRUE(ask("a").error.empty()) << "noise belongs to its call";
}

TEST_F(Pool, BigRepliesAndNumericIds) {
  EXPECT_EQ(output_of(ask("big")).size(), 1'000'000U);
  EXPECT_EQ(ask("number").status, ReplyStatus::done);
}

TEST_F(Pool, ADeathFailsOneCallAndTheProgramIsReplaced) {
  auto const before = ask("a");
  auto const died = ask("die");
  EXPECT_EQ(died.status, ReplyStatus::ended);
  EXPECT_EQ(died.code, 5);
  auto const after = ask("b");
  ASSERT_EQ(after.status, ReplyStatus::done) << after.error;
  EXPECT_NE(pid_of(after), pid_of(before));
  auto const killed = ask("segv");
  EXPECT_EQ(killed.status, ReplyStatus::signalled);
  EXPECT_EQ(killed.code, SIGSEGV);
}

TEST_F(Pool, ADeathBetweenTwoCallsCostsNothing) {
  auto const pid = pid_of(ask("a"));
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  ASSERT_TRUE(is_gone(pid));
  EXPECT_EQ(ask("b").status, ReplyStatus::done);
}

TEST_F(Pool, ADeadlineEndsOnlyItsOwnProgram) {
  auto const hung = ask("hang", "arm", 300);
  EXPECT_EQ(hung.status, ReplyStatus::timed_out);
  EXPECT_LT(hung.latency_ms, 10'000);
  EXPECT_EQ(ask("a").status, ReplyStatus::done);
}

TEST_F(Pool, AReplyThatCameInTimeIsNotLateBecauseTheHostWasBusy) {
  (void)ask("a");  // the program is up
  auto one = call("b", 77);
  one.timeout_ms = 300;
  caller_.submit(77, one);
  std::this_thread::sleep_for(600ms);
  auto const done = caller_.wait();
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].second.status, ReplyStatus::done);
}

TEST_F(Pool, AClosedOutputIsNotWaitedForUntilTheDeadline) {
  auto const reply = ask("mute");
  EXPECT_EQ(reply.status, ReplyStatus::ended);
  EXPECT_LT(reply.latency_ms, 10'000);
  EXPECT_NE(reply.error.find("closed its standard output before it replied"), std::string::npos);
  EXPECT_EQ(ask("a").status, ReplyStatus::done);
}

TEST_F(Pool, ALastReplyWithoutALineBreakCounts) {
  auto const reply = ask("last");
  ASSERT_EQ(reply.status, ReplyStatus::done);
  EXPECT_EQ(output_of(reply), "no line break");
}

TEST_F(Pool, AProgramThatNeverSpeaksJsonTimesOutWithItsLastWords) {
  ExecCall one = sh("while read x; do echo usage: me FILE; done");
  one.framing = ExecCall::Framing::lines;
  one.id = "1";
  one.input = "{}";
  one.timeout_ms = 200;
  auto const reply = run(one);
  EXPECT_EQ(reply.status, ReplyStatus::timed_out);
  EXPECT_EQ(reply.error, "usage: me FILE\n");
}

TEST_F(Pool, EndlessNoiseIsCutOff) {
  host::CallerOptions options;
  options.output_limit = 1'000'000;
  for (auto const* script : {"yes", "head -c 100000000 /dev/zero; sleep 60"}) {
    ExecCall one = sh(script);
    one.framing = ExecCall::Framing::lines;
    one.id = "1";
    EXPECT_EQ(run(one, options).status, ReplyStatus::output_limit) << script;
  }
}

TEST_F(Pool, GrowsWithTheCallsInFlightUpToTheCapacity) {
  host::CallerOptions options;
  options.capacity = 8;
  host::ProcessCaller caller(options);
  std::set<int> programs;
  std::multiset<std::uint64_t> seen;
  std::uint64_t next = 0;
  while (next < 200 || caller.in_flight() > 0) {
    for (; next < 200 && caller.in_flight() < caller.capacity(); ++next)
      caller.submit(next, call(std::to_string(next), next));
    for (auto const& [ticket, reply] : caller.wait()) {
      ASSERT_EQ(reply.status, ReplyStatus::done) << reply.error;
      EXPECT_EQ(output_of(reply), std::to_string(ticket));
      programs.insert(pid_of(reply));
      seen.insert(ticket);
    }
  }
  EXPECT_EQ(seen.size(), 200U);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 200U);
  EXPECT_LE(programs.size(), 8U);
}

TEST_F(Pool, HalfOfThemDieAndEveryCallStillEndsOnce) {
  host::CallerOptions options;
  options.capacity = 4;
  host::ProcessCaller caller(options);
  std::uint64_t next = 0;
  int done = 0;
  int ended = 0;
  while (next < 30 || caller.in_flight() > 0) {
    for (; next < 30 && caller.in_flight() < caller.capacity(); ++next)
      caller.submit(next, call(next % 2 ? "die" : "a", next));
    for (auto const& [ticket, reply] : caller.wait()) {
      EXPECT_EQ(reply.status, ticket % 2 ? ReplyStatus::ended : ReplyStatus::done) << reply.error;
      reply.status == ReplyStatus::done ? ++done : ++ended;
    }
  }
  EXPECT_EQ(done, 15);
  EXPECT_EQ(ended, 15);
}

TEST_F(Pool, ClosingThePoolsEndsTheirPrograms) {
  auto const idle = pid_of(ask("a"));
  caller_.submit(99, call("hang", 99, "other"));
  auto const begun = std::chrono::steady_clock::now();
  caller_.close_pools();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
  EXPECT_TRUE(is_gone(idle));
  auto const done = caller_.wait();
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].second.status, ReplyStatus::cancelled);
  EXPECT_EQ(ask("b").status, ReplyStatus::done) << "a closed pool opens again";
}

TEST(LineMatch, OnlyAnObjectWithTheIdIsAReply) {
  using host::is_reply;
  EXPECT_TRUE(is_reply(R"({"id": "7", "output": "x"})", "7"));
  EXPECT_TRUE(is_reply("  {\"output\": \"x\", \"id\": 7}\r", "7"));
  for (auto const* line : {"", "7", "[7]", "{", "{\"id\": \"8\"}", "{\"id\": 7.0}", "{\"output\": \"x\"}",
                           "x{\"id\": \"7\"}", "{\"id\": \"7\"} {\"id\": \"7\"}"})
    EXPECT_FALSE(is_reply(line, "7")) << line;
  EXPECT_FALSE(
      is_reply("{\"id\": \"7\", \"x\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}", "7"))
      << "hostile nesting";
}

}  // namespace
}  // namespace itera::tests
