// A judge that breaks the contract in the way that its setting `fault` names.
#include <new>
#include <stdexcept>
#include <string>

#include <itera/sdk/plugin.hpp>

namespace {

using namespace itera::sdk;

class FaultyJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<FaultyJudge>(
        {.id = "test.judge.faulty",
         .short_name = "faulty",
         .version = "1.2.3",
         .summary = "breaks the contract",
         .settings_schema = R"({"properties": {"fault": {"type": "string"}}})",
         .max_batch = 2});
  }

  FaultyJudge(Host host, Settings const& settings) : fault_(settings.text("fault")) {
    host.log(LogLevel::debug, "made");
    if (fault_ == "create_throws") throw std::logic_error("index out of range");
    if (fault_ == "create_refuses") throw Invalid("setting `fault` is not to my taste", "choose another");
    if (fault_ == "create_throws_int") throw 42;
  }

  void step_all(Call const& call, Items const& items) override {
    if (fault_ == "throws") throw std::bad_alloc();
    if (fault_ == "invalid") throw Invalid("row 7 has no currency", "add the column");
    if (fault_ == "unavailable") throw Unavailable("the dictionary is gone");
    if (fault_ == "cancelled") throw Error(ITERA_CANCELLED, "gave up");
    if (fault_ == "unknown_status") throw Error(99, "?");
    for (std::size_t i = 0; i < items.size(); ++i) {
      auto const item = items[i];
      if (fault_ == "nothing" && i == 0) continue;
      if (fault_ == "unknown_handle") call.emit(item.handle() + 1'000'000, ITERA_EMIT_SCORE, "{}");
      if (fault_ == "wrong_kind") {
        item.answer(Answer{.output = "x"});
        continue;
      }
      if (fault_ == "unknown_kind") {
        call.emit(item.handle(), 77, "{}");
        continue;
      }
      if (fault_ == "not_json") {
        item.score("{value: 1}");
        continue;
      }
      if (fault_ == "not_object") {
        item.score("[1]");
        continue;
      }
      if (fault_ == "not_finite") {
        item.score(Score{.value = 0.0 / zero_});
        continue;
      }
      // The batch's size tells a test how the host split the items.
      item.score(
          Score{.value = 1,
                .passed = true,
                .reason = std::to_string(items.size()) + " items, label " + std::string(item.label())});
      if (fault_ == "twice") item.score(Score{});
    }
  }

 private:
  std::string fault_;
  double zero_ = 0;
};

}  // namespace

ITERA_PLUGINS(FaultyJudge)
