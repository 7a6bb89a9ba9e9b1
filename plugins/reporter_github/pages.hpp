#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

/// A comment on a pull request may have fewer characters than this.
constexpr std::size_t kCommentLimit = 65'536;

/// The verdict as a page for $GITHUB_STEP_SUMMARY.
std::string summary(nlohmann::json const& evidence);
/// The same for a comment: begins with an invisible line by which the comment is found again, and stays under
/// the limit; what does not fit is cut between two lines, and the last line says so.
std::string comment(nlohmann::json const& evidence);

/// The arm whose decision is the experiment's: the winner, else the best of the others; empty if no arm was
/// judged.
std::string speaker(nlohmann::json const& evidence);
