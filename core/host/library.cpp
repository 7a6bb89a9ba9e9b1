#include "core/host/library.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

namespace itera::host {
namespace dll = boost::dll;

struct Library::Handle {
  dll::shared_library library;
};

namespace {

constexpr auto kSymbol = "itera_plugin_entry";
constexpr auto kRebuild = "rebuild the plugin with this itera's SDK";

Status missing_member(itera_descriptor const& d, std::uint32_t index, std::filesystem::path const& file) {
  constexpr auto known = offsetof(itera_descriptor, settings_schema) + sizeof d.settings_schema;
  if (d.struct_size < known)
    return fail(
        ErrorClass::plugin,
        fmt::format("plugin library `{}`: descriptor {} is truncated ({} bytes, at least {} are needed)",
                    file.string(), index, d.struct_size, known),
        kRebuild);
  std::pair<char const*, char const*> const members[] = {
      {"id", d.id},           {"short_name", d.short_name},     {"version", d.version},
      {"summary", d.summary}, {"interface_id", d.interface_id}, {"settings_schema", d.settings_schema}};
  for (auto const& [name, text] : members)
    if (!text || !*text)
      return fail(ErrorClass::plugin,
                  fmt::format("plugin library `{}`: descriptor {} has no `{}`", file.string(), index, name),
                  "fill in every text of the descriptor");
  return {};
}

}  // namespace

std::string dlerror_text(std::string const& what) {
  constexpr std::string_view open = "dlerror system message: ";
  auto const from = what.find(open);
  auto const to = what.rfind("): ");
  if (from == what.npos || to == what.npos || to < from + open.size()) return what;
  return what.substr(from + open.size(), to - from - open.size());
}

Library::Library(std::filesystem::path path, std::unique_ptr<Handle> handle)
    : path_(std::move(path)), handle_(std::move(handle)) {}
Library::~Library() = default;

Result<std::shared_ptr<Library const>> Library::load(std::filesystem::path const& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored))
    return fail(ErrorClass::invalid, fmt::format("plugin library `{}` does not exist", file.string()),
                "build the plugin, or correct the path");
  auto handle = std::make_unique<Handle>();
  // rtld_now: an unresolved symbol fails here, with a name, and not in the middle of a run. rtld_local:
  // plugins do not see each other's symbols. The throwing overload, because the other one loses dlerror's
  // text.
  try {
    handle->library.load(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (std::exception const& e) {
    return fail(
        ErrorClass::plugin,
        fmt::format("plugin library `{}` cannot be loaded: {}", file.string(), dlerror_text(e.what())),
        "a missing symbol or library is a fault of the plugin's build");
  }
  auto library = std::shared_ptr<Library>(new Library(file, std::move(handle)));
  if (auto status = library->read_tables(); !status) return fail(std::move(status.error()));
  return library;
}

Status Library::read_tables() {
  auto const broken = [&](std::string const& what, char const* help) {
    return fail(ErrorClass::plugin, fmt::format("plugin library `{}` {}", path_.string(), what), help);
  };
  if (!handle_->library.has(kSymbol))
    return broken(fmt::format("is no itera plugin: it has no symbol `{}`", kSymbol),
                  "build it with itera_add_plugin(), and name its classes in ITERA_PLUGINS(...)");
  try {
    auto& entry_of = handle_->library.get<void const*(std::uint32_t)>(kSymbol);
    entry_ = static_cast<itera_entry_v1 const*>(entry_of(ITERA_ABI_MAJOR));
    if (!entry_)
      return broken(
          fmt::format("was built for another plugin ABI: this itera speaks ABI {}", ITERA_ABI_MAJOR),
          kRebuild);
    if (entry_->struct_size < sizeof(itera_entry_v1))
      return broken(fmt::format("has a truncated entry table ({} bytes, {} are needed)", entry_->struct_size,
                                sizeof(itera_entry_v1)),
                    kRebuild);
    if (!entry_->describe || !entry_->create)
      return broken("has an entry table without its functions", kRebuild);
    if (entry_->count == 0) return broken("holds no plugin", "name its classes in ITERA_PLUGINS(...)");
    for (std::uint32_t i = 0; i < entry_->count; ++i) {
      auto const* d = entry_->describe(i);
      if (!d)
        return broken(
            fmt::format("says that it holds {} plugins, but describes no plugin {}", entry_->count, i),
            kRebuild);
      if (auto status = missing_member(*d, i, path_); !status) return status;
      descriptors_.push_back(d);
    }
  } catch (std::exception const& e) {
    return broken(fmt::format("threw while it was read: {}", e.what()),
                  "a plugin must not let exceptions out");
  } catch (...) {
    return broken("threw while it was read", "a plugin must not let exceptions out");
  }
  return {};
}

}  // namespace itera::host
