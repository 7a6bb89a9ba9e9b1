#pragma once
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/source_map.hpp"
#include "core/ports/plugin_info.hpp"
#include "dsl/check/check.hpp"
#include "dsl/language_server/outline.hpp"

namespace itera::dsl::language_server {

/// What a text is looked up in. The catalog outlives it.
struct Lookup {
  ports::Catalog& catalog;
  std::filesystem::path folder;  ///< where the text's relative paths start
  ColumnReader columns;          ///< may be empty: then columns are not known
};

/// The plugin of that kind and name; null if there is none or it does not load.
ports::PluginInfo const* plugin_called(Lookup const& lookup, ports::PluginKind kind, std::string const& name);
ports::SettingSchema const* setting_called(ports::PluginInfo const& info, std::string_view name);

/// Makes known what the text says `use` for. What is wrong with it is reported by check(), which does the
/// same.
void use_plugins(Outline const& outline, Lookup const& lookup);

/// The source of the experiment and its columns, if it can be asked here.
struct SourceColumns {
  std::string source;
  std::vector<ports::Column> columns;
};
std::optional<SourceColumns> columns_of(ExperimentOutline const& experiment, SourceMap const& source,
                                        Lookup const& lookup);

/// The file that a path of the spec names, if there is one.
std::optional<std::filesystem::path> file_called(Lookup const& lookup, std::string_view path);

}  // namespace itera::dsl::language_server
