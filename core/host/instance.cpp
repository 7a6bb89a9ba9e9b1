#include "core/host/instance.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/base/log.hpp"

namespace itera::host {
namespace {

void write_log(itera_host const* host, std::int32_t level, itera_str message) noexcept {
  try {
    log::write(static_cast<log::Level>(std::clamp(level, 0, 3)),
               fmt::format("{}: {}", static_cast<Instance const*>(host->ctx)->who(), view(message)));
  } catch (...) {  // a line of a log is not worth a run
  }
}

Instance const& of(itera_host const* host) {
  return *static_cast<Instance const*>(host->ctx);
}

itera_str text_of(itera_host const* host, std::uint32_t index,
                  std::string ports::FailureCategory::*member) noexcept {
  auto const& failures = of(host).failures();
  return index < failures.size() ? borrow(failures[index].*member) : itera_str{nullptr, 0};
}

void const* service(itera_host const* host, char const* id) noexcept {
  static constexpr itera_log_v1 log_table{sizeof(itera_log_v1), &write_log};
  static constexpr itera_failures_v1 failures_table{
      sizeof(itera_failures_v1),
      [](itera_host const* h) { return static_cast<std::uint32_t>(of(h).failures().size()); },
      [](itera_host const* h, std::uint32_t i) { return text_of(h, i, &ports::FailureCategory::name); },
      [](itera_host const* h, std::uint32_t i) {
        return text_of(h, i, &ports::FailureCategory::description);
      }};
  if (id && std::strcmp(id, ITERA_SERVICE_LOG) == 0) return &log_table;
  return id && of(host).is_judge() && std::strcmp(id, ITERA_SERVICE_FAILURES) == 0 ? &failures_table
                                                                                   : nullptr;
}

// All required functions of the interface's first version.
bool is_complete(void const* table, ports::PluginKind kind) {
  auto const* source = static_cast<itera_source_v1 const*>(table);
  auto const* arm = static_cast<itera_arm_v1 const*>(table);
  auto const* judge = static_cast<itera_judge_v1 const*>(table);
  auto const* reporter = static_cast<itera_reporter_v1 const*>(table);
  switch (kind) {
    case ports::PluginKind::source:
      return ITERA_HAS(source, schema) && ITERA_HAS(source, read);
    case ports::PluginKind::arm:
      return ITERA_HAS(arm, step);
    case ports::PluginKind::judge:
      return ITERA_HAS(judge, step);
    case ports::PluginKind::reporter:
      return ITERA_HAS(reporter, write);
  }
  return false;
}

}  // namespace

Instance::Instance(PluginCatalog::Plugin const& plugin, std::function<bool()> cancelled,
                   std::vector<ports::FailureCategory> failures)
    : library_(plugin.library),
      who_(fmt::format("{} `{}`", ports::to_string(plugin.info.kind), plugin.info.short_name)),
      at_work_(fmt::format("{} (library `{}`)", who_, library_->path().string())),
      cancelled_(std::move(cancelled)),
      max_batch_(ITERA_HAS(plugin.descriptor, max_batch) ? plugin.descriptor->max_batch : 0),
      judge_(plugin.info.kind == ports::PluginKind::judge),
      failures_(std::move(failures)),
      host_{sizeof host_, this, &service} {}

Instance::~Instance() {
  if (instance_) instance_->destroy(instance_);
}

tl::unexpected<Error> Instance::broken(std::string const& what) const {
  return fail(ErrorClass::plugin, fmt::format("{} {} (library `{}`)", who_, what, library_->path().string()),
              "this is a bug of the plugin: tell its author");
}

Result<std::unique_ptr<Instance>> Instance::create(PluginCatalog::Plugin const& plugin,
                                                   std::string const& settings_json,
                                                   std::function<bool()> cancelled,
                                                   std::vector<ports::FailureCategory> failures) {
  auto out = std::unique_ptr<Instance>(new Instance(plugin, std::move(cancelled), std::move(failures)));
  Exchange exchange(out->cancelled_);
  itera_instance* made = nullptr;
  auto const status = out->call(exchange, [&] {
    return out->library_->entry().create(plugin.descriptor->id, &out->host_, borrow(settings_json),
                                         exchange.raw(), &made);
  });
  if (!status) return fail(status.error());
  if (!made) return out->broken("says that it made an instance, but gives none");
  if (made->struct_size < sizeof(itera_instance) || !made->destroy || !made->get_interface)
    return out->broken("gives a truncated instance");
  out->instance_ = made;
  out->table_ = made->get_interface(made, plugin.descriptor->interface_id);
  if (!out->table_ || !is_complete(out->table_, plugin.info.kind))
    return out->broken(fmt::format("has no complete table for `{}`, which its descriptor promises",
                                   plugin.descriptor->interface_id));
  return out;
}

}  // namespace itera::host
