#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What keeps text that others wrote apart from what the judge is told.
namespace judge_llm {

/// 32 hexadecimal digits that nobody can tell who knows the row alone: the item's seed is the experiment's,
/// and the label is drawn for each row and arm.
std::string nonce(std::uint64_t seed, std::string_view label);

/// `text` between two lines that carry the nonce. Whatever looks like such a line in it, with this nonce or
/// another, is broken up. Of more than `most` bytes the rest is left out, which is said behind the fence.
std::string fenced(std::string_view what, std::string_view text, std::string_view nonce, std::size_t most);

}  // namespace judge_llm
