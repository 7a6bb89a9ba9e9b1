#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <itera/sdk/abi.h>

namespace itera::sdk {

/// Lends text to the other side for the duration of one call. The result always has data, so it never means
/// "none".
inline itera_str borrow(std::string_view text) {
  return {text.data() ? text.data() : "", text.size()};
}
/// The text behind `text`; "none" gives empty text.
inline std::string_view view(itera_str text) {
  return text.data ? std::string_view(text.data, static_cast<std::size_t>(text.size)) : std::string_view();
}

/// Ends the call that is under way with a status. `what()` says what happened, `detail` what to do about it.
struct Error : std::runtime_error {
  Error(itera_status status_, std::string const& summary, std::string detail_ = {})
      : std::runtime_error(summary), status(status_), detail(std::move(detail_)) {}
  itera_status status;
  std::string detail;
};

/// The user's settings or data are wrong. Shown to the user as it stands.
struct Invalid : Error {
  explicit Invalid(std::string const& summary, std::string help = {})
      : Error(ITERA_INVALID, summary, std::move(help)) {}
};

/// Something outside failed.
struct Unavailable : Error {
  explicit Unavailable(std::string const& summary, std::string help = {})
      : Error(ITERA_UNAVAILABLE, summary, std::move(help)) {}
};

}  // namespace itera::sdk
