#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/host/catalog.hpp"
#include "core/ports/actors.hpp"

namespace itera::host {

/// Creates plugin instances from a catalog's libraries. Not thread-safe; the actors that it makes live on
/// their own and keep their libraries loaded.
class PluginActors final : public ports::Actors {
 public:
  /// `catalog` must outlive this object. `cancelled` tells plugins to give up; it may be empty and must be
  /// callable from any thread.
  explicit PluginActors(PluginCatalog const& catalog, std::function<bool()> cancelled = {});

  Result<std::unique_ptr<ports::Source>> source(ports::PluginInfo const& info,
                                                std::string const& settings_json) override;
  Result<std::unique_ptr<ports::Arm>> arm(ports::PluginInfo const& info,
                                          std::string const& settings_json) override;
  Result<std::unique_ptr<ports::Judge>> judge(
      ports::PluginInfo const& info, std::string const& settings_json,
      std::vector<ports::FailureCategory> const& failures = {}) override;
  Result<std::unique_ptr<ports::Reporter>> reporter(ports::PluginInfo const& info,
                                                    std::string const& settings_json) override;

 private:
  template <class Port, class Adapter>
  Result<std::unique_ptr<Port>> make(ports::PluginKind kind, ports::PluginInfo const& info,
                                     std::string const& settings_json,
                                     std::vector<ports::FailureCategory> failures = {});

  PluginCatalog const& catalog_;
  std::function<bool()> cancelled_;
};

}  // namespace itera::host
