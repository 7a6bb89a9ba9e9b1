#include "core/host/exchange.hpp"

#include <exception>
#include <utility>

#include <fmt/format.h>

namespace itera::host {

Exchange::Exchange(std::function<bool()> cancelled, std::function<Status(itera_batch const&)> on_batch)
    : call_{}, cancelled_(std::move(cancelled)), on_batch_(std::move(on_batch)) {
  using C = itera_call const*;
  call_.struct_size = sizeof call_;
  call_.ctx = this;
  call_.cancelled = [](C c) -> std::int32_t {
    bool stop = false;
    of(c).guarded([&] { stop = !of(c).own_ || (of(c).cancelled_ && of(c).cancelled_()); });
    return stop ? 1 : 0;
  };
  call_.fail = [](C c, itera_str summary, itera_str detail) {
    of(c).guarded([&] { of(c).summary_ = view(summary), of(c).detail_ = view(detail); });
  };
  call_.emit = [](C c, std::uint64_t handle, std::int32_t kind, itera_str json) {
    of(c).guarded([&] { of(c).emissions.push_back({handle, kind, std::string(view(json))}); });
  };
  call_.document = [](C c, itera_str json) {
    of(c).guarded([&] { of(c).documents.emplace_back(view(json)); });
  };
  call_.batch = [](C c, itera_batch const* batch) {
    of(c).guarded([&] {
      if (of(c).own_ && of(c).on_batch_ && batch) of(c).own_ = of(c).on_batch_(*batch);
    });
  };
  call_.file = [](C c, itera_str path, itera_str bytes) {
    of(c).guarded([&] { of(c).files.push_back({std::string(view(path)), std::string(view(bytes))}); });
  };
}

// No exception may travel through the plugin's frames, which may be of another language.
template <class F>
void Exchange::guarded(F&& work) noexcept {
  std::scoped_lock const lock(mutex_);
  try {
    std::forward<F>(work)();
  } catch (std::exception const& e) {
    own_ = fail(ErrorClass::internal, e.what());
  } catch (...) {
    own_ = fail(ErrorClass::internal, "unknown exception");
  }
}

Status Exchange::outcome(itera_status status, std::string const& who, std::string const& where) const {
  if (!own_) return own_;
  auto const said = [&](std::string_view otherwise) {
    return fmt::format("{}: {}", who, summary_.empty() ? otherwise : std::string_view(summary_));
  };
  auto const bug = [&](std::string const& what) {
    return fail(ErrorClass::plugin, fmt::format("{} (library `{}`)", what, where),
                detail_.empty() ? "this is a bug of the plugin: tell its author" : detail_);
  };
  switch (status) {
    case ITERA_OK:
      return {};
    case ITERA_INVALID:
      return fail(ErrorClass::invalid, said("its settings or data are wrong, it does not say how"), detail_);
    case ITERA_UNAVAILABLE:
      return fail(ErrorClass::unavailable, said("something that it needs failed, it does not say what"),
                  detail_);
    case ITERA_CANCELLED:
      if (cancelled_ && cancelled_())
        return fail(ErrorClass::stopped, fmt::format("{}: stopped as asked", who));
      return bug(fmt::format("{}: gave up as cancelled although nobody asked it to stop", who));
    case ITERA_INTERNAL:
      return bug(said("failed without a message"));
    default:
      return bug(fmt::format("{}: returned the unknown status {}", who, status));
  }
}

}  // namespace itera::host
