#pragma once
#include <memory>
#include <string_view>

#include "core/base/result.hpp"

namespace itera {

/// A regular expression of RE2's syntax. Searching takes time linear in the text, whatever the pattern: both
/// come from outside. Any thread may use it.
class Pattern {
 public:
  /// An Error of class invalid says what is wrong with `pattern`.
  static Result<Pattern> compile(std::string_view pattern);
  /// Whether it matches anywhere in `text`, which may hold any bytes.
  bool found_in(std::string_view text) const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<Compiled const> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<Compiled const> compiled_;
};

}  // namespace itera
