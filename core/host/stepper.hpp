#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <itera/sdk/abi.h>

#include "core/host/instance.hpp"
#include "core/ports/actors.hpp"

namespace itera::host {

/// An arm behind the C boundary. Checks that the plugin keeps the step contract; see ports::Stepper.
class PluginArm final : public ports::Arm {
 public:
  explicit PluginArm(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}
  Result<std::vector<ports::StepResult>> step(std::span<ports::StepItem const> items) override;
  Result<std::optional<std::string>> prepare() override;

 private:
  std::unique_ptr<Instance> instance_;
};

/// A judge behind the C boundary.
class PluginJudge final : public ports::Judge {
 public:
  explicit PluginJudge(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}
  Result<std::vector<ports::StepResult>> step(std::span<ports::StepItem const> items) override;

 private:
  std::unique_ptr<Instance> instance_;
};

}  // namespace itera::host
