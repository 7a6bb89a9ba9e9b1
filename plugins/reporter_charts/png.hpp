#pragma once
#include <string>
#include <string_view>

/// The picture of an SVG document as PNG, on white, `scale` pixels for each of its own. Fonts are those that
/// fontconfig finds. Throws sdk::Error if it cannot be made.
std::string png_of(std::string_view svg, double scale);
