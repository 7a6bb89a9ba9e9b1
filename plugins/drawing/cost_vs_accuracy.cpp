#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

#include "plugins/drawing/axis.hpp"
#include "plugins/drawing/charts.hpp"
#include "plugins/drawing/figures.hpp"
#include "plugins/drawing/frame.hpp"
#include "plugins/drawing/placement.hpp"
#include "plugins/drawing/svg.hpp"
#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

constexpr double kTop = 84, kBottom = 424, kLeft = 84, kRight = kWidth - kMargin;
constexpr double kStrip = 190, kGap = 14;  ///< the margin for arms without a cost
constexpr double kLabelMost = 210, kMark = 11;
constexpr double kLogFrom = 20;  ///< dearest over cheapest from which the axis is logarithmic

struct Point {
  std::size_t arm = 0;
  double x = 0, y = 0;
  bool front = false;
};

// What is drawn up and down: the interval of the score if the file has one, else a standard deviation.
std::optional<Interval> spread(Arm const& arm) {
  if (arm.score_interval || !arm.score || !arm.deviation) return arm.score_interval;
  return Interval{*arm.score - *arm.deviation, *arm.score + *arm.deviation};
}

bool dominates(Arm const& a, Arm const& b) {
  return *a.cost <= *b.cost && *a.score >= *b.score && (*a.cost < *b.cost || *a.score > *b.score);
}

Scale cost_scale(std::vector<Arm const*> const& priced, double right) {
  double low = 1e300, high = 0;
  for (auto const* arm : priced) {
    low = std::min({low, *arm->cost, arm->cost_interval ? arm->cost_interval->low : *arm->cost});
    high = std::max({high, *arm->cost, arm->cost_interval ? arm->cost_interval->high : *arm->cost});
  }
  if (high == 0) return {-1, 1, kLeft, right};
  if (low > 0 && high / low > kLogFrom) return {low / 1.7, high * 1.7, kLeft, right, true};
  return {0, high * 1.1, kLeft, right};
}

Scale score_scale(std::vector<Arm const*> const& scored, std::optional<double> line) {
  double low = 1, high = -1;
  auto const see = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (auto const* arm : scored) {
    see(*arm->score);
    if (auto const s = spread(*arm)) see(s->low), see(s->high);
  }
  if (line) see(*line);
  auto const room = std::max(0.14 * (high - low), 0.01);
  auto const ceiling = high <= 1 ? 1.0 : high;
  return {low >= 0 ? std::max(low - room, 0.0) : low - room, std::min(high + room, std::max(ceiling, high)),
          kBottom, kTop};
}

std::string spoken(Arm const& arm, bool front) {
  auto out = fmt::format("{}: score {}", arm.name, percent(*arm.score));
  if (arm.score_interval)
    out += fmt::format(" [{}, {}]", percent(arm.score_interval->low), percent(arm.score_interval->high));
  else if (arm.deviation)
    out += fmt::format(" \xC2\xB1{}pp",
                       percent(*arm.deviation, 2).substr(0, percent(*arm.deviation, 2).size() - 1));
  out += arm.cost ? fmt::format(", {} per 1,000 rows", dollars(*arm.cost)) : ", cost not reported";
  if (arm.cost && arm.cost_interval)
    out += fmt::format(" [{}, {}]", dollars(arm.cost_interval->low), dollars(arm.cost_interval->high));
  return front ? out + "; on the Pareto front" : out;
}

void error_bar(Canvas& canvas, double x1, double y1, double x2, double y2, Paint paint) {
  canvas.line(x1, y1, x2, y2, paint, {1.5});
  bool const upright = x1 == x2;
  for (auto const& [x, y] : {std::pair{x1, y1}, {x2, y2}})
    canvas.line(x - (upright ? 4 : 0), y - (upright ? 0 : 4), x + (upright ? 4 : 0), y + (upright ? 0 : 4),
                paint, {1.5});
}

void draw_score_axis(Canvas& canvas, Scale const& y, double right, Figures const& figures) {
  auto const ticks = linear_ticks(y.low * 100, y.high * 100, 7);
  for (auto const tick : ticks) {
    auto const at = y(tick / 100);
    canvas.line(kLeft, at, right, at, kGrid);
    canvas.text(kLeft - 8, at + 4, percent(tick / 100, tick_decimals(ticks)), {kSmall, kMuted, Anchor::end});
  }
  canvas.line(kLeft, kTop, kLeft, kBottom, kMuted);
  canvas.text_within(right - kMargin, kMargin, kTop - 10, figures.metric.empty() ? "score" : figures.metric,
                     {kSmall, kMuted});
}

void draw_cost_axis(Canvas& canvas, Scale const& x) {
  canvas.line(x.from, kBottom, x.to, kBottom, kMuted);
  auto const ticks = x.low < 0       ? std::vector<double>{0}
                     : x.logarithmic ? log_ticks(x.low, x.high)
                                     : linear_ticks(x.low, x.high, 7);
  for (auto const tick : ticks) {
    canvas.line(x(tick), kBottom, x(tick), kBottom + 4, kMuted);
    canvas.text(x(tick), kBottom + 17, dollars(tick), {kSmall, kMuted, Anchor::middle});
  }
  canvas.text((x.from + x.to) / 2, kBottom + 36,
              fmt::format("cost per 1,000 rows, USD{}", x.logarithmic ? " (logarithmic)" : ""),
              {kSmall, kMuted, Anchor::middle});
}

// From the cheapest upwards: what score a given sum buys.
void draw_front(Canvas& canvas, std::vector<Point> points, Scale const& x, std::vector<Box>& taken) {
  std::erase_if(points, [](Point const& p) { return !p.front; });
  std::sort(points.begin(), points.end(),
            [](Point const& a, Point const& b) { return std::pair(a.x, -a.y) < std::pair(b.x, -b.y); });
  if (points.empty()) return;
  auto path = fmt::format("M{},{}", coordinate(points.front().x), coordinate(kBottom));
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto const to = i + 1 < points.size() ? points[i + 1].x : x.to;
    path += fmt::format("V{}H{}", coordinate(points[i].y), coordinate(to));
    taken.push_back({points[i].x, points[i].y - 1.5, to - points[i].x, 3});
    auto const below = i == 0 ? kBottom : points[i - 1].y;
    taken.push_back({points[i].x - 1.5, points[i].y, 3, below - points[i].y});
  }
  canvas.path(path, kMuted, {1.4});
}

void draw_point(Canvas& canvas, Arm const& arm, Point const& p, Scale const* x, Scale const& y) {
  auto const paint = arm_paint(p.arm);
  if (auto const s = spread(arm)) error_bar(canvas, p.x, y(s->low), p.x, y(s->high), paint);
  if (x && arm.cost_interval && !(x->logarithmic && arm.cost_interval->low <= 0))
    error_bar(canvas, (*x)(arm.cost_interval->low), p.y, (*x)(arm.cost_interval->high), p.y, paint);
  canvas.mark(arm_shape(p.arm), p.x, p.y, kMark, paint, x != nullptr && !p.front);
}

void draw_label(Canvas& canvas, Arm const& arm, Point const& p, Box const& box, bool bold) {
  auto const beside = std::clamp(p.x, box.left, box.left + box.width);
  auto const level = std::clamp(p.y, box.top, box.top + box.height);
  if (std::hypot(beside - p.x, level - p.y) > 24) canvas.line(p.x, p.y, beside, level, kMuted, {0.8});
  bool const right = box.left + box.width <= p.x;
  TextStyle style{12, kInk, right ? Anchor::end : Anchor::start, bold};
  auto const x = right ? box.left + box.width : box.left;
  canvas.text_within(box.width + 0.01, x, box.top + 12, arm.name, style);
  auto const numbers = percent(*arm.score) + (arm.cost ? " \xC2\xB7 " + dollars(*arm.cost) : "");
  canvas.text(x, box.top + 26, numbers, {kSmall, kMuted, style.anchor});
}

Box label_size(Arm const& arm, double most) {
  auto const numbers = percent(*arm.score) + (arm.cost ? " \xC2\xB7 " + dollars(*arm.cost) : "");
  auto const name = std::min(text_width(printable(arm.name), 12, true), most);
  return {0, 0, std::max(name, text_width(numbers, kSmall)), 30};
}

void draw_strip(Canvas& canvas, Figures const& figures, std::vector<Point> points, Scale const& y,
                double left) {
  canvas.rect(left, kTop, kRight - left, kBottom - kTop, kBand);
  canvas.text((left + kRight) / 2, kBottom + 17, "cost not reported", {kSmall, kMuted, Anchor::middle});
  std::sort(points.begin(), points.end(), [](Point const& a, Point const& b) { return a.y < b.y; });
  double free_from = kTop + 2;
  for (auto& p : points) {
    auto const& arm = figures.arms[p.arm];
    p.x = left + 22;
    auto const size = label_size(arm, kRight - p.x - 26);
    Box const box{p.x + 18, std::max(p.y - 15, free_from), size.width, size.height};
    free_from = box.top + box.height + 2;
    canvas.open(spoken(arm, false));
    draw_point(canvas, arm, p, nullptr, y);
    draw_label(canvas, arm, p, box, false);
    canvas.close();
  }
}

}  // namespace

std::string cost_vs_accuracy(Json const& data, Options const& options) {
  auto const figures = read_figures(data);
  std::vector<Arm const*> priced, scored;
  for (auto const& arm : figures.arms) {
    if (arm.score) scored.push_back(&arm);
    if (arm.score && arm.cost) priced.push_back(&arm);
  }
  if (scored.empty())
    throw sdk::Invalid("the data has no score to plot",
                       "`test_set_aggregate` holds the score of each arm, `arms[].cost_per_1k_usd` its cost");
  bool const strip = priced.size() < scored.size();
  auto const right = priced.empty() ? kLeft : strip ? kRight - kStrip - kGap : kRight;
  std::optional<double> line;
  if (figures.threshold && figures.arms.front().score)
    line = *figures.arms.front().score + *figures.threshold;
  auto const y = score_scale(scored, line);
  auto const x = priced.empty() ? Scale{0, 1, kLeft, right} : cost_scale(priced, right);

  std::vector<Point> marks, margin;
  for (std::size_t i = 0; i < figures.arms.size(); ++i) {
    auto const& arm = figures.arms[i];
    if (!arm.score) continue;
    if (!arm.cost) {
      margin.push_back({i, 0, y(*arm.score), false});
      continue;
    }
    bool const front =
        std::none_of(priced.begin(), priced.end(), [&](Arm const* other) { return dominates(*other, arm); });
    marks.push_back({i, x(*arm.cost), y(*arm.score), front});
  }

  Canvas canvas;
  heading(canvas, "Score over cost", about(figures));
  draw_score_axis(canvas, y, kRight, figures);
  if (!margin.empty()) draw_strip(canvas, figures, margin, y, priced.empty() ? kLeft + 1 : right + kGap);
  if (line) canvas.line(kLeft, y(*line), kRight, y(*line), kThreshold, {1.4, "6 4"});
  std::vector<Box> taken;
  if (line) taken.push_back({kLeft, y(*line) - 1, kRight - kLeft, 2});
  if (!marks.empty()) {
    draw_cost_axis(canvas, x);
    draw_front(canvas, marks, x, taken);
  }
  for (auto const& p : marks) {
    auto const& arm = figures.arms[p.arm];
    taken.push_back({p.x - 8, p.y - 8, 16, 16});
    if (auto const s = spread(arm)) taken.push_back({p.x - 5, y(s->high), 10, y(s->low) - y(s->high)});
    if (auto const& c = arm.cost_interval; c && !(x.logarithmic && c->low <= 0))
      taken.push_back({x(c->low), p.y - 5, x(c->high) - x(c->low), 10});
  }
  for (auto const& p : marks) {
    auto const& arm = figures.arms[p.arm];
    auto const size = label_size(arm, kLabelMost);
    auto const box = place_label(p.x, p.y, size.width, size.height,
                                 {kLeft + 3, kTop, right - kLeft - 3, kBottom - kTop - 2}, taken);
    taken.push_back(box);
    canvas.open(spoken(arm, p.front));
    draw_label(canvas, arm, p, box, p.front);
    draw_point(canvas, arm, p, &x, y);
    canvas.close();
  }

  std::vector<Key> keys;
  if (!marks.empty()) {
    keys.push_back({Key::Kind::line, kMuted, "Pareto front: the best score that a sum buys"});
    if (std::any_of(marks.begin(), marks.end(), [](Point const& p) { return !p.front; }))
      keys.push_back({Key::Kind::hollow, kInk, "dominated: another arm is no dearer and no worse"});
  }
  if (line)
    keys.push_back({Key::Kind::line, kThreshold,
                    fmt::format("baseline and threshold ({}pp)", points(*figures.threshold, 0)),
                    Shape::square, "6 4"});
  auto at = legend(canvas, kBottom + 64, keys) + 20;

  std::vector<std::string> said;
  auto const any = [&](auto const& test) {
    return std::any_of(scored.begin(), scored.end(), [&](Arm const* a) { return test(*a); });
  };
  if (any([](Arm const& a) { return a.score_interval.has_value(); }))
    said.emplace_back(
        "Upright lines: 95% interval of the arm's own score. Differences are tighter, because arms saw the "
        "same rows: see the forest plot.");
  else if (any([](Arm const& a) { return a.deviation.has_value(); }))
    said.emplace_back(
        "Upright lines: \xC2\xB1"
        "1 standard deviation of the trials.");
  else
    said.emplace_back("One trial an arm: no interval of the score.");
  if (any([](Arm const& a) { return a.cost && a.cost_interval; }))
    said.emplace_back("Level lines: 95% interval of the mean cost.");
  else if (!marks.empty())
    said.emplace_back("The data has no interval of the cost.");
  for (auto const& arm : figures.arms)
    if (!arm.score) said.push_back(fmt::format("No score is given for {}.", arm.name));
  say_strays(said, figures);
  at = notes(canvas, at, said);

  std::string description;
  for (auto const& arm : figures.arms)
    if (arm.score)
      description +=
          spoken(arm, std::any_of(marks.begin(), marks.end(),
                                  [&](Point const& p) { return &figures.arms[p.arm] == &arm && p.front; })) +
          ". ";
  auto const id = options.id.empty() ? "itera-cost-vs-accuracy" : options.id;
  return canvas.document(kWidth, at + 8, id, "Score over cost", description);
}

}  // namespace itera::drawing
