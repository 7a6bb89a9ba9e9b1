#include "core/host/process_caller.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/host/support.hpp"

namespace itera::tests {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(ProcessCaller, GivesOutputErrorAndExitCode) {
  auto const reply = run(sh("cat; echo trouble >&2; exit 3", "hello"));
  EXPECT_EQ(reply.status, ReplyStatus::done);
  EXPECT_EQ(reply.code, 3);
  EXPECT_EQ(reply.output, "hello");
  EXPECT_EQ(reply.error, "trouble\n");
  EXPECT_GT(reply.latency_ms, 0);
  EXPECT_LT(reply.latency_ms, 5000);
}

TEST(ProcessCaller, ClosesStandardInputBehindTheInput) {
  EXPECT_EQ(run(sh("wc -c | tr -d ' '")).output, "0\n");
  EXPECT_EQ(run(sh("wc -c | tr -d ' '", std::string(300'000, 'x'))).output, "300000\n")
      << "more than a pipe holds";
}

TEST(ProcessCaller, AProgramNeedNotReadItsInput) {
  auto const reply = run(sh("echo done", std::string(5'000'000, 'x')));
  EXPECT_EQ(reply.status, ReplyStatus::done);
  EXPECT_EQ(reply.output, "done\n");
}

TEST(ProcessCaller, WritingToAProgramThatIsGoneLeavesNoSignalBehind) {
  EXPECT_EQ(run(sh("exec 0<&-; sleep 0.1", std::string(5'000'000, 'x'))).status, ReplyStatus::done);
  sigset_t pending;
  sigset_t blocked;
  ::sigpending(&pending);
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
  EXPECT_EQ(::sigismember(&blocked, SIGPIPE), 0);
}

TEST(ProcessCaller, TellsASignalFromAnExitCode) {
  auto const reply = run(sh("kill -SEGV $$"));
  EXPECT_EQ(reply.status, ReplyStatus::signalled);
  EXPECT_EQ(reply.code, SIGSEGV);
}

TEST(ProcessCaller, CarriesAMegabyteAndAnyByte) {
  auto const big = run(sh("head -c 1000000 /dev/zero"));
  EXPECT_EQ(big.output, std::string(1'000'000, '\0'));
  std::string const bytes("a\0\xFF\r\n\x80", 6);
  EXPECT_EQ(run(sh("cat", bytes)).output, bytes);
}

TEST(ProcessCaller, KeepsTheEndOfALongErrorOutput) {
  auto const reply = run(sh("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done >&2"));
  EXPECT_EQ(reply.error.size(), 8U * 1024);
  EXPECT_TRUE(reply.error.ends_with("line 2999\n"));
}

TEST(ProcessCaller, AClosedStandardOutputIsNotTheEnd) {
  auto const reply = run(sh("echo early; exec >&-; sleep 0.1; exit 4"));
  EXPECT_EQ(reply.status, ReplyStatus::done);
  EXPECT_EQ(reply.code, 4);
  EXPECT_EQ(reply.output, "early\n");
}

TEST(ProcessCaller, WhatAProgramLeavesBehindIsKilledNotWaitedFor) {
  TempFolder folder;
  auto call = sh("sleep 60 & echo $! > pid; echo done");
  call.folder = folder.path();
  auto const begun = Clock::now();
  auto const reply = run(call);
  EXPECT_EQ(reply.output, "done\n");
  EXPECT_LT(Clock::now() - begun, 10s);
  EXPECT_TRUE(is_gone(std::stoi(folder.read("pid"))));
}

TEST(ProcessCaller, ADeadlineEndsTheWholeGroup) {
  TempFolder folder;
  auto call = sh("sleep 60 & echo $! > pid; echo some; wait");
  call.folder = folder.path();
  call.timeout_ms = 200;
  auto const begun = Clock::now();
  auto const reply = run(call);
  EXPECT_EQ(reply.status, ReplyStatus::timed_out);
  EXPECT_EQ(reply.output, "some\n");
  EXPECT_GE(reply.latency_ms, 200);
  EXPECT_LT(Clock::now() - begun, 10s);
  EXPECT_TRUE(is_gone(std::stoi(folder.read("pid"))));
}

TEST(ProcessCaller, AProgramThatIgnoresTheFriendlySignalIsKilled) {
  auto call = sh("trap '' TERM; while :; do sleep 0.05; done");
  call.timeout_ms = 100;
  host::CallerOptions options;
  options.grace = 150ms;
  auto const reply = run(call, options);
  EXPECT_EQ(reply.status, ReplyStatus::timed_out);
  EXPECT_GE(reply.latency_ms, 250) << "the grace period was kept";
  EXPECT_LT(reply.latency_ms, 10'000);
}

TEST(ProcessCaller, TheFriendlySignalLetsAProgramTidyUp) {
  TempFolder folder;
  auto call = sh("trap 'echo tidy > note; exit 0' TERM; while :; do sleep 0.05; done");
  call.folder = folder.path();
  call.timeout_ms = 100;
  EXPECT_EQ(run(call).status, ReplyStatus::timed_out);
  EXPECT_EQ(folder.read("note"), "tidy\n");
}

TEST(ProcessCaller, TooMuchOutputEndsTheCall) {
  host::CallerOptions options;
  options.output_limit = 1'000'000;
  auto const reply = run(sh("yes"), options);
  EXPECT_EQ(reply.status, ReplyStatus::output_limit);
  EXPECT_TRUE(reply.output.empty());
}

TEST(ProcessCaller, EndlessErrorOutputDoesNotKeepTheLoopFromItsDeadline) {
  auto call = sh("yes trouble >&2");
  call.timeout_ms = 300;
  auto const reply = run(call);
  EXPECT_EQ(reply.status, ReplyStatus::timed_out);
  EXPECT_TRUE(reply.error.ends_with("trouble\n") ||
              reply.error.find("trouble\ntrouble") != std::string::npos);
}

TEST(ProcessCaller, SaysWhyAProgramDidNotStart) {
  TempFolder folder;
  folder.write("plain.py", "print(1)\n");
  folder.write("no_interpreter", "#!/nowhere/python\n", true);
  folder.write("no_format", "print(1)\n", true);
  auto const error = [&](std::string const& program, std::filesystem::path const& where) {
    ExecCall call;
    call.argv = {program};
    call.folder = where;
    auto const reply = run(call);
    EXPECT_EQ(reply.status, ReplyStatus::not_started);
    return reply.error;
  };
  auto const below = folder.path().string();
  EXPECT_EQ(error("itera-no-such-program", below),
            "no program `itera-no-such-program` in the folders of PATH");
  EXPECT_EQ(error("./gone", below), "program `" + below + "/./gone` does not exist");
  EXPECT_NE(error("./plain.py", below).find("is not executable: chmod +x it"), std::string::npos);
  EXPECT_NE(error("./no_interpreter", below).find("names an interpreter that does not exist"),
            std::string::npos);
  EXPECT_NE(error("./no_format", below).find("is neither a binary for this machine nor a script"),
            std::string::npos);
  EXPECT_NE(error("/tmp", below).find("is a folder"), std::string::npos);
  EXPECT_NE(error("sh", below + "/gone").find("cannot enter the folder"), std::string::npos);
}

TEST(ProcessCaller, PassesFolderAndEnvironment) {
  TempFolder folder;
  auto call = sh("echo $ITERA_PREPARED; pwd -P; echo ${HOME:+home}");
  call.folder = folder.path();
  call.environment = {{"ITERA_PREPARED", "/some/where"}};
  EXPECT_EQ(run(call).output,
            "/some/where\n" + std::filesystem::canonical(folder.path()).string() + "\nhome\n");
}

TEST(ProcessCaller, ChildrenInheritNothingButTheirThreePipes) {
  auto const output = run(sh("ls /proc/self/fd | wc -l")).output;
  EXPECT_EQ(std::stoi(output), 4) << "0, 1, 2 and the one that ls reads the folder with";
  EXPECT_EQ(run(sh("sleep 60 & kill -PIPE $!; wait $!; echo $?")).output, "141\n")
      << "signals have their default meaning";
}

TEST(ProcessCaller, ManyCallsComeBackOnceEach) {
  host::CallerOptions options;
  options.capacity = 8;
  host::ProcessCaller caller(options);
  std::vector<int> seen(200);
  std::uint64_t next = 0;
  while (next < 200 || caller.in_flight() > 0) {
    while (next < 200 && caller.in_flight() < caller.capacity()) {
      caller.submit(next, sh("read x; echo $((x * 2))", std::to_string(next) + "\n"));
      ++next;
    }
    for (auto const& [ticket, reply] : caller.wait()) {
      EXPECT_EQ(reply.output, std::to_string(ticket * 2) + "\n");
      ++seen.at(ticket);
    }
  }
  EXPECT_EQ(seen, std::vector<int>(200, 1));
  EXPECT_TRUE(caller.wait().empty()) << "nothing in flight: no waiting";
}

TEST(ProcessCaller, AStopRequestEndsCallsAndRefusesNewOnes) {
  std::atomic<bool> stop = false;
  host::CallerOptions options;
  options.cancelled = [&] { return stop.load(); };
  host::ProcessCaller caller(options);
  caller.submit(1, sh("sleep 60"));
  std::thread user([&] {
    std::this_thread::sleep_for(100ms);
    stop = true;
  });
  auto const begun = Clock::now();
  auto const done = caller.wait();
  user.join();
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].second.status, ReplyStatus::cancelled);
  EXPECT_LT(Clock::now() - begun, 10s);
  caller.submit(2, sh("echo x"));
  EXPECT_EQ(caller.wait().at(0).second.status, ReplyStatus::cancelled);
}

TEST(ProcessCaller, NoProgramOutlivesTheCaller) {
  TempFolder folder;
  {
    host::ProcessCaller caller({});
    auto call = sh("trap '' TERM; sleep 60 & echo $$ $! > pids; touch ready; wait");
    call.folder = folder.path();
    caller.submit(1, call);
    for (int i = 0; i < 500 && !std::filesystem::exists(folder.path() / "ready"); ++i)
      std::this_thread::sleep_for(10ms);
  }
  auto const pids = folder.read("pids");
  auto const blank = pids.find(' ');
  ASSERT_NE(blank, pids.npos);
  EXPECT_TRUE(is_gone(std::stoi(pids.substr(0, blank))));
  EXPECT_TRUE(is_gone(std::stoi(pids.substr(blank))));
}

}  // namespace
}  // namespace itera::tests
