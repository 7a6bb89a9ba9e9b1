#pragma once
#include <cstddef>
#include <string_view>

/// The fewest insertions, deletions and substitutions of one character that make `b` of `a` (Levenshtein
/// 1966, by the recurrence of Wagner and Fischer 1974). Time grows with the product of the lengths between
/// the common beginning and the common end, memory with the shorter.
std::size_t levenshtein(std::u32string_view a, std::u32string_view b);
