#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "core/ports/surroundings.hpp"

namespace itera::cli::view {

/// "32 s", "4 min", "1 h 20 min". Precondition: `seconds` >= 0.
std::string duration(double seconds);

/// "dev: 3210 of 9000 answers, 182/s, 32 s left, $0.42, 3 errors"; what is not known or zero is left out.
std::string pass_line(ports::PassState const& pass);

/// What a pass is about to do: "dev: 9000 answers (3 arms, 1000 rows, 3 trials)".
std::string pass_begin(ports::PassState const& pass);

/// The pass in a line and each arm in one below it, cut to `columns` characters.
std::vector<std::string> pass_block(ports::PassState const& pass, std::size_t columns);

}  // namespace itera::cli::view
