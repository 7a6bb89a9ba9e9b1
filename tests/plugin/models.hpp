#pragma once
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/ports/secrets.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {

using Json = nlohmann::ordered_json;

/// An arm that calls models, without a host: its calls are looked at and its replies written by hand.
class ModelArmTest : public ::testing::Test {
 protected:
  explicit ModelArmTest(std::string plugin) : plugin_(std::move(plugin)) {}

  /// With the defaults of the plugin's schema, as the host fills them in. Fails the test if it is refused.
  std::unique_ptr<ports::Arm> make(Json settings) {
    auto arm = plugins_.arm(plugin_, with_defaults(std::move(settings)));
    EXPECT_TRUE(arm) << (arm ? "" : arm.error().what);
    return arm ? std::move(*arm) : nullptr;
  }
  /// Why the settings are refused, with the help.
  std::string refusal(Json settings) {
    auto const arm = plugins_.arm(plugin_, with_defaults(std::move(settings)));
    if (arm) return "accepted";
    auto const what = arm.error().what;
    auto const who = "arm `" + plugin_ + "`: ";
    EXPECT_TRUE(what.starts_with(who)) << what;
    return what.substr(who.size()) + " | " + arm.error().help;
  }

  static ports::StepResult first(ports::Arm& arm, Json const& row,
                                 std::uint64_t seed = 12'345'678'901'234'567U) {
    auto const text = row.dump();
    ports::StepItem item;
    item.handle = 1;
    item.seed = seed;
    item.row = text;
    return step_one(arm, item);
  }
  /// The call of the first step: {"method", "url", ...}.
  static Json call(ports::Arm& arm, Json const& row, std::uint64_t seed = 12'345'678'901'234'567U) {
    auto const out = first(arm, row, seed);
    EXPECT_EQ(out.kind, ports::StepResult::Kind::call) << out.json;
    return Json::parse(out.json).at("call").at("http");
  }
  static Json body(ports::Arm& arm, Json const& row) {
    return Json::parse(call(arm, row).at("body").get<std::string>());
  }
  /// What becomes of a reply: an answer, an error, or one more call.
  static ports::StepResult after(ports::Arm& arm, Json http, Json const& row = Json::object(),
                                 std::string const& state = "null") {
    Json whole = {{"status", "done"}, {"code", 200},       {"headers", Json::object()}, {"body", ""},
                  {"error", ""},      {"latency_ms", 5.0}, {"retries", Json::array()},  {"replayed", false}};
    whole.update(http);
    auto const reply = Json{{"http", whole}}.dump();
    auto const text = row.dump();
    ports::StepItem item;
    item.handle = 1;
    item.step = 1;
    item.row = text;
    item.reply = reply;
    item.state = state;
    return step_one(arm, item);
  }
  static Json result(ports::Arm& arm, Json http) { return Json::parse(after(arm, std::move(http)).json); }
  static Json replied(ports::Arm& arm, Json const& reply) { return result(arm, {{"body", reply.dump()}}); }
  /// "kind: message"
  static std::string error(Json const& out) {
    if (!out.contains("kind")) return "no error: " + out.dump();
    return out.at("kind").get<std::string>() + ": " + out.at("message").get<std::string>();
  }

  Plugins plugins_;

 private:
  std::string with_defaults(Json settings) {
    Json all = Json::object();
    for (auto const& setting : plugins_.info(ports::PluginKind::arm, plugin_).settings)
      if (!setting.default_json.empty()) all[setting.name] = Json::parse(setting.default_json);
    all.update(settings);
    return all.dump();
  }

  std::string plugin_;
};

}  // namespace itera::tests
