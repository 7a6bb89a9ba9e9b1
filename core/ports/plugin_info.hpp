#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace itera::ports {

enum class PluginKind { source, arm, judge, reporter };

inline std::string_view to_string(PluginKind kind) {
  constexpr std::string_view names[] = {"source", "arm", "judge", "reporter"};
  return names[static_cast<int>(kind)];
}

/// What a setting of a plugin takes. `file` is text that names a file whose content the verdict depends on;
/// `words` is a list of texts; `choice` is one bare word of `choices`.
enum class SettingType { text, file, number, integer, flag, choice, words };

struct SettingSchema {
  std::string name;
  SettingType type = SettingType::text;
  bool required = false;
  bool secret = false;
  /// Words of the list that name files enter the lock by content (a program and its scripts).
  bool names_files = false;
  /// `{{name}}` in the text stands for an input of the row.
  bool is_template = false;
  /// What else may stand there: texts that come up between the calls of one row, such as `reply`.
  std::vector<std::string> template_names;
  std::string unit;          ///< "usd", "ms", "s" or empty; a number must carry it
  std::string dimension;     ///< what changes when this setting changes: "program", "model", "prompt", ...
  std::string help;          ///< one line
  std::string default_json;  ///< canonical JSON, empty if there is none
  std::vector<std::string> choices;
  std::optional<double> minimum;
  std::optional<double> maximum;
};

/// What a plugin says of itself, read without creating an instance.
struct PluginInfo {
  PluginKind kind = PluginKind::source;
  std::string id;
  std::string short_name;
  std::string version;
  std::string summary;
  std::filesystem::path library;
  std::vector<std::string> traits;
  std::vector<SettingSchema> settings;
};

inline bool has_trait(PluginInfo const& info, std::string_view trait) {
  for (auto const& t : info.traits)
    if (t == trait) return true;
  return false;
}

/// Finds plugins by the word that a spec uses. Not thread-safe.
class Catalog {
 public:
  virtual ~Catalog() = default;
  /// Loads at most the one library that carries the name. The pointer lives as long as the catalog.
  virtual Result<PluginInfo const*> find(PluginKind kind, std::string const& short_name) = 0;
  /// The names of one kind that could be found, sorted; for suggestions. Loads nothing.
  virtual std::vector<std::string> names(PluginKind kind) = 0;
  /// Makes a library outside the search path known under `short_name` (`use name from "path"`). The path is
  /// absolute. Fails if the file is no plugin or carries no plugin of that name.
  virtual Result<PluginInfo const*> use(std::string const& short_name,
                                        std::filesystem::path const& library) = 0;
};

}  // namespace itera::ports
