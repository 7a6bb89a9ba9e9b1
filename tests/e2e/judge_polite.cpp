// A judge for secondary metrics: an answer is polite if it says please. It fails on an answer that is not to
// be read, and asks a program where it is given one.
#include <string>

#include <itera/sdk/plugin.hpp>

namespace {

using namespace itera::sdk;

class PoliteJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<PoliteJudge>({.id = "com.example.judge.polite",
                                         .short_name = "polite_words",
                                         .version = "1.0.0",
                                         .summary = "1 if the answer says please",
                                         .settings_schema = R"({"type": "object", "properties": {
           "program": {"type": "string", "default": "", "description": "asked instead: JSON lines, \"says\": \"polite\" or not"}
         }})",
                                         .traits = deterministic});
  }

  PoliteJudge(Host, Settings const& settings) : program_(settings.text("program")) {}

  void step(Step const& item) override {
    if (item.output().find("unreadable") != std::string_view::npos)
      return item.error("judge", "the answer is not to be read");
    if (program_.empty()) return give(item, item.output().find("please") != std::string_view::npos);
    if (item.reply()) return give(item, item.reply()->find("polite") != std::string_view::npos);
    auto const id = std::to_string(item.seed() >> 11U) + "-" + std::string(item.label());
    auto const line = "{\"id\":" + json_quote(id) + ",\"output\":" + json_quote(item.output()) + "}";
    item.call("{\"exec\":{\"argv\":[\"python3\"," + json_quote(program_) + "],\"framing\":\"lines\",\"id\":" +
              json_quote(id) + ",\"input\":" + json_quote(line) + ",\"timeout_ms\":60000}}");
  }

 private:
  // A tag of its own, which is none of the experiment's: only the metric's judge tags failures.
  static void give(Step const& item, bool polite) {
    if (polite) return item.score({.value = 1, .passed = true});
    item.score({.value = 0, .failures = {"wrong_start"}, .reason = "says no please"});
  }

  std::string program_;
};

}  // namespace

ITERA_PLUGINS(PoliteJudge)
