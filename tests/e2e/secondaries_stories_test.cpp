// Floors on secondary metrics, one run of the program for each way in which they come out, and runs that are
// cut short. secondaries.expect holds what is said; ITERA_UPDATE_GOLDENS=1 rewrites it. The numbers of
// data.json alone give the same verdict again.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/programs.hpp"
#include "tests/support/secondaries.hpp"

namespace itera::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto kGolden = ITERA_SOURCE_DIR "/tests/e2e/secondaries.expect";

std::vector<Story> stories() {
  return {
      {"only described", "effect >= 5pp", .5, .6},
      {"a floor that is kept, a loss not excluded", "effect >= 5pp and polite >= -2pp", .5, .49},
      {"a floor that is not kept", "effect >= 5pp and polite >= -2pp", .5, .4, .75, 20},
      {"a floor by interval", "effect >= 5pp and polite >= -2pp by interval", .5, .49, .75, 20},
      {"a floor by harm", "effect >= 5pp and polite >= -2pp by harm", .5, .47},
      {"harm that is shown", "effect >= 5pp and polite >= -2pp by harm", .8, .5, .75, 20},
      {"a share of the baseline's score", "effect >= 5pp and polite >= -10%", .5, .49},
      {"a share by interval", "effect >= 5pp and polite >= -10% by interval", .8, .75, .75, 20},
      {"no worse, and politer", "effect >= -5pp and polite >= +2pp", .3, .6, .61},
      {"no worse, and politer by chance", "effect >= -5pp and polite >= +1pp", .5, .52, .61, 30},
      {"a judge that fails on too many rows", "effect >= 5pp and polite >= -2pp", .5, .6, .75, 30, .1},
  };
}

std::string guards(Json const& evidence) {
  std::string out;
  for (auto const& c : evidence.at("arm_verdicts").at("new").at("checks"))
    if (c.at("id") == "C7")
      out += fmt::format("  C7  {}  {}: {}\n", c.at("status").get<std::string>(),
                         c.at("clause").get<std::string>(), c.at("evidence").get<std::string>());
  return out;
}

// The part of a document from a heading to the next one.
std::string section(std::string const& text, std::string const& from, std::string const& to) {
  auto const begin = text.find(from);
  return begin == text.npos ? "" : text.substr(begin, text.find(to, begin + from.size()) - begin);
}

TEST_F(Secondaries, ComeOutAndAreSaidAsInTheGolden) {
  std::string now;
  for (auto const& story : stories()) {
    Workspace w;
    write(w, story);
    auto const outcome = run(w);
    EXPECT_EQ(outcome.code, story.code) << story.name << '\n' << outcome.out << outcome.err;
    auto const evidence = data(w);
    auto const conclusion = w.read("exp/conclusion.md");
    now += fmt::format("# {}\n\nship when {}\n\n{}\n{}\nin short: {}\n\n{}", story.name, story.rule,
                       outcome.out, guards(evidence), evidence.at("verdict").at("summary").get<std::string>(),
                       section(conclusion, "### Secondary metrics", "###"));
    EXPECT_THAT(w.read("exp/conclusion.html"), HasSubstr("<h3>Secondary metrics</h3>"));
    auto const again = w.itera({"verdict", "--data", "exp/data.json"});
    EXPECT_EQ(again.code, story.code) << again.out << again.err;
    EXPECT_THAT(again.out, HasSubstr("decided again it is the same\n")) << story.name;
    EXPECT_THAT(again.out, HasSubstr("lint        the file agrees with itself\n")) << story.name;
    EXPECT_THAT(again.out, Not(HasSubstr("not assessed"))) << story.name;
    now += section(again.out, "  C7", "verdict ") + "\n";
  }
  if (auto const* update = std::getenv("ITERA_UPDATE_GOLDENS"); update && *update) {
    std::ofstream(kGolden) << now;
    return;
  }
  std::stringstream golden;
  golden << std::ifstream(kGolden).rdbuf();
  EXPECT_EQ(now, golden.str()) << "ITERA_UPDATE_GOLDENS=1 rewrites " << kGolden;
}

// --- a run that is cut short

// Two arms and the judge of a secondary metric are programs that write down every request.
void write_programs(Workspace const& w) {
  auto spec =
      spec_with(w, "also polite using polite_words { program = \"polite.py\" }\n  also short using prefix");
  spec.baseline = "using process { ref \"old.py:1\"  " + program("old.py") + " }";
  spec.arms = "arm new from old \"more words\" { " + program("new.py") + " }";
  spec.rule = "effect >= 5pp and polite >= -20pp";
  w.write("rows.csv", csv(make_rows(100)));
  w.write("old.py", python_arm(right_on(500), "log.jsonl", "old"));
  w.write("new.py", python_arm(right_on(900), "log.jsonl", "new"));
  w.write("polite.py", R"(import json, os, sys, time, zlib
for line in sys.stdin:
    asked = json.loads(line)
    with open("asked.jsonl", "a") as log:
        log.write(json.dumps({"id": asked["id"]}) + "\n")
    while os.path.exists("hold"):
        time.sleep(0.01)
    polite = zlib.crc32((asked["id"].split("-")[0] + asked["output"]).encode()) % 2
    print(json.dumps({"id": asked["id"], "says": "polite" if polite else "rude"}), flush=True)
)");
  w.write("x.itera", spec.text());
}

// By request how often it was made.
std::map<std::string, int> requests(Workspace const& w, std::string const& log) {
  std::map<std::string, int> out;
  std::istringstream in(w.read(log));
  for (std::string line; std::getline(in, line);)
    if (auto const json = Json::parse(line, nullptr, false); json.is_object())
      ++out[json.value("who", "") + " " + json.at("id").get<std::string>()];
  return out;
}

int repeated(Workspace const& w, std::string const& log) {
  int out = 0;
  for (auto const& [what, times] : requests(w, log)) out += times - 1;
  return out;
}

struct Running {
  explicit Running(Workspace const& w)
      : child(itera_command({"run", "x.itera", "--out", "exp", "--workers", "2"}), w.path(), w.at("out"),
              w.at("err")) {}
  Child child;
};

std::string undisturbed() {
  Workspace w;
  write_programs(w);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const lines = json_lines(w.read("exp/rows.jsonl"));
  EXPECT_EQ(requests(w, "asked.jsonl").size(), lines.size() + 2)
      << "each output once, and those of the pilot";
  return records(w).at("rows.jsonl");
}

TEST(SecondariesResumed, AFinishedScoreIsNotPaidAgainWhenOnlyTheSecondaryIsMissing) {
  Workspace w;
  write_programs(w);
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  auto const before = requests(w, "log.jsonl").size();
  w.write("hold", "");
  {
    Running process(w);
    // The baseline's first trial on all 50 dev rows, and none of them is through.
    for (int i = 0;
         i < 4000 && (requests(w, "log.jsonl").size() < before + 50 || requests(w, "asked.jsonl").size() < 3);
         ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    process.child.signal(SIGKILL);
    EXPECT_EQ(process.child.wait(), -SIGKILL);
  }
  ASSERT_EQ(requests(w, "log.jsonl").size(), before + 50);
  w.remove("hold");
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(repeated(w, "log.jsonl"), 0) << "an answer that had its score was asked for again";
  EXPECT_LE(repeated(w, "asked.jsonl"), 2) << "only what was in flight";
  EXPECT_EQ(records(w).at("rows.jsonl"), undisturbed());
}

TEST(SecondariesResumed, ARunThatIsKilledAgainAndAgainEndsWithTheSameRecords) {
  Workspace w;
  write_programs(w);
  int kills = 0;
  for (int attempt = 0; attempt < 40; ++attempt) {
    Running process(w);
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + attempt * 23 % 171));
    process.child.signal(SIGKILL);
    if (process.child.wait() != -SIGKILL) break;
    ++kills;
  }
  EXPECT_GT(kills, 2);
  auto const last = run(w);
  EXPECT_TRUE(last.code == 0 || last.code == 50) << last.out << last.err;
  EXPECT_LE(repeated(w, "log.jsonl") + repeated(w, "asked.jsonl"), 2 * kills);
  EXPECT_EQ(records(w).at("rows.jsonl"), undisturbed());
}

}  // namespace
}  // namespace itera::test
