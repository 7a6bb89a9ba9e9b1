#pragma once
#include <string>
#include <string_view>

namespace itera::test {

/// A program for `arm_process` that answers JSON lines with the value of `answer`, a Python expression over
/// `text`, `request`, `truth(text)` (the right answer of make_rows()) and `share(text)` (0..999, by hash).
/// Notes every request in the file `log` of its folder in the order of arrival, with `who` in it. While a
/// file `slow` stands in the folder, answers take their time.
std::string python_arm(std::string_view answer, std::string_view log = "", std::string_view who = "");

/// The answer of an arm that is right on `per_mille` of a thousand texts, whatever the trial.
std::string right_on(int per_mille);
/// The same, but one answer in five depends on the call's seed alone: it differs between trials, not between
/// runs.
std::string noisy_on(int per_mille);

}  // namespace itera::test
