#include "core/host/catalog.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/host/probe.hpp"
#include "core/host/settings_schema.hpp"

namespace itera::host {
namespace fs = std::filesystem;
using ports::PluginInfo, ports::PluginKind;

namespace {

constexpr PluginKind kKinds[] = {PluginKind::source, PluginKind::arm, PluginKind::judge,
                                 PluginKind::reporter};
constexpr std::string_view kSuffix = ".so";

std::string interface_of(PluginKind kind) {
  return fmt::format("itera.{}/1", ports::to_string(kind));
}

std::optional<PluginKind> kind_of(std::string_view interface_id) {
  for (auto const kind : kKinds)
    if (interface_id == interface_of(kind)) return kind;
  return std::nullopt;
}

Result<PluginInfo> info_of(itera_descriptor const& d, PluginKind kind, fs::path const& file) {
  PluginInfo info;
  info.kind = kind;
  info.id = d.id;
  info.short_name = d.short_name;
  info.version = d.version;
  info.summary = d.summary;
  info.library = file;
  // From here on members that an older plugin's descriptor may not have.
  if (ITERA_HAS(&d, traits))
    for (auto const* trait = d.traits; *trait; ++trait) info.traits.emplace_back(*trait);
  auto settings = read_settings_schema(
      d.settings_schema,
      fmt::format("{} plugin `{}` ({})", ports::to_string(kind), info.short_name, file.string()));
  if (!settings) return fail(std::move(settings.error()));
  info.settings = std::move(*settings);
  return info;
}

std::string contents(Library const& library) {
  std::vector<std::string> out;
  for (auto const* d : library.descriptors())
    out.push_back(fmt::format("`{}` ({})", d->short_name, d->interface_id));
  return join_words(out);
}

}  // namespace

fs::path running_executable() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored);
}

std::vector<fs::path> plugin_folders(fs::path const& executable) {
  std::vector<fs::path> out;
  auto const add = [&](fs::path const& folder) {
    if (!folder.empty() && std::find(out.begin(), out.end(), folder) == out.end()) out.push_back(folder);
  };
  auto const* const variable = std::getenv("ITERA_PLUGIN_PATH");
  for (std::string_view rest = variable ? variable : ""; !rest.empty();) {
    auto const end = std::min(rest.find(':'), rest.size());
    if (end > 0) add(fs::absolute(fs::path(rest.substr(0, end))).lexically_normal());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (executable.empty()) return out;
  auto const root = executable.parent_path().parent_path();
  add(root / "lib" / "itera" / "plugins");
  add(root / ITERA_LIBDIR / "itera" / "plugins");  // "lib64" or "lib/<machine>" on some systems
  return out;
}

PluginCatalog::PluginCatalog(std::vector<fs::path> folders) : folders_(std::move(folders)) {}

std::optional<fs::path> PluginCatalog::file_of(Name const& name) const {
  std::error_code ignored;
  // A name with a slash would leave the folder.
  if (name.second.empty() || name.second.find('/') != std::string::npos) return std::nullopt;
  for (auto const& folder : folders_) {
    auto file = folder / fmt::format("{}_{}{}", ports::to_string(name.first), name.second, kSuffix);
    if (fs::is_regular_file(file, ignored)) return file;
  }
  return std::nullopt;
}

Result<std::vector<PluginCatalog::Plugin>> PluginCatalog::open(fs::path const& file,
                                                               std::string const& short_name) {
  auto at = libraries_.find(file);
  if (at == libraries_.end()) {
    auto loaded = Library::load(file);
    if (!loaded) return fail(std::move(loaded.error()));
    at = libraries_.emplace(file, std::move(*loaded)).first;
  }
  auto const& library = at->second;
  std::vector<Plugin> out;
  for (auto const* descriptor : library->descriptors()) {
    auto const kind = kind_of(descriptor->interface_id);
    // An interface of a later itera is no fault of a library that also has one for us.
    if (!kind || descriptor->short_name != short_name) continue;
    auto info = info_of(*descriptor, *kind, file);
    if (!info) return fail(std::move(info.error()));
    out.push_back({std::move(*info), library, descriptor});
  }
  return out;
}

Result<PluginInfo const*> PluginCatalog::find(PluginKind kind, std::string const& short_name) {
  Name const name{kind, short_name};
  if (auto const known = plugins_.find(name); known != plugins_.end()) return &known->second.info;
  auto const file = file_of(name);
  if (!file) {
    auto const near = did_you_mean(short_name, names(kind));
    return fail(ErrorClass::invalid, fmt::format("no {} plugin `{}`", ports::to_string(kind), short_name),
                near ? fmt::format("did you mean `{}`?", *near)
                     : fmt::format("`itera plugins list` shows what there is; a plugin of your own needs "
                                   "`use {} from \"...\"`",
                                   short_name));
  }
  auto found = open(*file, short_name);
  if (!found) return fail(std::move(found.error()));
  for (auto& plugin : *found)
    if (plugin.info.kind == kind) return &plugins_.emplace(name, std::move(plugin)).first->second.info;
  return fail(ErrorClass::plugin,
              fmt::format("plugin library `{}` holds no {} `{}`, but {}", file->string(),
                          ports::to_string(kind), short_name, contents(*libraries_[*file])),
              fmt::format("its file name promises `{}`: rename the file or the plugin", interface_of(kind)));
}

std::vector<std::string> PluginCatalog::names(PluginKind kind) {
  std::set<std::string> out;
  auto const prefix = fmt::format("{}_", ports::to_string(kind));
  for (auto const& folder : folders_) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      auto const file = entry->path().filename().string();
      if (file.size() > prefix.size() + kSuffix.size() && file.starts_with(prefix) && file.ends_with(kSuffix))
        out.insert(file.substr(prefix.size(), file.size() - prefix.size() - kSuffix.size()));
    }
  }
  for (auto const& [name, plugin] : plugins_)
    if (name.first == kind) out.insert(name.second);
  return {out.begin(), out.end()};
}

Result<PluginInfo const*> PluginCatalog::use(std::string const& short_name, fs::path const& library) {
  if (std::error_code ignored; !libraries_.contains(library) && fs::is_regular_file(library, ignored))
    if (auto status = probe(library); !status) return fail(std::move(status.error()));
  auto found = open(library, short_name);
  if (!found) return fail(std::move(found.error()));
  if (found->empty())
    return fail(ErrorClass::invalid,
                fmt::format("plugin library `{}` holds no plugin `{}`, but {}", library.string(), short_name,
                            contents(*libraries_[library])),
                "name one of these after `use`");
  PluginInfo const* first = nullptr;
  for (auto& plugin : *found) {
    Name const name{plugin.info.kind, short_name};
    auto const known = plugins_.find(name);
    auto const other = known != plugins_.end() ? std::optional(known->second.info.library) : file_of(name);
    if (other && *other != library)
      return fail(
          ErrorClass::invalid,
          fmt::format("{} plugin `{}` exists twice: `{}` and `{}`", ports::to_string(plugin.info.kind),
                      short_name, library.string(), other->string()),
          "one name means one plugin: give yours another `short_name`");
    auto const at = plugins_.emplace(name, std::move(plugin)).first;
    if (!first) first = &at->second.info;
  }
  return first;
}

PluginCatalog::Plugin const* PluginCatalog::plugin(PluginInfo const& info) const {
  auto const found = plugins_.find({info.kind, info.short_name});
  return found != plugins_.end() && found->second.info.library == info.library ? &found->second : nullptr;
}

}  // namespace itera::host
