#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <itera/sdk/plugin.hpp>

namespace judge_llm {

/// How a verdict is told: a whole number of a range, or one of a few words, each with its value.
struct Scale {
  long lowest = 1, highest = 5;
  std::vector<std::pair<std::string, double>> choices;  ///< not empty: words instead of numbers
  double pass_at = 0;                                   ///< in the scale's own unit

  /// 0 .. 1. Precondition: of the scale.
  double value(double told) const {
    return choices.empty() ? (told - static_cast<double>(lowest)) / static_cast<double>(highest - lowest)
                           : told;
  }
};

/// What is judged by; fixed as long as the experiment lives.
struct Task {
  std::string rubric;
  std::vector<std::pair<std::string, std::string>> criteria;  ///< name, description; empty: one score
  Scale scale;
  std::vector<itera::sdk::FailureCategory> failures;
};

/// The system's message: the same for every row.
std::string instructions(Task const& task);

/// The user's message: all that others wrote, fenced.
struct Judged {
  std::string_view row;  ///< JSON object of the inputs
  std::optional<std::string_view> expected;
  std::string_view output;
};
std::string material(Judged const& judged, std::string_view nonce, std::size_t most);

/// What is said when a reply was no verdict; `why` from read_verdict().
std::string again(std::string_view why);

}  // namespace judge_llm
