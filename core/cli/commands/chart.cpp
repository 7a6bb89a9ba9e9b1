#include <filesystem>
#include <ostream>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/json.hpp"
#include "core/host/actors.hpp"

namespace itera::cli {
namespace {

using Json = nlohmann::json;

// The plugin says itself what it can draw: its default is everything.
std::vector<std::string> kinds_of(ports::PluginInfo const& charts) {
  for (auto const& setting : charts.settings)
    if (setting.name == "kinds") return Json::parse(setting.default_json).get<std::vector<std::string>>();
  return {};
}

Error unknown_kind(std::string const& kind, std::vector<std::string> const& kinds) {
  std::vector<std::string> quoted;
  for (auto const& known : kinds) quoted.push_back("`" + known + "`");
  auto const near = did_you_mean(kind, kinds);
  return {
      ErrorClass::invalid, fmt::format("there is no chart `{}`", kind),
      near ? fmt::format("did you mean `{}`?", *near) : fmt::format("the charts are {}", join_words(quoted))};
}

Result<std::string> draw(ChartArguments const& arguments) {
  auto catalog = make_catalog();
  auto const charts = catalog.find(ports::PluginKind::reporter, "charts");
  if (!charts) return fail(charts.error());
  auto const kinds = kinds_of(**charts);
  if (std::find(kinds.begin(), kinds.end(), arguments.kind) == kinds.end())
    return fail(unknown_kind(arguments.kind, kinds));
  auto const ending = std::filesystem::path(arguments.out).extension().string();
  if (ending != ".svg" && ending != ".png")
    return fail(ErrorClass::invalid, fmt::format("`{}` says no format that charts have", arguments.out),
                "end the name of --out in .svg or .png");

  auto text = read_file(arguments.data);
  if (!text) return fail(ErrorClass::invalid, text.error().what, text.error().help);
  // Parsed here for the sake of an error that says where the file is broken.
  if (auto const parsed = parse_json(*text, arguments.data); !parsed)
    return fail(ErrorClass::invalid, parsed.error().what, parsed.error().help);

  host::PluginActors actors(catalog);
  Json const settings = {{"formats", {ending.substr(1)}}, {"kinds", {arguments.kind}}};
  auto const reporter = actors.reporter(**charts, settings.dump());
  if (!reporter) return fail(reporter.error());
  auto files = (*reporter)->write(*text);
  if (!files)
    return fail(files.error().kind, fmt::format("{} cannot be drawn: {}", arguments.data, files.error().what),
                files.error().help);
  if (files->empty())
    return fail(ErrorClass::invalid, fmt::format("{} has no test scores to draw", arguments.data),
                "its experiment ended as invalid");
  if (files->size() != 1)
    return fail(ErrorClass::plugin,
                fmt::format("the charts plugin gave {} files for one chart", files->size()));
  return std::move(files->front().bytes);
}

}  // namespace

int chart(Context const& context, ChartArguments const& arguments) {
  auto const bytes = draw(arguments);
  if (!bytes) return say_error(context, bytes.error());
  if (auto const written = write_file(arguments.out, *bytes); !written)
    return say_error(context, written.error());
  if (context.json)
    context.out << canonical({{"ok", true}, {"chart", arguments.kind}, {"path", arguments.out}}) << "\n";
  else
    context.out << arguments.out << "\n";
  return exit_code::ok;
}

}  // namespace itera::cli
