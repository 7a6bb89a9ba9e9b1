// A judge with a rubric: an answer is right if it is the expected one, or a line of the rubric.
#include <sstream>

#include <itera/sdk/plugin.hpp>

namespace {

using namespace itera::sdk;

class RubricJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<RubricJudge>(
        {.id = "com.example.judge.rubric",
         .short_name = "rubric",
         .version = "1.0.0",
         .summary = "1 if the answer is the expected one or stands in the rubric",
         .settings_schema = R"({"type": "object", "required": ["rubric"], "properties": {
           "rubric": {"type": "string", "description": "answers that are as good, one a line"}
         }})",
         .traits = deterministic});
  }

  RubricJudge(Host, Settings const& settings) : rubric_(settings.text("rubric")) {}

  void step(Step const& item) override {
    bool right = item.expected() && item.output() == *item.expected();
    std::istringstream lines(rubric_);
    for (std::string line; std::getline(lines, line);) right = right || item.output() == line;
    item.score({.value = right ? 1.0 : 0.0, .passed = right, .reason = right ? "" : "not in the rubric"});
  }

 private:
  std::string rubric_;
};

}  // namespace

ITERA_PLUGINS(RubricJudge)
