#include "core/cli/editor_surroundings.hpp"

#include <algorithm>

#include "core/cli/load.hpp"

namespace itera::cli {
namespace {

using dsl::language_server::Lookup;
using ports::PluginInfo;
using ports::PluginKind;

/// A pipe or a device among the files of a source could keep the editor waiting for ever.
bool may_block(PluginInfo const& info, spec::Actor const& actor, std::filesystem::path const& folder) {
  return std::any_of(actor.settings.begin(), actor.settings.end(), [&](spec::Setting const& setting) {
    auto const* path = std::get_if<std::string>(&setting.value.data);
    auto const schema = std::find_if(info.settings.begin(), info.settings.end(),
                                     [&](auto const& s) { return s.name == setting.name.value; });
    if (!path || schema == info.settings.end() || schema->type != ports::SettingType::file) return false;
    std::error_code unknown;
    auto const file = folder / *path;
    return std::filesystem::exists(file, unknown) && !std::filesystem::is_regular_file(file, unknown);
  });
}

class EditorSurroundings final : public dsl::language_server::Surroundings, public ports::Catalog {
 public:
  EditorSurroundings(EditorPlugins& plugins, std::filesystem::path folder)
      : plugins_(plugins), folder_(std::move(folder)) {}

  Lookup lookup() override {
    return {*this, folder_, [this](auto const& info, auto const& actor) { return columns(info, actor); }};
  }

  Result<PluginInfo const*> find(PluginKind kind, std::string const& short_name) override {
    auto const it = used_.find(short_name);
    return (it == used_.end() ? plugins_.installed() : *it->second).find(kind, short_name);
  }

  std::vector<std::string> names(PluginKind kind) override {
    auto out = plugins_.installed().names(kind);
    for (auto const& [name, catalog] : used_)
      if (catalog->find(kind, name) && std::find(out.begin(), out.end(), name) == out.end())
        out.push_back(name);
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<PluginInfo const*> use(std::string const& short_name,
                                std::filesystem::path const& library) override {
    auto const catalog = plugins_.with(short_name, library);
    if (!catalog) return fail(catalog.error());
    auto used = (*catalog)->use(short_name, library);
    if (used) used_[short_name] = *catalog;
    return used;
  }

 private:
  Result<std::optional<std::vector<ports::Column>>> columns(PluginInfo const& info,
                                                            spec::Actor const& actor) {
    if (may_block(info, actor, folder_)) return std::nullopt;
    auto const it = used_.find(info.short_name);
    return column_reader(it == used_.end() ? plugins_.installed() : *it->second, folder_)(info, actor);
  }

  EditorPlugins& plugins_;
  std::filesystem::path folder_;
  std::map<std::string, host::PluginCatalog*> used_;
};

}  // namespace

EditorPlugins::EditorPlugins() : installed_(make_catalog()) {}

Result<host::PluginCatalog*> EditorPlugins::with(std::string const& short_name,
                                                 std::filesystem::path const& library) {
  std::error_code unknown;
  Version const version{short_name, library, std::filesystem::last_write_time(library, unknown),
                        std::filesystem::file_size(library, unknown)};
  auto& used = used_[version];
  if (!used) {
    used = std::make_unique<Used>(Used{make_catalog(), std::nullopt});
    if (auto const tried = used->catalog.use(short_name, library); !tried) used->failed = tried.error();
  }
  if (used->failed) return fail(*used->failed);
  return &used->catalog;
}

std::unique_ptr<dsl::language_server::Surroundings> editor_surroundings(EditorPlugins& plugins,
                                                                        std::filesystem::path folder) {
  return std::make_unique<EditorSurroundings>(plugins, std::move(folder));
}

}  // namespace itera::cli
