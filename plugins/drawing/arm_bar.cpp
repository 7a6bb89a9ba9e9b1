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
constexpr std::size_t kMostDots = 50;  ///< trials of an arm beyond which none of them is drawn
constexpr double kPlainGap =
    14;  ///< pixels that the threshold must be away from the baseline to be judged by eye

struct View {
  Scale x;
  bool bars = true;
  bool deviations = false;  ///< some arm has one
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

std::string spoken(Arm const& arm, Arm const& baseline, int decimals) {
  if (!arm.score) return fmt::format("{}: no score", arm.name);
  auto out = fmt::format("{}: mean {}", arm.name, percent(*arm.score, decimals));
  if (arm.deviation)
    out += fmt::format(", {}pp over {} trials", plus_minus(*arm.deviation, decimals + 1), arm.trials.size());
  if (&arm != &baseline && baseline.score)
    out += fmt::format(", {}pp against {}", points(*arm.score - *baseline.score, decimals), baseline.name);
  return out;
}

void draw_bar(Canvas& canvas, Scale const& x, double score, Paint paint, double y) {
  auto const length = x(score) - x.from;
  canvas.rect(x.from, y - kBar / 2, length, kBar, kPaper);
  canvas.rect(x.from, y - kBar / 2, length, kBar, paint, 0.55);
  canvas.rect(x.from + std::max(length - 2.6, 0.0), y - kBar / 2, std::min(length, 2.6), kBar, paint);
}

void draw_trials(Canvas& canvas, Arm const& arm, Scale const& x, double y) {
  if (!arm.deviation) return;
  auto const from = x(*arm.score - *arm.deviation), to = x(*arm.score + *arm.deviation);
  canvas.line(from, y, to, y, kInk, {1.6});
  for (auto const end : {from, to}) canvas.line(end, y - 4.5, end, y + 4.5, kInk, {1.6});
  if (arm.trials.size() > kMostDots) return;
  for (std::size_t k = 0; k < arm.trials.size(); ++k)
    canvas.mark(Shape::circle, x(arm.trials[k]), y + 15 + (k % 2 == 0 ? -1.8 : 1.8), 3.6, kInk);
}

void draw_arm(Canvas& canvas, Figures const& figures, std::size_t index, View const& view, double y) {
  auto const& arm = figures.arms[index];
  auto const& baseline = figures.arms.front();
  auto const decimals = decimals_of(figures);
  canvas.open(spoken(arm, baseline, decimals));
  canvas.text_within(view.x.from - kMargin - 12, kMargin, y + 2, arm.name, {12, kInk, Anchor::start, true});
  canvas.text(kMargin, y + 17,
              index == 0    ? "baseline"
              : arm.control ? "control"
                            : arm.outcome,
              {kSmall, kMuted});
  if (arm.score) {
    draw_trials(canvas, arm, view.x, y);
    if (!view.bars) canvas.mark(arm_shape(index), view.x(*arm.score), y, 11, arm_paint(index));
  }
  auto const number = [&](double x, std::optional<std::string> const& text, bool bold) {
    canvas.text(x, y + 4, text.value_or("n/a"), {12, text ? kInk : kMuted, Anchor::end, bold});
  };
  std::optional<std::string> mean, deviation, difference;
  if (arm.score) mean = percent(*arm.score, decimals);
  if (arm.deviation) deviation = plus_minus(*arm.deviation, decimals + 1);
  if (arm.score && baseline.score) difference = points(*arm.score - *baseline.score, decimals);
  number(kMeanAt, mean, true);
  if (view.deviations) number(kDeviationAt, deviation, false);
  if (index > 0) number(kDifferenceAt, difference, false);
  canvas.close();
}

void draw_grid(Canvas& canvas, Scale const& x, double top, double bottom) {
  auto const ticks = linear_ticks(x.low * 100, x.high * 100, static_cast<int>((x.to - x.from) / 72));
  for (auto const tick : ticks) {
    auto const at = x(tick / 100);
    canvas.line(at, top, at, bottom, kGrid);
    canvas.text(at, bottom + 17, percent(tick / 100, tick_decimals(ticks)), {kSmall, kMuted, Anchor::middle});
  }
  canvas.line(x.from, bottom, x.to, bottom, kMuted);
}

void draw_head(Canvas& canvas, double y, bool deviations) {
  TextStyle const style{kSmall, kMuted, Anchor::end};
  canvas.text(kMeanAt, y, "mean", style);
  if (deviations) canvas.text(kDeviationAt, y, "sd, pp", style);
  canvas.text(kDifferenceAt, y, "difference, pp", style);
  canvas.line(kMargin, y + 8, kWidth - kMargin, y + 8, kInk, {1.2});
}

void draw_references(Canvas& canvas, Figures const& figures, Scale const& x, double top, double bottom) {
  auto const& score = figures.arms.front().score;
  if (!score) return;
  auto const threshold = figures.threshold.value_or(0);
  reference(canvas, {x(*score), "baseline", kInk, {}, threshold < 0}, top, bottom);
  if (figures.threshold)
    reference(canvas,
              {x(*score + threshold), fmt::format("threshold {}pp", points_as_written(threshold)), kThreshold,
               kDashes, threshold >= 0},
              top, bottom);
}

std::vector<std::string> remarks(Figures const& figures, View const& view) {
  std::vector<std::string> out;
  std::size_t least = 0, most = 0, single = 0, untried = 0;
  for (auto const& arm : figures.arms) {
    single += arm.trials.size() == 1;
    untried += arm.score && arm.trials.empty();
    if (!arm.deviation) continue;
    least = least == 0 ? arm.trials.size() : std::min(least, arm.trials.size());
    most = std::max(most, arm.trials.size());
  }
  if (view.deviations)
    out.push_back(
        fmt::format("Error bars: \xC2\xB1"
                    "1 standard deviation of {} trials of the whole test set{}. They show how an arm repeats "
                    "itself, not how sure its difference is: see the forest plot.",
                    least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most),
                    most <= kMostDots ? ", each a dot" : ""));
  if (single > 0)
    out.emplace_back(view.deviations ? "n/a: one trial, so no error bar."
                                     : "One trial an arm: no error bars.");
  if (untried > 0)
    out.emplace_back(view.deviations ? "n/a: the data has no trials of this arm."
                                     : "The data has no trials: no error bars.");
  if (!view.bars) out.emplace_back("The axis does not begin at zero.");
  if (!figures.arms.front().score)
    out.emplace_back("The data has no score of the baseline, so neither it nor the threshold is drawn.");
  if (!figures.threshold) out.emplace_back("The data has no threshold.");
  say_strays(out, figures);
  return out;
}

}  // namespace

std::string arm_bar(Json const& data, Options const& options) {
  auto const figures = read_figures(data);
  auto const& baseline = figures.arms.front();
  double label = text_width("baseline", kSmall);
  bool scored = false, repeated = false;
  for (auto const& arm : figures.arms) {
    label = std::max({label, text_width(printable(arm.name), 12, true), text_width(arm.outcome, kSmall)});
    scored = scored || arm.score;
    repeated = repeated || arm.deviation;
  }
  if (!scored)
    throw sdk::Invalid(
        "the data has no score to plot",
        "`test_set_aggregate` holds the score of each arm, `variance_trials` that of each trial");
  auto view = view_of(figures, kMargin + std::min(label, kLabelMost) + 16);
  view.deviations = repeated;

  Canvas canvas;
  auto const head = heading(canvas, "Score by arm on the held-out test", about(figures)) + 24;
  draw_head(canvas, head, view.deviations);
  auto const top = head + 32;
  auto const bottom = top + kRow * static_cast<double>(figures.arms.size()) + 6;
  draw_grid(canvas, view.x, top, bottom);
  auto const middle = [&](std::size_t i) { return top + kRow * (static_cast<double>(i) + 0.5); };
  for (std::size_t i = 0; i < figures.arms.size(); ++i)
    if (auto const score = figures.arms[i].score; score && view.bars)
      draw_bar(canvas, view.x, *score, arm_paint(i), middle(i));
  draw_references(canvas, figures, view.x, top, bottom);
  for (std::size_t i = 0; i < figures.arms.size(); ++i) draw_arm(canvas, figures, i, view, middle(i));
  canvas.text((view.x.from + view.x.to) / 2, bottom + 36,
              figures.metric.empty()
                  ? "mean score"
                  : shorten("mean " + printable(figures.metric), kSmall, view.x.to - view.x.from),
              {kSmall, kMuted, Anchor::middle});

  auto const y = notes(canvas, bottom + 64, remarks(figures, view));

  std::string description;
  for (auto const& arm : figures.arms) description += spoken(arm, baseline, decimals_of(figures)) + ". ";
  auto const id = options.id.empty() ? "itera-arm-bar" : options.id;
  return canvas.document(kWidth, y + 8, id, "Mean score by arm", description);
}

}  // namespace itera::drawing
