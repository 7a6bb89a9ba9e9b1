#pragma once
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace itera {

/// What kind of trouble an operation met; the class decides who is to blame and what the host does next.
enum class ErrorClass {
  invalid,      ///< the user's file, setting or data is wrong: tell the user, do not retry
  unavailable,  ///< something outside failed (file system, program, network)
  refused,      ///< a rule of the method forbids it
  stopped,      ///< the user asked to stop
  plugin,       ///< a plugin broke its contract
  internal,     ///< a bug of itera
};

/// A failed operation: what happened (with the place) and the honest way on (`help`, may be empty).
struct Error {
  ErrorClass kind = ErrorClass::internal;
  std::string what;
  std::string help;
  friend bool operator==(Error const&, Error const&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorClass kind, std::string what, std::string help = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(what), std::move(help)});
}
inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace itera
