#include "dsl/language_server/lookup.hpp"

#include <algorithm>

#include "dsl/check/cursor.hpp"
#include "dsl/check/settings.hpp"

namespace itera::dsl::language_server {

ports::PluginInfo const* plugin_called(Lookup const& lookup, ports::PluginKind kind,
                                       std::string const& name) {
  if (name.empty()) return nullptr;
  auto const found = lookup.catalog.find(kind, name);
  return found ? *found : nullptr;
}

ports::SettingSchema const* setting_called(ports::PluginInfo const& info, std::string_view name) {
  auto const it =
      std::find_if(info.settings.begin(), info.settings.end(), [&](auto const& s) { return s.name == name; });
  return it == info.settings.end() ? nullptr : &*it;
}

void use_plugins(Outline const& outline, Lookup const& lookup) {
  for (auto const& use : outline.uses) {
    auto const* path = filled(match(Block::file, use.clause.terms), use.clause, Slot::text);
    if (!path) continue;
    auto const library = std::filesystem::absolute(lookup.folder / path->text).lexically_normal();
    static_cast<void>(lookup.catalog.use(use.name, library));
  }
}

std::optional<SourceColumns> columns_of(ExperimentOutline const& experiment, SourceMap const& source,
                                        Lookup const& lookup) {
  if (!lookup.columns) return std::nullopt;
  for (auto const& clause : experiment.clauses) {
    if (clause.word() != "rows") continue;
    Diagnostics unheard;  // what is wrong with the clause is reported by check()
    meaning::Report report(source, lookup.catalog, lookup.folder, lookup.columns, unheard);
    meaning::Cursor cursor(report, clause);
    if (!cursor.take("from") && !cursor.take("using")) return std::nullopt;
    ports::PluginInfo const* info = nullptr;
    auto const actor = meaning::read_actor(report, ports::PluginKind::source, cursor, clause, &info);
    if (!info || unheard.has_errors()) return std::nullopt;
    auto columns = lookup.columns(*info, actor);
    if (!columns || !*columns) return std::nullopt;
    return SourceColumns{info->short_name, std::move(**columns)};
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> file_called(Lookup const& lookup, std::string_view path) {
  if (path.empty() || path.find('\0') != path.npos) return std::nullopt;
  auto file = (lookup.folder / path).lexically_normal();
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(file, unknown)) return std::nullopt;
  return file;
}

}  // namespace itera::dsl::language_server
