#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "core/host/catalog.hpp"
#include "dsl/language_server/server.hpp"

namespace itera::cli {

/// The plugins of a session with an editor. What a text makes known by `use` is loaded once and kept apart:
/// it must not be known to another text, nor to the same one when the line is gone. Not thread-safe.
class EditorPlugins {
 public:
  EditorPlugins();

  host::PluginCatalog& installed() { return installed_; }
  /// A catalog in which the library is known under the name; loaded anew when the file has changed.
  Result<host::PluginCatalog*> with(std::string const& short_name, std::filesystem::path const& library);

 private:
  using Version =
      std::tuple<std::string, std::filesystem::path, std::filesystem::file_time_type, std::uintmax_t>;
  struct Used {
    host::PluginCatalog catalog;
    std::optional<Error> failed;
  };
  host::PluginCatalog installed_;
  std::map<Version, std::unique_ptr<Used>> used_;
};

/// `plugins` must outlive it.
std::unique_ptr<dsl::language_server::Surroundings> editor_surroundings(EditorPlugins& plugins,
                                                                        std::filesystem::path folder);

}  // namespace itera::cli
