#include "core/run/cell.hpp"

namespace itera::run {

std::string_view to_string(Ending ending) {
  constexpr std::string_view names[] = {"scored", "arm_error", "judge_error", "missing"};
  return names[static_cast<int>(ending)];
}

}  // namespace itera::run
