// A judge that is right until a file `unruly` stands in its folder; then it does what stands in it.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include <itera/sdk/plugin.hpp>
#include <unistd.h>

namespace {

using namespace itera::sdk;

class UnrulyJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<UnrulyJudge>({.id = "test.judge.unruly",
                                         .short_name = "unruly",
                                         .version = "1.0.0",
                                         .summary = "does what a file says",
                                         .settings_schema = R"({"properties": {}})",
                                         .max_batch = 2});
  }
  UnrulyJudge(Host, Settings const&) {}

  void step_all(Call const& call, Items const& items) override {
    std::string what;
    std::ifstream("unruly") >> what;
    if (what == "hang")
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    if (what == "segv") {
      int volatile* volatile nowhere = nullptr;
      *nowhere = 1;
    }
    if (what == "abort") std::abort();
    if (what == "exit") ::_exit(7);
    // A process of the plugin's own, which inherits what the host has open.
    if (what == "fork" && ::unlink("unruly") == 0 && ::fork() == 0)
      for (;;) ::pause();
    for (std::size_t i = 0; i < items.size(); ++i) {
      auto const item = items[i];
      if (what == "garbage") {
        item.score("\x01{garbage");
        continue;
      }
      if (what == "other_rows") {
        call.emit(item.handle() + 1'000'000, ITERA_EMIT_SCORE, R"({"value": 1})");
        continue;
      }
      item.score(Score{.value = item.expected() && item.output() == *item.expected() ? 1.0 : 0.0});
    }
  }
};

}  // namespace

ITERA_PLUGINS(UnrulyJudge)
