#pragma once
#include <cstdint>
#include <string>

namespace itera::support {

/// A spec that passes the check with the FakeCatalog and the files of tests/golden/dsl, written as badly as
/// the grammar allows: clauses in any order and several on a line, random blanks, tabs, line breaks, blank
/// lines and comments, sometimes with Windows line ends and a byte order mark. One to three experiments.
/// The same text for the same seed.
std::string generate_spec(std::uint64_t seed);

}  // namespace itera::support
