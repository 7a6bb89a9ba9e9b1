#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace itera::host {

/// Added variables win over the ones that the host itself was started with.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// The file that runs as `name`: `name` itself below `folder` if it has a slash, else the first match in
/// PATH. The error is a sentence that tells "no such program" from "not executable".
tl::expected<std::string, std::string> find_program(std::string const& name,
                                                    std::filesystem::path const& folder,
                                                    Environment const& added);

/// "NAME=value" of the host's environment and `added`.
std::vector<std::string> merged_environment(Environment const& added);

}  // namespace itera::host
