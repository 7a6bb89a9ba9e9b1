#pragma once
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <itera/sdk/abi.h>

#include "core/base/result.hpp"
#include "core/ports/actors.hpp"

namespace itera::host {

/// The text behind `text`; "none" gives empty text.
inline std::string_view view(itera_str text) {
  return text.data ? std::string_view(text.data, static_cast<std::size_t>(text.size)) : std::string_view();
}
inline itera_str borrow(std::string_view text) {
  return {text.data() ? text.data() : "", text.size()};
}

/// The host's side of one call into a plugin: copies what the plugin gives until outcome() is asked for. The
/// plugin may use it from any thread; the host reads the members after the call has returned.
class Exchange {
 public:
  struct Emission {
    std::uint64_t handle = 0;
    std::int32_t kind = 0;
    std::string json;
  };

  /// `cancelled` may be empty; `on_batch` takes a source's batches and is called under a lock.
  explicit Exchange(std::function<bool()> cancelled, std::function<Status(itera_batch const&)> on_batch = {});
  Exchange(Exchange const&) = delete;
  Exchange& operator=(Exchange const&) = delete;

  itera_call const* raw() const { return &call_; }

  std::vector<Emission> emissions;
  std::vector<std::string> documents;
  std::vector<ports::ReportFile> files;

  /// What `status` and the plugin's text mean. `who` names the plugin, `where` its library.
  Status outcome(itera_status status, std::string const& who, std::string const& where) const;

 private:
  static Exchange& of(itera_call const* call) { return *static_cast<Exchange*>(call->ctx); }
  template <class F>
  void guarded(F&& work) noexcept;

  itera_call call_;
  std::function<bool()> cancelled_;
  std::function<Status(itera_batch const&)> on_batch_;
  std::mutex mutex_;
  std::string summary_;
  std::string detail_;
  Status own_;  ///< what went wrong on this side; the plugin cannot be told, so it waits here
};

}  // namespace itera::host
