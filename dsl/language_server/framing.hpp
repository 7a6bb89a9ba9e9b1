#pragma once
#include <iosfwd>
#include <string>
#include <string_view>

namespace itera::dsl::language_server {

/// Larger messages are read over: no spec is larger than 4 MiB, and its JSON rarely twice as large.
inline constexpr std::size_t kMaxMessage = std::size_t{32} * 1024 * 1024;

/// What comes next on the stream.
struct Incoming {
  enum class Kind { message, malformed, end };
  Kind kind = Kind::end;
  std::string text;  ///< the message, or what is wrong with it
};

/// Reads up to the end of one message: `Content-Length: N`, a blank line, N bytes. Where the header is not
/// that, goes on behind the next place that looks like one, so that one broken message costs one answer.
Incoming read_message(std::istream& in);
void write_message(std::ostream& out, std::string_view message);

}  // namespace itera::dsl::language_server
