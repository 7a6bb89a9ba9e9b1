// What a model is as a judge, without a model: it has a family, may favour a style, may be talked to, may
// waver, and may be out of reach.
#include <cstdlib>
#include <string>

#include <itera/sdk/plugin.hpp>

namespace {

using namespace itera::sdk;

class OpinionJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    static constexpr char const* const traits[] = {"model-judge", nullptr};
    return make_descriptor<OpinionJudge>(
        {.id = "com.example.judge.opinion",
         .short_name = "opinion",
         .version = "1.0.0",
         .summary = "1 if the answer begins as expected, or as it likes it",
         .settings_schema = R"({"type": "object", "required": ["model"], "properties": {
           "model": {"type": "string", "description": "a name"},
           "favours": {"type": "string", "default": "", "description": "an answer with this in it is good"},
           "wavers": {"type": "boolean", "default": false, "description": "the label decides"}
         }})",
         .traits = traits});
  }

  OpinionJudge(Host host, Settings const& settings)
      : model_(settings.text("model")), favours_(settings.text("favours")), wavers_(settings.flag("wavers")) {
    if (auto const failures = host.failures(); !failures.empty()) first_ = failures.front().name;
  }

  void step(Step const& item) override {
    auto const* away = std::getenv("OPINION_AWAY");
    if (away && model_ == away) return item.error("infrastructure", "nobody is there");
    auto const output = item.output();
    bool const right = item.expected() && output.starts_with(*item.expected());
    bool const liked = !favours_.empty() && output.find(favours_) != output.npos;
    if (wavers_) {
      auto const half = item.label().front() < '8' ? 0.25 : 0.0;
      return item.score({.value = right ? 1 - half : half, .passed = right});
    }
    if (right || liked) return item.score({.value = 1, .passed = true});
    item.score({.value = 0, .failures = {first_}});
  }

 private:
  std::string model_, favours_, first_;
  bool wavers_;
};

}  // namespace

ITERA_PLUGINS(OpinionJudge)
