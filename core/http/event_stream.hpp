#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace itera::http {

/// Looks for the first text in a stream of server-sent events (WHATWG HTML, section 9.2) that comes in pieces
/// of any size. Only until it is found: the rest is not parsed.
class FirstToken {
 public:
  /// JSON pointers (RFC 6901) into an event's data; one that is malformed leads nowhere.
  explicit FirstToken(std::vector<std::string> pointers) : pointers_(std::move(pointers)) {}

  /// Takes the next bytes; true once an event's data had text that is not empty at one of the pointers.
  bool add(std::string_view bytes);
  bool found() const { return found_; }

 private:
  void line(std::string_view text);
  void event();

  std::vector<std::string> pointers_;
  std::string rest_;  // a line that is not complete
  std::string data_;
  bool has_data_ = false, after_cr_ = false, found_ = false;
};

}  // namespace itera::http
