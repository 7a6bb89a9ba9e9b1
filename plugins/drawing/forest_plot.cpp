#include <algorithm>
#include <cmath>
#include <set>

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

constexpr double kDefaultFloor = -0.02;
constexpr double kRow = 22, kIndent = 12, kLabelMost = 232;
// Right edges of the columns of numbers, and the left one of the words.
constexpr double kEffectAt = 576, kIntervalAt = 694, kWordsAt = 706, kRowsAt = kWidth - kMargin;
constexpr double kPlotRight = 516;
constexpr std::size_t kMostRows = 500;

enum class State { plain, holds, fails, unsure };

struct Row {
  std::string label;
  Effect const* effect = nullptr;  ///< nothing: the file has none
  bool whole = false;              ///< all rows, not a slice
  std::optional<double> n, floor;
  State state = State::plain;
  std::string words;
};

struct Block {
  Arm const* arm;
  std::vector<Row> rows;
};

// On all rows the clauses C1 to C3 decide; a file that judges nothing has its threshold.
void judge_whole(Row& row, Arm const& arm, Figures const& figures) {
  if (figures.judged) {
    std::string failed, unproven;
    for (auto const& check : arm.checks) {
      if (check.id != "C1" && check.id != "C2" && check.id != "C3") continue;
      auto* const list = check.status == "fail" ? &failed : check.status == "unproven" ? &unproven : nullptr;
      if (list) *list += (list->empty() ? "" : ", ") + check.id;
    }
    if (!failed.empty())
      row.state = State::fails, row.words = "fails " + failed;
    else if (!unproven.empty())
      row.words = "unproven " + unproven;
    else if (!arm.checks.empty())
      row.state = State::holds, row.words = "holds";
    return;
  }
  if (!figures.threshold || !row.effect->delta) return;
  bool const below = *row.effect->delta < *figures.threshold;
  row.state = below ? State::fails : State::holds;
  row.words = below ? "below threshold" : "holds";
}

void judge_slice(Row& row, Figures const& figures) {
  auto const& e = *row.effect;
  row.floor = e.floor;
  if (!figures.judged && !row.floor) row.floor = kDefaultFloor;
  auto const set = [&](State state, char const* words) { row.state = state, row.words = words; };
  if (!e.status.empty()) {
    if (e.status == "fail")
      set(State::fails, "fails C4");
    else if (e.status == "pass")
      e.by_interval == "fail" ? set(State::unsure, "loss not excluded") : set(State::holds, "holds");
    else
      set(State::plain, e.status == "unproven" ? "unproven C4" : "no clause");
  } else if (row.floor && e.delta) {
    if (*e.delta < *row.floor)
      set(State::fails, "below floor");
    else if (e.interval && e.interval->low < *row.floor)
      set(State::unsure, "loss not excluded");
    else
      set(State::holds, "holds");
  }
}

std::vector<Block> blocks_of(Figures const& figures) {
  std::vector<Block> out;
  for (std::size_t i = 1; i < figures.arms.size(); ++i) {
    auto const& arm = figures.arms[i];
    Block block{&arm, {}};
    if (arm.aggregate) {
      Row row{"all rows", &*arm.aggregate, true, arm.aggregate->n, {}, State::plain, {}};
      if (!row.n) row.n = figures.rows;
      judge_whole(row, arm, figures);
      block.rows.push_back(std::move(row));
    }
    for (auto const& slice : figures.slices)
      if (auto const at = arm.slices.find(slice.id); at != arm.slices.end()) {
        Row row{slice.name, &at->second, false, at->second.n, {}, State::plain, {}};
        judge_slice(row, figures);
        block.rows.push_back(std::move(row));
      }
    if (!block.rows.empty()) out.push_back(std::move(block));
  }
  return out;
}

Paint paint_of(State state) {
  return state == State::fails ? kFail : state == State::unsure ? kUnsure : kInk;
}
Paint words_paint(State state) {
  return state == State::fails ? kFailText : state == State::unsure ? kUnsureText : kMuted;
}

double reach(Effect const& e) {
  double out = e.delta ? std::abs(*e.delta) : 0;
  if (e.interval) out = std::max({out, std::abs(e.interval->low), std::abs(e.interval->high)});
  return out;
}

// All that is to be seen, unless a few intervals are so much wider than the rest that nothing could be seen
// of it: they are cut off at five times what half of the rows reach.
Scale scale_of(std::vector<Block> const& blocks, std::vector<double> const& lines, double plot_left) {
  std::vector<double> reaches;
  for (auto const& block : blocks)
    for (auto const& row : block.rows)
      if (row.effect->delta) reaches.push_back(reach(*row.effect));
  std::sort(reaches.begin(), reaches.end());
  double widest_line = 0;
  for (auto const at : lines) widest_line = std::max(widest_line, std::abs(at));
  auto const middle = reaches.empty() ? 0 : reaches[reaches.size() / 2];
  auto const limit = 5 * std::max({middle, widest_line, 0.002});
  double low = 0, high = 0;
  auto const see = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (auto const at : lines) see(at);
  for (auto const& block : blocks)
    for (auto const& row : block.rows) {
      auto const& e = *row.effect;
      for (auto const& value : {e.delta, e.interval ? std::optional(e.interval->low) : std::nullopt,
                                e.interval ? std::optional(e.interval->high) : std::nullopt})
        if (value && std::abs(*value) <= limit) see(*value);
    }
  auto const room = std::max(0.06 * (high - low), 0.002);
  return {low - room, high + room, plot_left, kPlotRight, false};
}

std::string spoken(Arm const& arm, Row const& row) {
  auto const& e = *row.effect;
  auto out = fmt::format("{}, {}: ", arm.name, row.label);
  out += e.delta ? points(*e.delta) + "pp" : "no effect";
  out += e.interval ? fmt::format(" [{}, {}]", points(e.interval->low), points(e.interval->high))
                    : ", no interval";
  if (row.n) out += fmt::format(" on {} rows", count(*row.n));
  if (row.floor) out += fmt::format("; floor {}pp", points(*row.floor));
  return row.words.empty() ? out : out + "; " + row.words;
}

void draw_marks(Canvas& canvas, Row const& row, Scale const& x, double y, double most_rows) {
  auto const& e = *row.effect;
  auto const paint = paint_of(row.state);
  auto const inside = [&](double value) { return std::clamp(value, x.low, x.high); };
  if (e.interval) {
    auto const from = x(inside(e.interval->low)), to = x(inside(e.interval->high));
    if (to > from) canvas.line(from, y, to, y, paint, {row.whole ? 2.4 : 1.8});
    if (e.interval->low < x.low) canvas.arrow_head(from - 3, y, -1, 9, paint);
    if (e.interval->high > x.high) canvas.arrow_head(to + 3, y, 1, 9, paint);
  }
  if (!e.delta) return;
  if (*e.delta < x.low || *e.delta > x.high) {
    bool const left = *e.delta < x.low;
    canvas.arrow_head(left ? x.from - 3 : x.to + 3, y, left ? -1 : 1, 9, paint);
    return;
  }
  auto const share = row.n && most_rows > 0 ? std::sqrt(*row.n / most_rows) : 0.6;
  canvas.mark(row.whole ? Shape::diamond : Shape::square, x(*e.delta), y, row.whole ? 10 : 5 + 5.5 * share,
              paint, row.state == State::unsure);
}

void draw_row(Canvas& canvas, Arm const& arm, Row const& row, Scale const& x, double y, double label_room,
              double most_rows) {
  auto const& e = *row.effect;
  auto const base = y + 4;
  auto const indent = kMargin + kIndent;
  canvas.open(spoken(arm, row));
  canvas.text_within(label_room, indent, base, row.label);
  draw_marks(canvas, row, x, y, most_rows);
  canvas.text(kEffectAt, base, e.delta ? points(*e.delta) : "n/a", {12, kInk, Anchor::end, row.whole});
  canvas.text(kIntervalAt, base,
              e.interval ? fmt::format("[{}, {}]", points(e.interval->low), points(e.interval->high)) : "n/a",
              {12, kInk, Anchor::end});
  canvas.text(kWordsAt, base, row.words, {kSmall, words_paint(row.state)});
  canvas.text(kRowsAt, base, row.n ? count(*row.n) : "n/a", {12, row.n ? kInk : kMuted, Anchor::end});
  canvas.close();
}

void draw_axis(Canvas& canvas, Scale const& x, double y) {
  canvas.line(x.from, y, x.to, y, kMuted);
  auto const ticks = linear_ticks(x.low * 100, x.high * 100, static_cast<int>((x.to - x.from) / 52));
  for (auto const tick : ticks) {
    auto const at = x(tick / 100);
    canvas.line(at, y, at, y + 4, kMuted);
    canvas.text(at, y + 17, points(tick / 100, tick_decimals(ticks)), {kSmall, kMuted, Anchor::middle});
  }
  auto const middle = (x.from + x.to) / 2;
  canvas.text(x.from, y + 36, "\xE2\x86\x90 worse", {kSmall, kMuted});
  canvas.text(x.to, y + 36, "better \xE2\x86\x92", {kSmall, kMuted, Anchor::end});
  canvas.text(middle, y + 36, x.to - x.from > 250 ? "percentage points" : "pp",
              {kSmall, kMuted, Anchor::middle});
}

std::string described(Figures const& figures, std::vector<Block> const& blocks) {
  auto out = fmt::format("Differences to the baseline {} with 95% intervals.", figures.arms.front().name);
  for (auto const& block : blocks) {
    std::size_t slices = 0, fail = 0, unsure = 0;
    for (auto const& row : block.rows) {
      if (row.whole) out += " " + spoken(*block.arm, row) + ".";
      slices += !row.whole;
      fail += !row.whole && row.state == State::fails;
      unsure += row.state == State::unsure;
    }
    if (slices > 0)
      out += fmt::format(" {}: of {} slices {} fail and {} pass with a loss not excluded.", block.arm->name,
                         slices, fail, unsure);
  }
  return out;
}

}  // namespace

std::string forest_plot(Json const& data, Options const& options) {
  auto const figures = read_figures(data);
  auto const blocks = blocks_of(figures);
  if (blocks.empty())
    throw sdk::Invalid("the data has no effect to plot",
                       "`effect_sizes` holds {aggregate: {delta, ci_low, ci_high}, per_slice} of each arm");

  std::set<double> floors;
  std::size_t rows = 0;
  double label = text_width("all rows", 12), most_rows = 0;
  bool bare = false, unplotted = false;
  for (auto const& block : blocks)
    for (auto const& row : block.rows) {
      ++rows;
      if (row.floor) floors.insert(*row.floor);
      if (!row.whole && row.n) most_rows = std::max(most_rows, *row.n);
      label = std::max(label, text_width(printable(row.label), 12));
      bare = bare || (row.effect->delta && !row.effect->interval);
      unplotted = unplotted || !row.effect->delta;
    }
  if (rows > kMostRows)
    throw sdk::Invalid(fmt::format("{} rows are too many for one forest plot", rows),
                       fmt::format("at most {} can be drawn", kMostRows));
  label = std::min(label, kLabelMost);

  std::vector<double> lines(floors.begin(), floors.end());
  if (figures.threshold) lines.push_back(*figures.threshold);
  auto const x = scale_of(blocks, lines, kMargin + kIndent + label + 16);

  Canvas canvas;
  auto y = heading(canvas, fmt::format("Effect against {}", figures.arms.front().name), about(figures)) + 24;
  auto const header = y;
  TextStyle const head{kSmall, kMuted, Anchor::end};
  canvas.text(kEffectAt, header, "effect, pp", head);
  canvas.text(kIntervalAt, header, "95% interval", head);
  canvas.text(kWordsAt, header, figures.judged ? "clause" : "reading", {kSmall, kMuted});
  canvas.text(kRowsAt, header, "n", head);
  y += 8;
  canvas.line(kMargin, y, kWidth - kMargin, y, kInk, {1.2});

  auto const plot_top = y + 10;
  double const labels_at = header;
  // Bands and lines lie under the marks, so the rows are placed first.
  std::vector<std::pair<double, Row const*>> places;
  std::vector<double> heads;
  y += 4;
  for (auto const& block : blocks) {
    y += kRow;
    heads.push_back(y);
    for (std::size_t i = 0; i < block.rows.size(); ++i) {
      y += kRow;
      places.emplace_back(y, &block.rows[i]);
      if (i % 2 == 0) canvas.rect(kMargin, y - kRow / 2, kWidth - 2 * kMargin, kRow, kBand);
    }
    y += 8;
  }
  auto const bottom = y + 8;

  canvas.line(x(0), plot_top, x(0), bottom, kInk);
  auto const outer_left = [&](double at) { return !figures.threshold || at <= *figures.threshold; };
  if (floors.size() == 1) {
    auto const at = *floors.begin();
    canvas.line(x(at), plot_top, x(at), bottom, kFloor, {1.4, "1.5 3"});
    canvas.text(x(at) + (outer_left(at) ? 3 : -3), labels_at,
                fmt::format("{}floor {}pp", figures.judged ? "" : "default ", points(at, 0)),
                {kSmall, kFloor, outer_left(at) ? Anchor::end : Anchor::start});
  } else {
    for (auto const& [at, row] : places)
      if (row->floor)
        canvas.line(x(*row->floor), at - kRow / 2, x(*row->floor), at + kRow / 2, kFloor, {1.4, "1.5 3"});
  }
  if (figures.threshold) {
    auto const at = *figures.threshold;
    bool const right = floors.empty() || *floors.begin() <= at;
    canvas.line(x(at), plot_top, x(at), bottom, kThreshold, {1.4, "6 4"});
    canvas.text(x(at) + (right ? -3 : 3), labels_at, fmt::format("threshold {}pp", points(at, 0)),
                {kSmall, kThreshold, right ? Anchor::start : Anchor::end});
  }

  bool clipped = false;
  std::size_t next = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    auto const& arm = *blocks[b].arm;
    auto const name_width = std::min(text_width(printable(arm.name), 12, true), x.from - kMargin - 8 + 200);
    canvas.text_within(name_width + 0.01, kMargin, heads[b] + 4, arm.name, {12, kInk, Anchor::start, true});
    auto const role = (arm.control ? std::string("control") : std::string()) +
                      (arm.control && !arm.outcome.empty() ? ", " : "") + arm.outcome;
    canvas.text(kMargin + name_width + 8, heads[b] + 4, role, {kSmall, kMuted});
    for (auto const& row : blocks[b].rows) {
      draw_row(canvas, arm, row, x, places[next++].first, label, most_rows);
      clipped = clipped || reach(*row.effect) > std::max(-x.low, x.high);
    }
  }
  draw_axis(canvas, x, bottom);

  std::vector<Key> keys{
      {Key::Kind::mark, kInk, figures.judged ? "passes, or has no clause" : "holds"},
      {Key::Kind::mark, kFail, figures.judged ? "fails its registered clause" : "below threshold or floor"},
      {Key::Kind::hollow, kUnsure, "loss not excluded: the interval reaches below the floor"}};
  y = legend(canvas, bottom + 64, keys) + 20;

  std::vector<std::string> said{
      "Diamonds: all rows. Squares: slices; their area grows with n. Lines: 95% intervals of the difference "
      "to the baseline."};
  if (clipped)
    said.emplace_back("An arrow head: the interval goes on beyond the axis; its numbers stand at the right.");
  if (floors.size() > 1) said.emplace_back("Dotted: the floor of each slice.");
  if (!figures.judged)
    said.emplace_back(
        "This file has its rule as prose only: colours compare the estimates with the threshold and with the "
        "default floor.");
  if (bare) said.emplace_back("A mark without a line: the file gives no interval for it.");
  if (unplotted) said.emplace_back("n/a: the file gives no effect.");
  for (std::size_t i = 1; i < figures.arms.size(); ++i)
    if (std::none_of(blocks.begin(), blocks.end(), [&](Block const& b) { return b.arm == &figures.arms[i]; }))
      said.push_back(fmt::format("No effect is given for {}.", figures.arms[i].name));
  say_strays(said, figures);
  y = notes(canvas, y, said);

  auto const id = options.id.empty() ? "itera-forest-plot" : options.id;
  return canvas.document(kWidth, y + 8, id,
                         fmt::format("Forest plot: effect against {}", figures.arms.front().name),
                         described(figures, blocks));
}

}  // namespace itera::drawing
