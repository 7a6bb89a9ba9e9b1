#include "core/host/recording.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace itera::host {
namespace {

using ports::HttpReply;
using testing::HasSubstr;
using testing::Not;

constexpr auto kKey = "sk-5ecre7";

// Answers every call with the next of its replies.
struct Fake final : ports::Caller {
  bool has_room(ports::Call const&) const override { return true; }
  std::size_t in_flight() const override { return open.size(); }
  std::size_t most_in_flight() const override { return 8; }
  void submit(std::uint64_t ticket, ports::Call call) override { open.emplace_back(ticket, std::move(call)); }
  std::vector<std::pair<std::uint64_t, ports::Reply>> wait(
      std::optional<std::chrono::milliseconds>) override {
    std::vector<std::pair<std::uint64_t, ports::Reply>> out;
    for (auto const& [ticket, call] : std::exchange(open, {})) {
      if (std::holds_alternative<ports::ExecCall>(call))
        out.emplace_back(ticket, ports::ExecReply{ports::ExecReply::Status::done, 0, "ran", "", 1});
      else
        out.emplace_back(ticket, replies.at(next++));
    }
    return out;
  }
  void close_pools() override {}
  std::vector<std::pair<std::uint64_t, ports::Call>> open;
  std::vector<HttpReply> replies;
  std::size_t next = 0;
};

ports::HttpCall call(std::string body, std::uint32_t trial = 0, std::string asker = "arm `a`, row `k`") {
  ports::HttpCall out;
  out.url = "https://api.example/v1";
  out.headers = {{"authorization", "Bearer " + ports::secret_mark("KEY")}};
  out.body = std::move(body);
  out.trial = trial;
  out.asker = std::move(asker);
  return out;
}

HttpReply reply(std::string body, int code = 200) {
  HttpReply out;
  out.status = HttpReply::Status::done;
  out.code = code;
  out.headers = {{"content-type", "text/plain"}, {"x-echo", kKey}, {"set-cookie", "session=1"}};
  out.body = std::move(body);
  out.latency_ms = 12.5;
  out.first_token_ms = 3;
  out.retries = {"429"};
  return out;
}

struct Recordings : testing::Test {
  Recordings() : file(std::filesystem::temp_directory_path() / ("itera-rec-" + std::to_string(::getpid()))) {
    std::filesystem::remove(file);
  }
  ~Recordings() override { std::filesystem::remove(file); }

  void record(std::vector<ports::HttpCall> calls, std::vector<HttpReply> replies) {
    Fake inner;
    inner.replies = std::move(replies);
    auto caller = RecordingCaller::open(file, "router", "2026-11-23T10:00:00Z", {{"KEY", kKey}}, inner);
    ASSERT_TRUE(caller) << caller.error().what;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      (*caller)->submit(i, calls[i]);
      EXPECT_EQ((*caller)->wait().size(), 1U);
    }
    EXPECT_TRUE((*caller)->trouble());
  }
  std::unique_ptr<ReplayingCaller> replay() {
    auto caller = ReplayingCaller::open(file, live);
    EXPECT_TRUE(caller) << (caller ? "" : caller.error().what);
    return caller ? std::move(*caller) : nullptr;
  }
  static HttpReply ask(ports::Caller& caller, ports::HttpCall call) {
    caller.submit(7, std::move(call));
    EXPECT_EQ(caller.in_flight(), 1U);
    auto const ended = caller.wait();
    EXPECT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended.front().first, 7U);
    return std::get<HttpReply>(ended.front().second);
  }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
  }

  std::filesystem::path file;
  Fake live;
};

TEST_F(Recordings, AnswerAsTheOtherSideDidWithoutItsTime) {
  auto odd = reply("\xff\x01");
  odd.status = HttpReply::Status::network;
  odd.code = 0;
  odd.error = "reset";
  record({call("{}"), call("[]")}, {reply("one " + std::string(kKey)), odd});
  auto const caller = replay();
  EXPECT_EQ(caller->recorded().experiment, "router");
  EXPECT_EQ(caller->recorded().begun, "2026-11-23T10:00:00Z");
  EXPECT_EQ(caller->recorded().digest.size(), 64U);
  auto const one = ask(*caller, call("{}"));
  EXPECT_EQ(one.status, HttpReply::Status::done);
  EXPECT_EQ(one.code, 200);
  EXPECT_EQ(one.body, "one [secret KEY]");
  EXPECT_EQ(one.headers, (std::vector<std::pair<std::string, std::string>>{{"content-type", "text/plain"},
                                                                           {"x-echo", "[secret KEY]"}}));
  EXPECT_EQ(one.retries, std::vector<std::string>{"429"});
  EXPECT_EQ(one.latency_ms, 0);
  EXPECT_FALSE(one.first_token_ms);
  EXPECT_TRUE(one.replayed);
  auto const two = ask(*caller, call("[]"));
  EXPECT_EQ(two.status, HttpReply::Status::network);
  EXPECT_EQ(two.body, "\xff\x01");
  EXPECT_EQ(two.error, "reset");
}

TEST_F(Recordings, HoldNoSecretNoSessionAndNoRequestsBody) {
  record({call("{\"row\":\"private\"}")}, {reply(std::string("you sent ") + kKey)});
  EXPECT_THAT(text(), Not(HasSubstr(kKey)));
  EXPECT_THAT(text(), Not(HasSubstr("session")));
  EXPECT_THAT(text(), Not(HasSubstr("private")));
  EXPECT_THAT(text(), HasSubstr(R"("headers":["authorization"])"));
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(Recordings, TellTrialsAndRepetitionsApart) {
  record({call("{}", 0), call("{}", 1), call("{}", 0)}, {reply("first"), reply("trial 1"), reply("second")});
  auto const caller = replay();
  EXPECT_EQ(ask(*caller, call("{}", 1)).body, "trial 1");
  EXPECT_EQ(ask(*caller, call("{}", 0)).body, "first");
  EXPECT_EQ(ask(*caller, call("{}", 0)).body, "second");
  auto const none = ask(*caller, call("{}", 0));
  EXPECT_EQ(none.status, HttpReply::Status::not_recorded);
  EXPECT_EQ(
      none.error,
      "not in the recording " + file.string() +
          ": arm `a`, row `k`, trial 0: POST https://api.example/v1 with a body of 2 bytes; it holds as "
          "many such calls as were asked for");
  EXPECT_THAT(ask(*caller, call("{ }")).error, testing::EndsWith("with a body of 3 bytes"));
}

TEST_F(Recordings, GiveOfEqualCallsEachAskerItsOwn) {
  record({call("{}", 0, "arm `a`, row `k`"), call("{}", 0, "arm `b`, row `k`")},
         {reply("of a"), reply("of b")});
  auto const caller = replay();
  EXPECT_EQ(ask(*caller, call("{}", 0, "arm `b`, row `k`")).body, "of b");
  EXPECT_EQ(ask(*caller, call("{}", 0, "arm `renamed`, row `k`")).body, "of a");
}

TEST_F(Recordings, AnswerWithAFailureOnlyIfThereIsNothingElse) {
  record({call("{}"), call("{}")}, {reply("overloaded", 503), reply("fine")});
  auto const caller = replay();
  EXPECT_EQ(ask(*caller, call("{}")).body, "fine");
  EXPECT_EQ(ask(*caller, call("{}")).code, 503);
}

TEST_F(Recordings, GoOnInTheSameFileAfterALineThatWasCutShort) {
  record({call("1")}, {reply("one")});
  std::ofstream(file, std::ios::app) << R"({"for":"arm)";
  EXPECT_EQ(ask(*replay(), call("1")).body, "one") << "half a line is none";
  record({call("2")}, {reply("two")});
  auto const caller = replay();
  EXPECT_EQ(ask(*caller, call("1")).body, "one");
  EXPECT_EQ(ask(*caller, call("2")).body, "two");
}

TEST_F(Recordings, LetProgramsRun) {
  record({}, {});
  auto const caller = replay();
  caller->submit(3, ports::ExecCall{});
  auto const ended = caller->wait();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(std::get<ports::ExecReply>(ended.front().second).output, "ran");
}

TEST_F(Recordings, RefuseWhatIsNone) {
  auto const refused = [&](std::string const& bytes) {
    std::ofstream(file, std::ios::trunc) << bytes;
    auto const caller = ReplayingCaller::open(file, live);
    return caller ? std::string() : caller.error().what.substr(file.string().size());
  };
  EXPECT_EQ(refused(""), " is no recording of calls: it is empty");
  EXPECT_EQ(refused("x\n"), " is no recording of calls: its first line is not the header of one");
  EXPECT_EQ(refused("{\"itera_recording\":2}\n"),
            " is no recording of calls: it has format 2, and this version of itera reads 1");
  EXPECT_EQ(refused("{\"itera_recording\":1}\n"), " is no recording of calls: its header is not whole");
  EXPECT_EQ(refused("{\"begun\":\"\",\"experiment\":\"\",\"itera_recording\":1}\n{}\n"),
            " is no recording of calls: line 2 is not whole");

  std::ofstream(file, std::ios::trunc) << "{\"begun\":\"\",\"experiment\":\"other\",\"itera_recording\":1}\n";
  auto const other = RecordingCaller::open(file, "router", "", {}, live);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().what, file.string() + " is a recording of experiment `other`");
  std::filesystem::remove(file);
  auto const first = RecordingCaller::open(file, "router", "", {}, live);
  auto const second = RecordingCaller::open(file, "router", "", {}, live);
  ASSERT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what, "the recording " + file.string() + " is in use by another process");
}

}  // namespace
}  // namespace itera::host
