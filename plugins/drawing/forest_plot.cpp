#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

#include "plugins/drawing/axis.hpp"
#include "plugins/drawing/charts.hpp"
#include "plugins/drawing/figures.hpp"
#include "plugins/drawing/forest_rows.hpp"
#include "plugins/drawing/frame.hpp"
#include "plugins/drawing/svg.hpp"
#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

constexpr double kRow = 22, kIndent = 12, kLabelMost = 232;
// Right edges of the plot and of the columns of numbers, and the left one of the words.
constexpr double kPlotRight = 516, kEffectAt = 576, kIntervalAt = 694, kWordsAt = 706,
                 kRowsAt = kWidth - kMargin;
constexpr std::size_t kMostRows = 500;

// What all rows of one plot share.
struct Plot {
  std::vector<ForestBlock> blocks;
  std::set<double> floors;
  bool judged = false;
  std::optional<double> threshold;
  double label_room = 0;
  double most_rows = 0;  ///< of a slice
  int decimals = 1;
  Scale x;
};

template <class F>
void each_row(Plot const& plot, F&& take) {
  for (auto const& block : plot.blocks)
    for (auto const& row : block.rows) take(*block.arm, row);
}

Paint paint_of(State state) {
  return state == State::fails ? kFail : state == State::unsure ? kUnsure : kInk;
}
Paint words_paint(State state) {
  return state == State::fails ? kFailText : state == State::unsure ? kUnsureText : kMuted;
}

// All that there is of an effect, as numbers.
std::vector<double> values_of(Effect const& e) {
  std::vector<double> out;
  if (e.delta) out.push_back(*e.delta);
  if (e.interval) out.insert(out.end(), {e.interval->low, e.interval->high});
  return out;
}

// Everything is to be seen, unless a few intervals are so much wider than the rest that nothing could be seen
// of it: those are cut off at five times what half of the rows reach.
Scale scale_of(Plot const& plot, double left) {
  std::vector<double> reaches;
  double low = 0, high = 0, farthest_line = 0;
  auto const see = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  auto const see_line = [&](double value) {
    see(value);
    farthest_line = std::max(farthest_line, std::abs(value));
  };
  if (plot.threshold) see_line(*plot.threshold);
  for (auto const floor : plot.floors) see_line(floor);
  each_row(plot, [&](Arm const&, ForestRow const& row) {
    double reach = 0;
    for (auto const value : values_of(*row.effect)) reach = std::max(reach, std::abs(value));
    if (row.effect->delta) reaches.push_back(reach);
  });
  std::sort(reaches.begin(), reaches.end());
  auto const limit = 5 * std::max({reaches.empty() ? 0 : reaches[reaches.size() / 2], farthest_line, 0.002});
  each_row(plot, [&](Arm const&, ForestRow const& row) {
    for (auto const value : values_of(*row.effect))
      if (std::abs(value) <= limit) see(value);
  });
  auto const room = std::max(0.06 * (high - low), 0.002);
  return {low - room, high + room, left, kPlotRight, false};
}

Plot plot_of(Figures const& figures) {
  Plot out;
  out.blocks = forest_blocks(figures);
  out.judged = figures.judged;
  out.threshold = figures.threshold;
  out.decimals = decimals_of(figures);
  out.label_room = text_width("all rows", 12);
  std::size_t rows = 0;
  each_row(out, [&](Arm const&, ForestRow const& row) {
    ++rows;
    if (row.floor) out.floors.insert(*row.floor);
    if (!row.whole) out.most_rows = std::max(out.most_rows, row.n.value_or(0));
    out.label_room = std::max(out.label_room, text_width(printable(row.label), 12));
  });
  if (rows == 0)
    throw sdk::Invalid("the data has no effect to plot",
                       "`effect_sizes` holds {aggregate: {delta, ci_low, ci_high}, per_slice} of each arm");
  if (rows > kMostRows)
    throw sdk::Invalid(fmt::format("{} rows are too many for one forest plot", rows),
                       fmt::format("at most {} can be drawn", kMostRows));
  out.label_room = std::min(out.label_room, kLabelMost);
  out.x = scale_of(out, kMargin + kIndent + out.label_room + 16);
  return out;
}

void draw_marks(Canvas& canvas, Plot const& plot, ForestRow const& row, double y) {
  auto const& e = *row.effect;
  auto const& x = plot.x;
  auto const paint = paint_of(row.state);
  constexpr double over = 3, head = 9;  // how far an arrow reaches beyond the axis, and its size
  if (e.interval) {
    auto const from = x(std::clamp(e.interval->low, x.low, x.high));
    auto const to = x(std::clamp(e.interval->high, x.low, x.high));
    if (to > from) canvas.line(from, y, to, y, paint, {row.whole ? 2.4 : 1.8});
    if (e.interval->low < x.low) canvas.arrow_head(x.from - over, y, -1, head, paint);
    if (e.interval->high > x.high) canvas.arrow_head(x.to + over, y, 1, head, paint);
  }
  if (!e.delta) return;
  if (*e.delta < x.low) return canvas.arrow_head(x.from - over, y, -1, head, paint);
  if (*e.delta > x.high) return canvas.arrow_head(x.to + over, y, 1, head, paint);
  auto const share = row.n && plot.most_rows > 0 ? std::sqrt(*row.n / plot.most_rows) : 0.6;
  canvas.mark(row.whole ? Shape::diamond : Shape::square, x(*e.delta), y, row.whole ? 10 : 5 + 5.5 * share,
              paint, row.state == State::unsure);
}

void draw_row(Canvas& canvas, Plot const& plot, Arm const& arm, ForestRow const& row, double y) {
  auto const& e = *row.effect;
  auto const base = y + 4;
  auto const number = [&](bool known, bool bold = false) {
    return TextStyle{12, known ? kInk : kMuted, Anchor::end, bold};
  };
  canvas.open(spoken(arm, row, plot.decimals));
  canvas.text_within(plot.label_room + 0.01, kMargin + kIndent, base, row.label);
  draw_marks(canvas, plot, row, y);
  canvas.text(kEffectAt, base, e.delta ? points(*e.delta, plot.decimals) : "n/a",
              number(e.delta.has_value(), row.whole));
  canvas.text(kIntervalAt, base, e.interval ? interval_text(*e.interval, plot.decimals) : "n/a",
              number(e.interval.has_value()));
  canvas.text(kWordsAt, base, row.words, {kSmall, words_paint(row.state)});
  canvas.text(kRowsAt, base, row.n ? count(*row.n) : "n/a", number(row.n.has_value()));
  canvas.close();
}

// On paper of its own, because a long name reaches over the lines.
void draw_arm_name(Canvas& canvas, Arm const& arm, double y, double right) {
  auto const role = arm.control ? std::string("control") : arm.outcome;
  auto const rest = role.empty() ? 0 : text_width(printable(role), kSmall) + 8;
  auto const width = std::min(text_width(printable(arm.name), 12, true), right - kMargin - rest);
  canvas.rect(kMargin, y - kRow / 2, width + rest + 4, kRow - 1, kPaper);
  canvas.text_within(width + 0.01, kMargin, y + 4, arm.name, {12, kInk, Anchor::start, true});
  canvas.text(kMargin + width + 8, y + 4, role, {kSmall, kMuted});
}

void draw_header(Canvas& canvas, double y) {
  TextStyle const style{kSmall, kMuted, Anchor::end};
  canvas.text(kEffectAt, y, "effect, pp", style);
  canvas.text(kIntervalAt, y, "95% interval", style);
  canvas.text(kWordsAt, y, "status", {kSmall, kMuted});
  canvas.text(kRowsAt, y, "n", style);
  canvas.line(kMargin, y + 8, kWidth - kMargin, y + 8, kInk, {1.2});
}

void draw_axis(Canvas& canvas, Scale const& x, double y) {
  canvas.line(x.from, y, x.to, y, kMuted);
  auto const ticks = linear_ticks(x.low * 100, x.high * 100, static_cast<int>((x.to - x.from) / 56));
  for (auto const tick : ticks) {
    auto const at = x(tick / 100);
    canvas.line(at, y, at, y + 4, kMuted);
    canvas.text(at, y + 17, points(tick / 100, tick_decimals(ticks)), {kSmall, kMuted, Anchor::middle});
  }
  canvas.text(x.from, y + 36, "\xE2\x86\x90 worse", {kSmall, kMuted});
  canvas.text(x.to, y + 36, "better \xE2\x86\x92", {kSmall, kMuted, Anchor::end});
  canvas.text((x.from + x.to) / 2, y + 36, x.to - x.from > 250 ? "percentage points" : "pp",
              {kSmall, kMuted, Anchor::middle});
}

void draw_lines(Canvas& canvas, Plot const& plot, std::vector<double> const& places, double top,
                double bottom) {
  auto const& x = plot.x;
  canvas.line(x(0), top, x(0), bottom, kInk);
  if (plot.floors.size() == 1) {
    auto const at = *plot.floors.begin();
    reference(canvas,
              {x(at), fmt::format("{}floor {}pp", plot.judged ? "" : "default ", points_as_written(at)),
               kFloor, kDots, plot.threshold && at > *plot.threshold},
              top, bottom);
  } else {
    std::size_t next = 0;
    each_row(plot, [&](Arm const&, ForestRow const& row) {
      auto const y = places[next++];
      if (row.floor)
        canvas.line(x(*row.floor), y - kRow / 2, x(*row.floor), y + kRow / 2, kFloor, {1.4, kDots});
    });
  }
  if (auto const at = plot.threshold)
    reference(canvas,
              {x(*at), fmt::format("threshold {}pp", points_as_written(*at)), kThreshold, kDashes,
               plot.floors.empty() || *plot.floors.begin() <= *at},
              top, bottom);
}

// From header to axis; gives the y of the axis. What lies below comes first.
double draw_rows(Canvas& canvas, Plot const& plot, double top) {
  std::vector<double> heads, places;
  auto y = top - 6;
  for (auto const& block : plot.blocks) {
    heads.push_back(y += kRow);
    for (std::size_t i = 0; i < block.rows.size(); ++i) {
      places.push_back(y += kRow);
      if (i % 2 == 0) canvas.rect(kMargin, y - kRow / 2, kWidth - 2 * kMargin, kRow, kBand);
    }
    y += 8;
  }
  draw_lines(canvas, plot, places, top, y + 8);
  for (std::size_t b = 0; b < heads.size(); ++b)
    draw_arm_name(canvas, *plot.blocks[b].arm, heads[b], plot.x.to);
  std::size_t next = 0;
  each_row(plot,
           [&](Arm const& arm, ForestRow const& row) { draw_row(canvas, plot, arm, row, places[next++]); });
  return y + 8;
}

std::vector<std::string> remarks(Figures const& figures, Plot const& plot) {
  bool clipped = false, bare = false, missing = false, mixed = false;
  each_row(plot, [&](Arm const& arm, ForestRow const& row) {
    mixed = mixed || arm.decisive.has_value();
    for (auto const value : values_of(*row.effect))
      clipped = clipped || value < plot.x.low || value > plot.x.high;
    bare = bare || (row.effect->delta && !row.effect->interval);
    missing = missing || !row.effect->delta;
  });
  std::vector<std::string> out{fmt::format(
      "Diamonds: all rows{}. Squares: slices{}. Lines: 95% intervals of the difference to the baseline.",
      mixed ? ", and their effect on production's mix, which the rule judges" : "",
      plot.most_rows > 0 ? "; their area grows with n" : "")};
  if (clipped)
    out.emplace_back("An arrow head: the interval goes on beyond the axis; its numbers stand at the right.");
  if (plot.floors.size() > 1) out.emplace_back("Dotted: the floor of each slice.");
  if (!plot.judged)
    out.emplace_back(
        "This file has its rule as prose only: colours compare the estimates with its threshold and with a "
        "floor of "
        "\xE2\x88\x92"
        "2pp, which is itera's default.");
  if (bare) out.emplace_back("A mark without a line: the data has no interval for it.");
  if (missing) out.emplace_back("n/a: the data has no effect.");
  if (!plot.threshold) out.emplace_back("The data has no threshold.");
  for (std::size_t i = 1; i < figures.arms.size(); ++i)
    if (std::none_of(plot.blocks.begin(), plot.blocks.end(),
                     [&](ForestBlock const& b) { return b.arm == &figures.arms[i]; }))
      out.push_back(fmt::format("The data has no effect of {}.", brief(figures.arms[i].name)));
  say_strays(out, figures);
  return out;
}

std::string described(Figures const& figures, Plot const& plot) {
  auto out = fmt::format("Differences to the baseline {} with 95% intervals.", figures.arms.front().name);
  for (auto const& block : plot.blocks) {
    std::size_t slices = 0, fail = 0, unsure = 0;
    for (auto const& row : block.rows) {
      if (row.whole) out += " " + spoken(*block.arm, row, plot.decimals) + ".";
      slices += !row.whole;
      fail += !row.whole && row.state == State::fails;
      unsure += row.state == State::unsure;
    }
    if (slices > 0)
      out += fmt::format(" {}, by slice: {} of {} fail, {} pass with a loss not excluded.", block.arm->name,
                         fail, slices, unsure);
  }
  return out;
}

}  // namespace

std::string forest_plot(Json const& data, Options const& options) {
  auto const figures = read_figures(data);
  auto const plot = plot_of(figures);
  auto const title = fmt::format("Effect against {}", figures.arms.front().name);

  Canvas canvas;
  auto const header = heading(canvas, title, about(figures)) + 24;
  draw_header(canvas, header);
  auto const bottom = draw_rows(canvas, plot, header + 32);
  draw_axis(canvas, plot.x, bottom);
  auto const below = legend(
      canvas, bottom + 66,
      {{Key::Kind::mark, kInk, plot.judged ? "passes, or has no clause" : "holds"},
       {Key::Kind::mark, kFail, plot.judged ? "fails its registered clause" : "below threshold or floor"},
       {Key::Kind::hollow, kUnsure, "loss not excluded: the interval reaches below the floor"}});
  auto const end = notes(canvas, below + 24, remarks(figures, plot));
  return canvas.document(kWidth, end + 8, options.id.empty() ? "itera-forest-plot" : options.id,
                         "Forest plot: " + title, described(figures, plot));
}

}  // namespace itera::drawing
