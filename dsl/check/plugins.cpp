#include "dsl/check/plugins.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

using ports::PluginKind;

std::string_view with_article(PluginKind kind) {
  constexpr std::string_view names[] = {"a source", "an arm", "a judge", "a reporter"};
  return names[static_cast<int>(kind)];
}

ports::PluginInfo const* find_plugin(Report& report, PluginKind kind, spec::Name const& name) {
  auto const found = report.catalog.find(kind, name.value);
  if (found) return *found;
  auto const known = report.catalog.names(kind);
  if (std::find(known.begin(), known.end(), name.value) != known.end()) {
    auto help = found.error().help;
    report.error(codes::broken_plugin, name.span,
                 fmt::format("the plugin `{}` cannot be loaded: {}", name.value, found.error().what),
                 std::move(help));
    return nullptr;
  }
  std::string help;
  for (auto const other : {PluginKind::source, PluginKind::arm, PluginKind::judge, PluginKind::reporter}) {
    auto const names = report.catalog.names(other);
    if (other != kind && std::find(names.begin(), names.end(), name.value) != names.end())
      help =
          fmt::format("`{}` is {}; here {} is needed", name.value, with_article(other), with_article(kind));
  }
  if (auto const near = did_you_mean(name.value, known); help.empty() && near)
    help = fmt::format("did you mean `{}`?", *near);
  if (help.empty() && !known.empty())
    help = fmt::format(
        "known are {}; a plugin from elsewhere needs `use {} from \"path\"` outside the experiment",
        quoted(known), name.value);
  report.error(codes::unknown_plugin, name.span,
               fmt::format("no {} plugin is called `{}`", ports::to_string(kind), name.value),
               std::move(help));
  return nullptr;
}

}  // namespace itera::dsl::meaning
