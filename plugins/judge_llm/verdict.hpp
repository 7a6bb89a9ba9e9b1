#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "prompt.hpp"

namespace judge_llm {

struct Verdict {
  double value = 0;                   ///< 0 .. 1: of several criteria their mean
  bool passed = false;                ///< every criterion reaches the scale's `pass_at`
  std::vector<std::string> failures;  ///< empty where the answer passed
  std::string reason;
};

/// The verdict that a reply holds, or why it is none. Nothing is guessed: a member that is missing, mistyped,
/// out of the scale or unknown makes it no verdict. A Markdown fence round the object is taken off.
std::variant<Verdict, std::string> read_verdict(std::string_view reply, Task const& task);

}  // namespace judge_llm
