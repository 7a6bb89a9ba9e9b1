#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugin/support.hpp"

namespace itera::tests {

using Json = nlohmann::json;

/// The settings that a judge gets for what a spec says: with the defaults of its schema, as the compiler
/// fills them in.
inline std::string with_defaults(ports::PluginInfo const& info, Json const& said) {
  auto all = Json::object();
  for (auto const& setting : info.settings)
    if (!setting.default_json.empty()) all[setting.name] = Json::parse(setting.default_json);
  all.update(said);
  return all.dump();
}

/// A judge behind the plugin boundary.
class Judged {
 public:
  explicit Judged(std::string const& name, Json const& settings = Json::object())
      : judge_(plugins_.judge(name, with_defaults(plugins_.info(ports::PluginKind::judge, name), settings))) {
  }

  /// What it says of an answer: {"value", "passed", "reason"} or {"kind", "message"}.
  Json operator()(std::string_view output, std::optional<std::string_view> expected) {
    ports::StepItem item;
    item.handle = 1;
    item.output = output;
    item.expected = expected;
    auto const out = step_one(*judge_.value(), item);
    auto const json = Json::parse(out.json);
    EXPECT_EQ(json.contains("value"), out.kind == ports::StepResult::Kind::score) << json;
    if (json.contains("value")) {
      EXPECT_GE(json["value"], 0.0);
      EXPECT_LE(json["value"], 1.0);
      EXPECT_FALSE(json["reason"].get<std::string>().empty());
      EXPECT_EQ(json["reason"].get<std::string>().find('\n'), std::string::npos) << json;
    }
    return json;
  }
  double value(std::string_view output, std::string_view expected) {
    auto const out = (*this)(output, expected);
    EXPECT_TRUE(out.contains("value")) << out;
    return out.value("value", -1.0);
  }
  /// The message of its judge error, empty if it gave a score.
  std::string error(std::string_view output, std::optional<std::string_view> expected) {
    auto const out = (*this)(output, expected);
    EXPECT_EQ(out.value("kind", "judge"), "judge");
    return out.value("message", "");
  }

 private:
  Plugins plugins_;
  Result<std::unique_ptr<ports::Judge>> judge_;
};

/// What the plugin says of settings that it refuses: what happened, and what to do.
inline std::pair<std::string, std::string> refusal(std::string const& name, Json const& settings) {
  Plugins plugins;
  auto const made =
      plugins.judge(name, with_defaults(plugins.info(ports::PluginKind::judge, name), settings));
  EXPECT_FALSE(made) << "judge `" << name << "` took " << settings;
  return made ? std::pair<std::string, std::string>() : std::pair(made.error().what, made.error().help);
}

}  // namespace itera::tests
