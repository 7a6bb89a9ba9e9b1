// A team's own judge, built outside the itera tree: right if the answer begins like the expected one.
#include <string_view>

#include <itera/sdk/plugin.hpp>

namespace {

using namespace itera::sdk;

class PrefixJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<PrefixJudge>(
        {.id = "com.example.judge.prefix",
         .short_name = "prefix",
         .version = "1.0.0",
         .summary = "1 if the first bytes of the answer are those of the expected answer",
         .settings_schema = R"({"type": "object", "properties": {
           "length": {"type": "integer", "default": 3, "minimum": 1, "description": "how many bytes must agree"}
         }})",
         .traits = deterministic});
  }

  PrefixJudge(Host, Settings const& settings)
      : length_(static_cast<std::size_t>(settings.integer("length"))) {}

  void step(Step const& item) override {
    if (!item.expected()) return item.error("judge", "the row has no expected answer");
    auto const output = item.output();
    if (output.empty())
      return item.score({.value = 0, .failures = {"empty"}, .reason = "the answer is empty"});
    if (output.substr(0, length_) == item.expected()->substr(0, length_))
      return item.score({.value = 1, .passed = true});
    item.score({.value = 0, .failures = {"wrong_start"}, .reason = "expected another start"});
  }

 private:
  std::size_t length_;
};

}  // namespace

ITERA_PLUGINS(PrefixJudge)
