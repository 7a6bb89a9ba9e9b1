#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

#include "plugins/drawing/axis.hpp"
#include "plugins/drawing/charts.hpp"
#include "plugins/drawing/figures.hpp"
#include "plugins/drawing/frame.hpp"
#include "plugins/drawing/svg.hpp"
#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

constexpr double kRow = 48, kBar = 18, kLabelMost = 232;
constexpr double kPlotRight = 640, kMeanAt = 712, kDeviationAt = 784, kDifferenceAt = kWidth - kMargin;
constexpr double kPlainGap =
    14;  ///< pixels that the threshold must be away from the baseline to be judged by eye

struct View {
  Scale x;
  bool bars = true;
};

// Bars must begin at zero; where that squeezes the threshold into a few pixels, points on an axis that
// begins elsewhere say more, and no length lies.
View view_of(Figures const& figures, double left) {
  auto const& baseline = figures.arms.front().score;
  std::optional<double> low, high;
  auto const see = [&](double value) {
    low = std::min(low.value_or(value), value);
    high = std::max(high.value_or(value), value);
  };
  for (auto const& arm : figures.arms) {
    for (auto const trial : arm.trials) see(trial);
    if (!arm.score) continue;
    see(*arm.score - arm.deviation.value_or(0));
    see(*arm.score + arm.deviation.value_or(0));
  }
  auto gap = high && low ? *high - *low : 0;
  if (baseline && figures.threshold) {
    see(*baseline + *figures.threshold);
    gap = std::abs(*figures.threshold);
  }
  auto const least = low.value_or(0), most = high.value_or(1);
  auto const top = std::max(most * 1.04, 0.01);
  if (least >= 0 && (gap == 0 || gap / top * (kPlotRight - left) >= kPlainGap))
    return {{0, top, left, kPlotRight}, true};
  auto const room = std::max(0.12 * (most - least), 0.002);
  return {{least - room, most + room, left, kPlotRight}, false};
}

std::string spoken(Arm const& arm, Arm const& baseline) {
  if (!arm.score) return fmt::format("{}: no score", arm.name);
  auto out = fmt::format("{}: mean {}", arm.name, percent(*arm.score, 1));
  if (arm.deviation)
    out += fmt::format(", standard deviation {}pp of {} trials", points(*arm.deviation, 2).substr(1),
                       arm.trials.size());
  if (&arm != &baseline && baseline.score)
    out += fmt::format(", {}pp against {}", points(*arm.score - *baseline.score), baseline.name);
  return out;
}

void draw_arm(Canvas& canvas, Figures const& figures, std::size_t index, View const& view, double y) {
  auto const& arm = figures.arms[index];
  auto const& baseline = figures.arms.front();
  canvas.open(spoken(arm, baseline));
  canvas.text_within(view.x.from - kMargin - 12, kMargin, y - 2, arm.name, {12, kInk, Anchor::start, true});
  canvas.text(kMargin, y + 13,
              index == 0    ? "baseline"
              : arm.control ? "control"
                            : arm.outcome,
              {kSmall, kMuted});
  if (arm.score) {
    auto const at = view.x(*arm.score);
    auto const paint = arm_paint(index);
    auto const middle = y - 4;
    if (view.bars) {
      canvas.rect(view.x.from, middle - kBar / 2, at - view.x.from, kBar, paint, 0.55);
      canvas.line(at, middle - kBar / 2, at, middle + kBar / 2, paint, {2.6});
    }
    if (arm.deviation) {
      auto const from = view.x(*arm.score - *arm.deviation), to = view.x(*arm.score + *arm.deviation);
      canvas.line(from, middle, to, middle, kInk, {1.6});
      for (auto const end : {from, to}) canvas.line(end, middle - 4.5, end, middle + 4.5, kInk, {1.6});
    }
    if (!view.bars) canvas.mark(arm_shape(index), at, middle, 11, paint);
    for (std::size_t k = 0; k < arm.trials.size() && arm.trials.size() > 1; ++k)
      canvas.mark(Shape::circle, view.x(arm.trials[k]), y + 11 + (k % 2 == 0 ? -1.8 : 1.8), 3.6, kInk);
  }
  canvas.text(kMeanAt, y, arm.score ? percent(*arm.score) : "n/a", {12, kInk, Anchor::end, true});
  canvas.text(kDeviationAt, y,
              arm.deviation
                  ? "\xC2\xB1" + points(*arm.deviation, 2).substr(points(*arm.deviation, 2).starts_with('+'))
                  : "n/a",
              {12, arm.deviation ? kInk : kMuted, Anchor::end});
  if (index > 0)
    canvas.text(kDifferenceAt, y, arm.score && baseline.score ? points(*arm.score - *baseline.score) : "n/a",
                {12, kInk, Anchor::end});
  canvas.close();
}

void draw_grid(Canvas& canvas, Scale const& x, double top, double bottom) {
  auto const ticks = linear_ticks(x.low * 100, x.high * 100, static_cast<int>((x.to - x.from) / 62));
  for (auto const tick : ticks) {
    auto const at = x(tick / 100);
    canvas.line(at, top, at, bottom, kGrid);
    canvas.text(at, bottom + 17, percent(tick / 100, tick_decimals(ticks)), {kSmall, kMuted, Anchor::middle});
  }
  canvas.line(x.from, bottom, x.to, bottom, kMuted);
}

}  // namespace

std::string arm_bar(Json const& data, Options const& options) {
  auto const figures = read_figures(data);
  auto const& baseline = figures.arms.front();
  double label = text_width("baseline", kSmall);
  std::size_t scored = 0, repeated = 0;
  for (auto const& arm : figures.arms) {
    label = std::max(label, text_width(printable(arm.name), 12, true));
    scored += arm.score.has_value();
    repeated += arm.deviation.has_value();
  }
  if (scored == 0)
    throw sdk::Invalid(
        "the data has no score to plot",
        "`test_set_aggregate` holds the score of each arm, `variance_trials` that of each trial");
  auto const view = view_of(figures, kMargin + std::min(label, kLabelMost) + 16);

  Canvas canvas;
  auto y = heading(canvas, "Score by arm on the held-out test", about(figures)) + 24;
  TextStyle const head{kSmall, kMuted, Anchor::end};
  canvas.text(kMeanAt, y, "mean", head);
  canvas.text(kDeviationAt, y, "sd, pp", head);
  canvas.text(kDifferenceAt, y, "difference, pp", head);
  canvas.line(kMargin, y + 8, kWidth - kMargin, y + 8, kInk, {1.2});
  auto const top = y + 12;
  auto const bottom = top + kRow * static_cast<double>(figures.arms.size()) + 6;
  draw_grid(canvas, view.x, top, bottom);
  for (std::size_t i = 0; i < figures.arms.size(); ++i)
    draw_arm(canvas, figures, i, view, top + kRow * (static_cast<double>(i) + 0.5) + 4);
  if (baseline.score) {
    auto const at = view.x(*baseline.score);
    auto const threshold = figures.threshold.value_or(0);
    canvas.line(at, top, at, bottom, kInk);
    canvas.text(at + (threshold >= 0 ? -4 : 4), y, "baseline",
                {kSmall, kInk, threshold >= 0 ? Anchor::end : Anchor::start});
    if (figures.threshold) {
      auto const line = view.x(*baseline.score + threshold);
      canvas.line(line, top, line, bottom, kThreshold, {1.6, "6 4"});
      canvas.text(line + (threshold >= 0 ? -4 : 4), y, fmt::format("threshold {}pp", points(threshold, 0)),
                  {kSmall, kThreshold, threshold >= 0 ? Anchor::start : Anchor::end});
    }
  }
  canvas.text((view.x.from + view.x.to) / 2, bottom + 36,
              figures.metric.empty()
                  ? "mean score"
                  : shorten("mean " + printable(figures.metric), kSmall, view.x.to - view.x.from),
              {kSmall, kMuted, Anchor::middle});

  std::vector<std::string> said;
  if (repeated > 0) {
    std::size_t least = 0, most = 0;
    for (auto const& arm : figures.arms)
      if (arm.deviation) {
        least = least == 0 ? arm.trials.size() : std::min(least, arm.trials.size());
        most = std::max(most, arm.trials.size());
      }
    said.push_back(fmt::format(
        "Error bars: \xC2\xB1"
        "1 standard deviation of {} trials of the whole test set, each a dot. They show how an arm repeats "
        "itself, not how sure its difference is: see the forest plot.",
        least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most)));
  }
  if (repeated < scored)
    said.emplace_back(repeated == 0 ? "One trial an arm: no error bars."
                                    : "n/a: one trial, so no error bar.");
  if (!view.bars) said.emplace_back("The axis does not begin at zero.");
  if (!baseline.score)
    said.emplace_back("No score is given for the baseline, so neither it nor the threshold is drawn.");
  if (!figures.threshold) said.emplace_back("The data has no threshold.");
  say_strays(said, figures);
  y = notes(canvas, bottom + 64, said);

  std::string description;
  for (auto const& arm : figures.arms) description += spoken(arm, baseline) + ". ";
  auto const id = options.id.empty() ? "itera-arm-bar" : options.id;
  return canvas.document(kWidth, y + 8, id, "Mean score by arm", description);
}

}  // namespace itera::drawing
