#include "core/base/pattern.hpp"

#include <re2/re2.h>

namespace itera {

struct Pattern::Compiled {
  explicit Compiled(std::string_view pattern)
      : re2(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet) {}
  RE2 re2;
};

Result<Pattern> Pattern::compile(std::string_view pattern) {
  auto compiled = std::make_shared<Compiled>(pattern);
  if (!compiled->re2.ok()) return fail(ErrorClass::invalid, compiled->re2.error());
  return Pattern(std::move(compiled));
}

bool Pattern::found_in(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->re2);
}

}  // namespace itera
