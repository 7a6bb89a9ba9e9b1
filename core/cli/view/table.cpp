#include "core/cli/view/table.hpp"

#include <algorithm>
#include <ostream>

#include "core/base/text.hpp"

namespace itera::cli::view {

void table(std::ostream& out, std::vector<Line> const& lines) {
  std::vector<std::size_t> widths;
  for (auto const& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], display_width(line[i]));
    }
  for (auto const& line : lines) {
    std::string text = " ";
    for (std::size_t i = 0; i < line.size(); ++i) {
      auto const gap = std::string(widths[i] - display_width(line[i]), ' ');
      text += i == 0 ? " " + line[i] + gap : "  " + gap + line[i];
    }
    while (text.ends_with(' ')) text.pop_back();
    out << text << "\n";
  }
}

}  // namespace itera::cli::view
