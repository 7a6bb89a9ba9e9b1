// docs/journal.md shows what is printed, in its order.
#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/faults/experiment.hpp"

namespace itera::test {
namespace {

std::vector<std::string> shown_on_the_page() {
  std::ifstream page(ITERA_SOURCE_DIR "/docs/journal.md");
  std::vector<std::string> out;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```console") {
      inside = true;
      out.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      out.back() += line + "\n";
    }
  }
  return out;
}

// As the page has it: without the workspace, the progress before an error, and the number of a process.
std::string told(Workspace const& w, std::string text) {
  for (auto at = text.find(w.path().string() + "/"); at != text.npos; at = text.find(w.path().string() + "/"))
    text.erase(at, w.path().string().size() + 1);
  for (auto const* begin : {"error: ", "stopped: "})
    if (auto const at = text.find(begin); at != text.npos) text.erase(0, at);
  return std::regex_replace(text, std::regex("process [0-9]+ works"), "process 4711 works");
}

std::string run_says(Workspace const& w) {
  return "$ itera run x.itera\n" + told(w, run(w).err);
}

struct Page : testing::Test {
  Page() { write_recorded_answers(w, 100); }
  void until(char const* phase) { EXPECT_EQ(run(w, {"--until", phase}).code, 0); }
  void expect(std::size_t nth, std::string const& text) {
    auto const shown = shown_on_the_page();
    ASSERT_LT(nth, shown.size());
    EXPECT_EQ(shown[nth], text);
  }
  Workspace w;
};

TEST_F(Page, DisksThatAreFullOrReadOnly) {
  EXPECT_EQ(shown_on_the_page().size(), 8U) << "a new example needs a test";
  auto const full = faulty(w, {"/run.db-wal", "write", 30, ENOSPC, true}, run_arguments());
  expect(0, "$ itera run x.itera\n" + told(w, full.err));
  auto const closed = faulty(w, {"/exp/", "open", 1, EROFS, true}, run_arguments());
  expect(1, "$ itera run x.itera\n" + told(w, closed.err));
}

TEST_F(Page, LedgersAndStores) {
  until("pilot");
  auto const old = w.read("exp/state/run.db");
  until("dev");
  auto const ledger = w.read("exp/ledger.jsonl"), store = w.read("exp/state/run.db");
  w.write("exp/ledger.jsonl", ledger + ledger.substr(0, 100));
  expect(2, "$ itera doctor exp\n" + w.itera({"doctor", "exp"}).out);
  w.write("exp/ledger.jsonl", ledger.substr(0, ledger.rfind('\n', ledger.size() - 2) + 1));
  expect(3, run_says(w));
  w.write("exp/ledger.jsonl", ledger);
  w.write("exp/state/run.db", old);
  expect(4, run_says(w));
  expect(5, "$ itera doctor exp --salvage\n" + w.itera({"doctor", "exp", "--salvage"}).out);
}

TEST(PageOfPrograms, PluginsAndLocks) {
  Workspace w;
  Spec spec;
  spec.uses = "use unruly from \"team/judge_unruly.so\"";
  spec.metric = "accuracy using unruly";
  write_quick_programs(w, 100, 0, spec);
  std::filesystem::create_directories(w.at("team"));
  std::filesystem::copy_file(ITERA_UNRULY_JUDGE, w.at("team/judge_unruly.so"));
  ASSERT_EQ(run(w, {"--until", "pilot"}).code, 0);
  w.write("unruly", "segv");
  auto const shown = shown_on_the_page();
  ASSERT_EQ(shown.size(), 8U);
  EXPECT_EQ(shown[6], run_says(w));
  w.remove("unruly");
  w.write("slow", "");
  auto const before = requests(w).size();
  Running first(w);
  for (int i = 0; i < 4000 && requests(w).size() <= before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(shown[7], run_says(w));
  first.child.signal(SIGKILL);
  first.child.wait();
}

}  // namespace
}  // namespace itera::test
