#pragma once
#include <map>
#include <regex>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {

using Json = nlohmann::json;
using Files = std::map<std::string, std::string>;

inline std::string const kSource = ITERA_SOURCE_DIR;

inline Json fixture(std::string const& name) {
  auto const text = read_file(kSource + "/tests/data/charts/" + name + ".json");
  EXPECT_TRUE(text) << name;
  return text ? Json::parse(*text) : Json();
}

inline Json settings(std::vector<std::string> const& formats,
                     std::vector<std::string> const& kinds = {"arm-bar", "forest-plot", "cost-vs-accuracy"}) {
  return {{"formats", formats}, {"kinds", kinds}};
}

inline Result<Files> report(std::string const& evidence, Json const& with) {
  Plugins plugins;
  auto const reporter = plugins.reporter("charts", with.dump());
  if (!reporter) return fail(reporter.error());
  auto files = (*reporter)->write(evidence);
  if (!files) return fail(files.error());
  Files out;
  for (auto& file : *files) out[file.path] = std::move(file.bytes);
  return out;
}

inline Files drawn(Json const& data, Json const& with) {
  auto files = report(data.dump(), with);
  EXPECT_TRUE(files) << (files ? "" : files.error().what);
  return files ? *files : Files();
}

inline std::string svg(Json const& data, std::string const& kind) {
  return drawn(data, settings({"svg"}, {kind}))["charts/" + kind + ".svg"];
}

/// What is said when `kind` cannot be drawn: "message | help".
inline std::string refusal(Json const& data, std::string const& kind = "forest-plot") {
  auto const files = report(data.dump(), settings({"svg"}, {kind}));
  if (files) return "it was drawn";
  EXPECT_EQ(files.error().kind, ErrorClass::invalid);
  return files.error().what + " | " + files.error().help;
}

inline std::size_t count_of(std::string const& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// All that a reader sees, without tags: one line an element.
inline std::string texts(std::string const& document) {
  std::string out;
  std::regex const element("<text[^>]*>(?:<title>[^<]*</title>)?([^<]*)</text>");
  for (std::sregex_iterator at(document.begin(), document.end(), element), end; at != end; ++at)
    out += (*at)[1].str() + "\n";
  return out;
}

}  // namespace itera::tests
