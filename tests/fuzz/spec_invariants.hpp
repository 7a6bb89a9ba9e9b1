#pragma once
#include <string>
#include <string_view>

namespace itera::fuzz {

/// Reads bytes as a spec, as `itera check` does: text, tree, meaning, every problem rendered for a person and
/// for a program. Gives the first thing that must not be, whatever the bytes are: a place outside of the text
/// or inside of a character, too many problems, an experiment beside an error. Empty if there is none. Reads
/// no file but those that a spec names below tests/golden/dsl.
std::string violation(std::string_view bytes);

}  // namespace itera::fuzz
