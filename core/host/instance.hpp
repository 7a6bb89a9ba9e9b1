#pragma once
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <itera/sdk/abi.h>

#include "core/base/result.hpp"
#include "core/host/catalog.hpp"
#include "core/host/exchange.hpp"
#include "core/host/whereabouts.hpp"
#include "core/ports/actors.hpp"

namespace itera::host {

/// One instance of a plugin with everything that has to outlive it: its library and the services lent to it.
/// Not thread-safe.
class Instance {
 public:
  /// `cancelled` may be empty. `failures`: what a judge may tag rows with. Errors: `invalid` for settings
  /// that the plugin refuses, `plugin` for a broken plugin.
  static Result<std::unique_ptr<Instance>> create(PluginCatalog::Plugin const& plugin,
                                                  std::string const& settings_json,
                                                  std::function<bool()> cancelled,
                                                  std::vector<ports::FailureCategory> failures = {});
  ~Instance();
  Instance(Instance const&) = delete;
  Instance& operator=(Instance const&) = delete;

  /// The plugin's table for its interface; valid as long as the instance.
  void const* table() const { return table_; }
  itera_instance* raw() const { return instance_; }
  std::function<bool()> const& cancelled() const { return cancelled_; }
  bool is_judge() const { return judge_; }
  std::uint32_t max_batch() const { return max_batch_; }
  std::string const& who() const { return who_; }  ///< "judge `exact`"

  std::vector<ports::FailureCategory> const& failures() const { return failures_; }

  /// Runs `work`, a call into the plugin, and turns what came of it into a Status.
  template <std::invocable F>
  Status call(Exchange const& exchange, F&& work) const {
    AtWork const here(at_work_);
    try {
      return exchange.outcome(std::forward<F>(work)(), who_, library_->path().string());
    } catch (std::exception const& e) {
      return broken(std::string("let an exception out: ") + e.what());
    } catch (...) {
      return broken("let an exception out");
    }
  }
  /// An Error of class `plugin` that names the plugin and its library.
  tl::unexpected<Error> broken(std::string const& what) const;

 private:
  Instance(PluginCatalog::Plugin const& plugin, std::function<bool()> cancelled,
           std::vector<ports::FailureCategory> failures);

  std::shared_ptr<Library const> library_;
  std::string who_;
  std::string at_work_;  ///< who_ and its library
  std::function<bool()> cancelled_;
  std::uint32_t max_batch_ = 0;
  bool judge_ = false;
  std::vector<ports::FailureCategory> failures_;
  itera_host host_;
  itera_instance* instance_ = nullptr;
  void const* table_ = nullptr;
};

}  // namespace itera::host
