#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/host/instance.hpp"
#include "core/ports/actors.hpp"

namespace itera::host {

/// A source behind the C boundary. Everything that a plugin hands over is checked before the engine sees it.
class PluginSource final : public ports::Source {
 public:
  explicit PluginSource(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}
  Result<std::vector<ports::Column>> schema() override;
  /// An exception of `sink` comes back as an Error of class `internal`.
  Result<ports::SourceReport> read(std::vector<std::string> const& columns,
                                   std::function<void(std::vector<ports::Cell>&&)> const& sink) override;

 private:
  std::unique_ptr<Instance> instance_;
};

}  // namespace itera::host
