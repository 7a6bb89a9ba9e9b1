#include <algorithm>
#include <vector>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"

namespace itera::cli {

int list_plugins(Context const& context) {
  auto catalog = make_catalog();
  std::vector<view::PluginLine> lines;
  for (auto const kind : {ports::PluginKind::source, ports::PluginKind::arm, ports::PluginKind::judge,
                          ports::PluginKind::reporter})
    for (auto const& name : catalog.names(kind)) {
      auto const info = catalog.find(kind, name);
      lines.push_back({kind, name, info ? *info : nullptr, info ? "" : info.error().what});
    }
  context.json ? view::json_plugins(context.out, lines) : view::human_plugins(context.out, lines);
  bool const ok = std::all_of(lines.begin(), lines.end(), [](auto const& l) { return l.info != nullptr; });
  return ok ? exit_code::ok : exit_code::failure;
}

}  // namespace itera::cli
