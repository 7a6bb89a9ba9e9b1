#include "core/engine/reports.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

bool inside(std::filesystem::path const& path) {
  return path.is_relative() && !path.empty() &&
         std::none_of(path.begin(), path.end(), [](auto const& part) { return part == ".."; });
}

}  // namespace

Result<std::filesystem::path> write_reports(Folder const& folder,
                                            std::vector<plan::PinnedActor> const& reporters,
                                            ports::Actors& actors, ports::Progress& progress,
                                            Json const& evidence) {
  auto open = folder.data();
  // Not in data.json, which must not depend on where the experiment's folder lies.
  auto document = evidence;
  document["records"] = {{"path", std::filesystem::absolute(folder.rows()).string()}};
  auto const text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (auto const& pinned : reporters) {
    auto const warn = [&](std::string const& why) {
      progress.warning(fmt::format("report `{}` was not written: {}", pinned.info.short_name, why));
    };
    auto const reporter = actors.reporter(pinned.info, pinned.settings_json);
    if (!reporter) {
      warn(reporter.error().what);
      continue;
    }
    auto const files = (*reporter)->write(text);
    if (!files) {
      if (files.error().kind == ErrorClass::stopped) return fail(files.error());
      warn(files.error().what);
      continue;
    }
    for (auto const& file : *files) {
      auto const target = folder.root / file.path;
      if (!inside(file.path)) {
        warn(fmt::format("`{}` lies outside the experiment's folder", file.path));
        continue;
      }
      if (auto const ok = make_folder(target.parent_path()); !ok) return fail(ok.error());
      if (auto const ok = write_file(target, file.bytes); !ok) return fail(ok.error());
      if (open == folder.data()) open = target;
    }
  }
  return open;
}

}  // namespace itera::engine
