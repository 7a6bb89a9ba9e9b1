#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/host/library.hpp"
#include "core/ports/plugin_info.hpp"

namespace itera::host {

/// Where plugins are looked for, first match first: the folders of ITERA_PLUGIN_PATH (separated by `:`), then
/// the plugin folder of the installation or build tree that `executable` belongs to.
std::vector<std::filesystem::path> plugin_folders(std::filesystem::path const& executable);
/// The running program, links resolved; empty if the system does not tell.
std::filesystem::path running_executable();

/// The plugins of some folders, in files named `<kind>_<short name>.so`. A name is looked up by its file, so
/// that nothing is loaded but what a spec uses. Libraries stay loaded as long as the catalog lives. Not
/// thread-safe.
class PluginCatalog final : public ports::Catalog {
 public:
  explicit PluginCatalog(std::vector<std::filesystem::path> folders);

  Result<ports::PluginInfo const*> find(ports::PluginKind kind, std::string const& short_name) override;
  std::vector<std::string> names(ports::PluginKind kind) override;
  /// The library is tried in a child process before it is loaded here. One that carries the name for several
  /// kinds makes them all known. Errors: also `invalid` if the name is taken by another library.
  Result<ports::PluginInfo const*> use(std::string const& short_name,
                                       std::filesystem::path const& library) override;

  /// A plugin, its library and its descriptor; for those who create instances.
  struct Plugin {
    ports::PluginInfo info;
    std::shared_ptr<Library const> library;
    itera_descriptor const* descriptor = nullptr;
  };
  /// The plugin behind `info`, which must have come from this catalog; else nothing.
  Plugin const* plugin(ports::PluginInfo const& info) const;

 private:
  using Name = std::pair<ports::PluginKind, std::string>;

  std::optional<std::filesystem::path> file_of(Name const& name) const;
  Result<std::vector<Plugin>> open(std::filesystem::path const& file, std::string const& short_name);

  std::vector<std::filesystem::path> folders_;
  std::map<std::filesystem::path, std::shared_ptr<Library const>> libraries_;
  std::map<Name, Plugin> plugins_;  ///< a map, because its elements never move
};

}  // namespace itera::host
