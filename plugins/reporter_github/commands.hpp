#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

/// `name=value` lines for $GITHUB_OUTPUT. Texts that somebody wrote stand between delimiters that occur in
/// none of them.
std::string outputs(nlohmann::json const& evidence);

/// Workflow commands, one a line, for a step to print: the verdict, then what does not hold. GitHub shows ten
/// of a kind at most. `spec` is the file that they are shown at; empty for none.
std::string annotations(nlohmann::json const& evidence, std::string const& spec);
