#include "plugins/drawing/cost_plot.hpp"

#include <algorithm>

#include <itera/sdk/error.hpp>

#include "plugins/drawing/frame.hpp"

namespace itera::drawing {
namespace {

constexpr double kRight = kWidth - kMargin;
constexpr double kStrip = 190, kGap = 14;  ///< the margin for arms without a cost
constexpr double kLogFrom = 20;            ///< dearest over cheapest from which the axis is logarithmic

bool dominates(Arm const& a, Arm const& b) {
  return *a.cost <= *b.cost && *a.score >= *b.score && (*a.cost < *b.cost || *a.score > *b.score);
}

Scale cost_scale(std::vector<Arm const*> const& priced, double right) {
  double low = 1e300, high = 0;
  for (auto const* arm : priced)
    for (auto const cost : {*arm->cost, arm->cost_interval ? arm->cost_interval->low : *arm->cost,
                            arm->cost_interval ? arm->cost_interval->high : *arm->cost}) {
      low = std::min(low, cost);
      high = std::max(high, cost);
    }
  if (high == 0) return {-1, 1, CostPlot::left, right};
  if (low > 0 && high / low > kLogFrom) return {low / 1.7, high * 1.7, CostPlot::left, right, true};
  return {0, high * 1.15, CostPlot::left, right};
}

Scale score_scale(CostPlot const& plot, std::vector<Arm const*> const& scored) {
  double low = 1, high = -1;
  auto const see = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (auto const* arm : scored) {
    see(*arm->score);
    if (auto const s = score_spread(plot, *arm)) see(s->low), see(s->high);
  }
  if (plot.line) see(*plot.line);
  // No room beyond 0 and 1, where no score can be.
  auto const room = std::max(0.14 * (high - low), 0.002);
  return {low >= 0 ? std::max(low - room, 0.0) : low - room, std::min(high + room, std::max(high, 1.0)),
          CostPlot::bottom, CostPlot::top};
}

}  // namespace

std::optional<Interval> score_spread(CostPlot const& plot, Arm const& arm) {
  if (plot.intervals || !arm.score || !arm.deviation) return arm.score_interval;
  return Interval{*arm.score - *arm.deviation, *arm.score + *arm.deviation};
}

std::optional<Interval> cost_spread(CostPlot const& plot, Arm const& arm) {
  if (!arm.cost_interval) return std::nullopt;
  return Interval{std::max(arm.cost_interval->low, plot.cost.low), arm.cost_interval->high};
}

bool is_free(CostPlot const& plot) {
  return plot.cost.low < 0;
}

CostPlot cost_plot(Figures const& figures) {
  CostPlot out;
  std::vector<Arm const*> priced, scored;
  for (auto const& arm : figures.arms) {
    if (!arm.score) continue;
    scored.push_back(&arm);
    if (arm.cost) priced.push_back(&arm);
    out.intervals = out.intervals || arm.score_interval;
  }
  if (scored.empty())
    throw sdk::Invalid("the data has no score to plot",
                       "`test_set_aggregate` holds the score of each arm, `arms[].cost_per_1k_usd` its cost");
  out.right = priced.size() == scored.size() ? kRight : kRight - kStrip - kGap;
  out.strip_left = out.right + kGap;
  if (priced.empty()) out.right = out.strip_left = CostPlot::left;
  if (auto const base = figures.arms.front().score; base && figures.threshold)
    out.line = *base + *figures.threshold;
  if (!priced.empty()) out.cost = cost_scale(priced, out.right);
  out.score = score_scale(out, scored);
  for (std::size_t i = 0; i < figures.arms.size(); ++i) {
    auto const& arm = figures.arms[i];
    if (!arm.score) continue;
    auto const y = out.score(*arm.score);
    if (!arm.cost) {
      out.strip.push_back({i, 0, y, false, false});
      continue;
    }
    bool const dominated = !arm.control && std::any_of(priced.begin(), priced.end(), [&](Arm const* other) {
      return !other->control && dominates(*other, arm);
    });
    out.marks.push_back({i, out.cost(*arm.cost), y, !arm.control && !dominated, dominated});
  }
  return out;
}

}  // namespace itera::drawing
