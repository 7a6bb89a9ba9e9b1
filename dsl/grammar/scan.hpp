#pragma once
#include <cstdint>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"

namespace itera::dsl::grammar {

inline constexpr std::size_t kMaxBytes = std::size_t{4} * 1024 * 1024;
inline constexpr int kMaxDepth = 200;

/// E107 for a file of `bytes` bytes; it need not be read to be refused.
void refuse_size(std::uintmax_t bytes, Diagnostics& problems);

/// Whether the text may be given to the grammar: not too large, valid UTF-8, no NUL byte, and not nested so
/// deeply that a recursive parser could exhaust the stack. Reports the first reason against it.
bool is_parsable(SourceMap const& source, Diagnostics& problems);

}  // namespace itera::dsl::grammar
