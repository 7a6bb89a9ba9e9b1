#include "core/run/given.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/spec/family.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::run {
namespace {

using Kind = ports::StepResult::Kind;

struct Nobody final : ports::Caller {
  bool has_room(ports::Call const&) const override { return true; }
  std::size_t in_flight() const override { return 0; }
  std::size_t most_in_flight() const override { return 0; }
  void submit(std::uint64_t, ports::Call) override { FAIL() << "nobody is asked for a call"; }
  std::vector<std::pair<std::uint64_t, ports::Reply>> wait(
      std::optional<std::chrono::milliseconds>) override {
    return {};
  }
  void close_pools() override {}
};

struct Quiet final : ports::Progress {
  void phase(std::string_view) override {}
  void note(std::string_view) override {}
  void warning(std::string_view) override {}
  void tick(ports::PassState const&) override {}
  bool stop_requested() override { return false; }
};

// Away for the first `misses` times that it is asked about an answer; right is what is expected.
class Absent final : public ports::Judge {
 public:
  Absent(int misses, std::multiset<std::string>& seen, std::set<std::string>& labels)
      : misses_(misses), seen_(seen), labels_(labels) {}
  Result<std::vector<ports::StepResult>> step(std::span<ports::StepItem const> items) override {
    std::vector<ports::StepResult> out;
    for (auto const& item : items) {
      std::string const output(item.output);
      seen_.insert(output);
      labels_.insert(std::string(item.label));
      EXPECT_EQ(item.step, 0U);
      if (static_cast<int>(seen_.count(output)) <= misses_)
        out.push_back({item.handle, Kind::error, R"({"kind":"infrastructure","message":"away"})"});
      else
        out.push_back({item.handle, Kind::score,
                       output == item.expected ? R"({"value":1,"passed":true})" : R"({"value":0})"});
    }
    return out;
  }

 private:
  int misses_;
  std::multiset<std::string>& seen_;
  std::set<std::string>& labels_;
};

struct Judged {
  std::vector<Cell> cells;
  std::multiset<std::string> seen;
  std::set<std::string> labels;
};
Judged judged(int misses) {
  auto const plan = test::small_plan();
  std::vector<split::Row> const rows{test::row("k", "t", "x", "a")};
  std::vector<Given> const given{{{0, 0, 0}, std::string(rows[0].expected->view())}, {{0, 1, 0}, "other"}};
  Nobody caller;
  Quiet progress;
  Cast cast;
  cast.caller = &caller;
  cast.progress = &progress;
  Judged out;
  auto cells = judge_given(plan, rows, given, std::make_unique<Absent>(misses, out.seen, out.labels), cast,
                           "who", "name");
  EXPECT_TRUE(cells);
  if (cells) out.cells = std::move(*cells);
  return out;
}

TEST(Given, OutputsAreJudgedAsIfArmsHadAnswered) {
  auto const out = judged(0);
  ASSERT_EQ(out.cells.size(), 2U);
  EXPECT_EQ(out.cells[0].score, kScoreUnit);
  EXPECT_TRUE(out.cells[0].passed);
  EXPECT_EQ(out.cells[1].score, 0);
  EXPECT_EQ(out.cells[1].arm, 1U);
  EXPECT_EQ(out.labels.size(), 2U) << "each arm has its own";
}

TEST(Given, AJudgeThatWasAwayIsAskedThreeTimesAboutTheSameAnswer) {
  auto const back = judged(2);
  EXPECT_EQ(back.cells[0].ending, Ending::scored);
  EXPECT_EQ(back.cells[0].attempts, 3U);
  EXPECT_TRUE(back.cells[0].rest->error.empty());
  auto const away = judged(9);
  EXPECT_EQ(away.cells[0].ending, Ending::missing);
  EXPECT_EQ(away.cells[0].rest->error, "away");
  EXPECT_EQ(away.seen.count("other"), 3U);
}

TEST(Family, IsReadFromTheNameOfAModel) {
  using spec::model_family;
  EXPECT_EQ(model_family("gpt-4.1-mini"), "openai");
  EXPECT_EQ(model_family("o3-mini"), "openai");
  EXPECT_EQ(model_family("openai/GPT-5"), "openai");
  EXPECT_EQ(model_family("claude-x"), "anthropic");
  EXPECT_EQ(model_family("us.anthropic.claude-x-v1:0"), "anthropic");
  EXPECT_EQ(model_family("accounts/fireworks/models/llama-v3p1-8b"), "meta");
  EXPECT_EQ(model_family("qwen2.5:7b"), "qwen");
  EXPECT_EQ(model_family("deepseek-r1-distill-llama-70b"), "deepseek");
  EXPECT_EQ(model_family("acme-large-2"), "acme");
  EXPECT_EQ(model_family("commander"), "commander") << "only whole words are known";
  EXPECT_EQ(model_family("anthropic"), "anthropic");
  EXPECT_EQ(model_family("42"), "42");
  EXPECT_EQ(model_family(""), "");
}

}  // namespace
}  // namespace itera::run
