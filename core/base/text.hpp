#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace itera {

/// Optimal-string-alignment distance of the ASCII-lower-cased texts: insertions, deletions, substitutions and
/// swaps of neighbours cost 1. O(|a|*|b|) time.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `written`, if its distance is at most min(3, max(1, length/3)); else nothing.
std::optional<std::string> did_you_mean(std::string_view written, std::span<std::string const> candidates);

bool is_valid_utf8(std::string_view text);

/// Terminal cells that the text takes (wide characters count 2, combining marks 0). Invalid bytes count 1.
std::size_t display_width(std::string_view text);

/// Unicode NFC with case folded and every run of white space made one blank, trimmed: two texts with the same
/// result are the same row to the split. Precondition: valid UTF-8 (else the bytes come back unchanged).
std::string fold(std::string_view text);

/// Every run of ASCII white space made one blank, ends trimmed.
std::string squeeze(std::string_view text);

std::vector<std::string> split_lines(std::string_view text);

/// "a", "a and b", "a, b and c".
std::string join_words(std::span<std::string const> words, std::string_view last = "and");

}  // namespace itera
