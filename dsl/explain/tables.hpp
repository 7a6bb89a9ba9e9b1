#pragma once
#include <span>

#include "dsl/explain/explain.hpp"

namespace itera::dsl::tables {

// One table for each group of codes, so that no file is longer than one reads.
std::span<Explanation const> text();
std::span<Explanation const> clauses();
std::span<Explanation const> method();
std::span<Explanation const> plugins();

}  // namespace itera::dsl::tables
