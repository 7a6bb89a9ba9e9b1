#include "core/engine/labels.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/system_clock.hpp"
#include "core/cli/view/labels.hpp"
#include "core/cli/view/terminal_progress.hpp"
#include "core/engine/folder.hpp"
#include "core/host/actors.hpp"

namespace itera::cli {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// A setting as data.json has it, with files by name, made into what an instance gets.
Result<Json> given(ports::SettingSchema const& schema, Json const& locked, fs::path const& folder) {
  if (locked.is_object() && locked.contains("file")) {
    auto text = read_file(folder / locked.at("file").get<std::string>());
    if (!text) return fail(text.error());
    return Json(std::move(*text));
  }
  if (locked.is_object() && locked.contains("env")) {
    auto const* const found = std::getenv(locked.at("env").get<std::string>().c_str());
    return Json(found ? found : "");
  }
  if (schema.type == ports::SettingType::file && locked.is_string())
    return Json((folder / locked.get<std::string>()).string());
  return locked;
}

Result<plan::PinnedActor> reporter_again(host::PluginCatalog& catalog, Json const& report,
                                         fs::path const& folder) {
  auto const info = catalog.find(ports::PluginKind::reporter, report.at("name"));
  if (!info) return fail(info.error());
  plan::PinnedActor out;
  out.info = **info;
  Json settings = Json::object();
  for (auto const& schema : out.info.settings) {
    if (!report.at("settings").contains(schema.name)) continue;
    auto value = given(schema, report.at("settings").at(schema.name), folder);
    if (!value) return fail(value.error());
    settings[schema.name] = std::move(*value);
  }
  out.settings_json = canonical(settings);
  return out;
}

// Those of a verdict that stands; one that cannot be made again is said and left as it is.
std::vector<plan::PinnedActor> reporters_of(host::PluginCatalog& catalog, engine::Folder const& folder,
                                            ports::Progress& progress) {
  std::vector<plan::PinnedActor> out;
  auto const text = read_file(folder.data());
  auto const spec = read_file(folder.spec());
  if (!text) return out;
  auto const document = Json::parse(*text, nullptr, false);
  if (!document.is_object() || !document.contains("reports")) return out;
  for (auto const& report : document.at("reports")) {
    try {
      auto made = reporter_again(catalog, report, spec ? squeeze(*spec) : "");
      if (made)
        out.push_back(std::move(*made));
      else
        progress.warning(fmt::format("report `{}` is not written again: {}",
                                     report.at("name").get<std::string>(), made.error().what));
    } catch (Json::exception const&) {
      progress.warning("a report that data.json does not describe as itera does is not written again");
    }
  }
  return out;
}

}  // namespace

int labels(Context const& context, std::string const& folder, std::optional<std::string> const& by) {
  auto const say = [&](Result<engine::LabelReport> const& report) {
    if (!report) return say_error(context, report.error());
    context.json ? view::json_labels(context.out, *report) : view::human_labels(context.out, *report);
    return static_cast<int>(exit_code::ok);
  };
  if (!by) return say(engine::label_report(folder));
  auto catalog = make_catalog();
  host::PluginActors actors(catalog);
  view::TerminalProgress progress(context.err, false);
  SystemClock clock;
  return say(engine::sign_labels(
      folder, *by,
      {actors, clock, progress, ITERA_VERSION, reporters_of(catalog, engine::Folder{folder, {}}, progress)}));
}

}  // namespace itera::cli
