#include "plugins/drawing/charts.hpp"

#include <algorithm>
#include <array>

namespace itera::drawing {
namespace {

constexpr std::array<Kind, 3> kKinds{
    {{"arm-bar", &arm_bar}, {"forest-plot", &forest_plot}, {"cost-vs-accuracy", &cost_vs_accuracy}}};

}  // namespace

std::span<Kind const> kinds() {
  return kKinds;
}

Kind const* find_kind(std::string_view name) {
  auto const at =
      std::find_if(kKinds.begin(), kKinds.end(), [&](Kind const& kind) { return kind.name == name; });
  return at == kKinds.end() ? nullptr : at;
}

}  // namespace itera::drawing
