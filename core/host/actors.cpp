#include "core/host/actors.hpp"

#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/host/instance.hpp"
#include "core/host/source.hpp"
#include "core/host/stepper.hpp"

namespace itera::host {
namespace {

// A report must not be able to write outside the experiment's folder.
bool stays_inside(std::string const& path) {
  std::filesystem::path const p(path);
  if (path.empty() || p.is_absolute() || !p.has_filename() || path.find('\0') != path.npos) return false;
  for (auto const& part : p)
    if (part == ".." || part == ".") return false;
  return true;
}

class PluginReporter final : public ports::Reporter {
 public:
  explicit PluginReporter(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}

  Result<std::vector<ports::ReportFile>> write(std::string_view evidence_json) override {
    auto const* table = static_cast<itera_reporter_v1 const*>(instance_->table());
    Exchange exchange(instance_->cancelled());
    auto const status = instance_->call(
        exchange, [&] { return table->write(instance_->raw(), exchange.raw(), borrow(evidence_json)); });
    if (!status) return fail(status.error());
    std::set<std::string> paths;
    for (auto const& file : exchange.files) {
      if (!stays_inside(file.path))
        return instance_->broken(
            fmt::format("gave a file with the path `{}`, which leaves the experiment's folder", file.path));
      if (!paths.insert(file.path).second)
        return instance_->broken(fmt::format("gave the file `{}` twice", file.path));
    }
    return std::move(exchange.files);
  }

 private:
  std::unique_ptr<Instance> instance_;
};

}  // namespace

PluginActors::PluginActors(PluginCatalog const& catalog, std::function<bool()> cancelled)
    : catalog_(catalog), cancelled_(std::move(cancelled)) {}

template <class Port, class Adapter>
Result<std::unique_ptr<Port>> PluginActors::make(ports::PluginKind kind, ports::PluginInfo const& info,
                                                 std::string const& settings_json,
                                                 std::vector<ports::FailureCategory> failures) {
  auto const* plugin = info.kind == kind ? catalog_.plugin(info) : nullptr;
  if (!plugin)
    return fail(ErrorClass::internal, fmt::format("no {} `{}` was looked up in this catalog",
                                                  ports::to_string(kind), info.short_name));
  auto instance = Instance::create(*plugin, settings_json, cancelled_, std::move(failures));
  if (!instance) return fail(std::move(instance.error()));
  return std::make_unique<Adapter>(std::move(*instance));
}

Result<std::unique_ptr<ports::Source>> PluginActors::source(ports::PluginInfo const& info,
                                                            std::string const& settings_json) {
  return make<ports::Source, PluginSource>(ports::PluginKind::source, info, settings_json);
}
Result<std::unique_ptr<ports::Arm>> PluginActors::arm(ports::PluginInfo const& info,
                                                      std::string const& settings_json) {
  return make<ports::Arm, PluginArm>(ports::PluginKind::arm, info, settings_json);
}
Result<std::unique_ptr<ports::Judge>> PluginActors::judge(
    ports::PluginInfo const& info, std::string const& settings_json,
    std::vector<ports::FailureCategory> const& failures) {
  return make<ports::Judge, PluginJudge>(ports::PluginKind::judge, info, settings_json, failures);
}
Result<std::unique_ptr<ports::Reporter>> PluginActors::reporter(ports::PluginInfo const& info,
                                                                std::string const& settings_json) {
  return make<ports::Reporter, PluginReporter>(ports::PluginKind::reporter, info, settings_json);
}

}  // namespace itera::host
