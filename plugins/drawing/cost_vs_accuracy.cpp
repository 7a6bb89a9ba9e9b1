#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plugins/drawing/axis.hpp"
#include "plugins/drawing/charts.hpp"
#include "plugins/drawing/cost_plot.hpp"
#include "plugins/drawing/figures.hpp"
#include "plugins/drawing/frame.hpp"
#include "plugins/drawing/placement.hpp"
#include "plugins/drawing/svg.hpp"
#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

constexpr double kRight = kWidth - kMargin, kLabelMost = 250, kMark = 11;

// What a label says under the arm's name.
std::string numbers_of(Arm const& arm, int decimals) {
  return percent(*arm.score, decimals) + (arm.cost ? " \xC2\xB7 " + dollars(*arm.cost) : "") +
         (arm.control ? " \xC2\xB7 control" : "");
}

std::string spoken(Arm const& arm, bool front, int decimals) {
  auto out = fmt::format("{}{}: score {}", arm.name, arm.control ? ", a control" : "",
                         percent(*arm.score, decimals));
  if (arm.score_interval)
    out += fmt::format(" [{}, {}]", percent(arm.score_interval->low, decimals),
                       percent(arm.score_interval->high, decimals));
  else if (arm.deviation)
    out += fmt::format(" {}pp", plus_minus(*arm.deviation, decimals + 1));
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

void draw_score_axis(Canvas& canvas, Scale const& y, Figures const& figures) {
  auto const ticks = linear_ticks(y.low * 100, y.high * 100, 7);
  for (auto const tick : ticks) {
    auto const at = y(tick / 100);
    canvas.line(CostPlot::left, at, kRight, at, kGrid);
    canvas.text(CostPlot::left - 8, at + 4, percent(tick / 100, tick_decimals(ticks)),
                {kSmall, kMuted, Anchor::end});
  }
  canvas.line(CostPlot::left, CostPlot::top, CostPlot::left, CostPlot::bottom, kMuted);
  canvas.text_within(kRight - kMargin, kMargin, CostPlot::top - 12,
                     figures.metric.empty() ? "score" : figures.metric, {kSmall, kMuted});
}

void draw_cost_axis(Canvas& canvas, Scale const& x) {
  canvas.line(x.from, CostPlot::bottom, x.to, CostPlot::bottom, kMuted);
  auto const ticks = x.low < 0       ? std::vector<double>{0}
                     : x.logarithmic ? log_ticks(x.low, x.high)
                                     : linear_ticks(x.low, x.high, 7);
  for (auto const tick : ticks) {
    canvas.line(x(tick), CostPlot::bottom, x(tick), CostPlot::bottom + 4, kMuted);
    canvas.text(x(tick), CostPlot::bottom + 17, dollars(tick), {kSmall, kMuted, Anchor::middle});
  }
  canvas.text((x.from + x.to) / 2, CostPlot::bottom + 36,
              fmt::format("cost per 1,000 rows, USD{}", x.logarithmic ? " (logarithmic)" : ""),
              {kSmall, kMuted, Anchor::middle});
}

// From the cheapest upwards: what score a given sum buys. At one cost for all there is nothing to buy.
void draw_front(Canvas& canvas, CostPlot const& plot, Placement& labels) {
  auto points = plot.marks;
  std::erase_if(points, [](Point const& p) { return !p.front; });
  std::sort(points.begin(), points.end(),
            [](Point const& a, Point const& b) { return std::pair(a.x, -a.y) < std::pair(b.x, -b.y); });
  if (points.empty() || is_free(plot)) return;
  auto path = fmt::format("M{},{}", coordinate(points.front().x), coordinate(CostPlot::bottom));
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto const to = i + 1 < points.size() ? points[i + 1].x : plot.right;
    path += fmt::format("V{}H{}", coordinate(points[i].y), coordinate(to));
    labels.take({points[i].x, points[i].y - 1.5, to - points[i].x, 3});
    auto const below = i == 0 ? CostPlot::bottom : points[i - 1].y;
    labels.take({points[i].x - 1.5, points[i].y, 3, below - points[i].y});
  }
  canvas.path(path, kMuted, {1.4});
}

void draw_point(Canvas& canvas, CostPlot const& plot, Arm const& arm, Point const& p) {
  auto const paint = arm_paint(p.arm);
  if (auto const s = score_spread(plot, arm))
    error_bar(canvas, p.x, plot.score(s->low), p.x, plot.score(s->high), paint);
  if (auto const c = arm.cost ? cost_spread(plot, arm) : std::nullopt)
    error_bar(canvas, plot.cost(c->low), p.y, plot.cost(c->high), p.y, paint);
  canvas.mark(arm_shape(p.arm), p.x, p.y, kMark, paint, p.dominated);
}

Box label_size(Arm const& arm, double most, int decimals) {
  auto const name = std::min(text_width(printable(arm.name), 12, true), most);
  return {0, 0, std::max(name, text_width(numbers_of(arm, decimals), kSmall)), 30};
}

void draw_label(Canvas& canvas, Arm const& arm, Point const& p, Box const& box, int decimals) {
  auto const end = nearest(box, p.x, p.y);
  if (std::hypot(end.x - p.x, end.y - p.y) > kLeader) canvas.line(p.x, p.y, end.x, end.y, kMuted, {0.8});
  bool const left = box.left + box.width <= p.x;
  auto const x = left ? box.left + box.width : box.left;
  auto const anchor = left ? Anchor::end : Anchor::start;
  canvas.text_within(box.width + 0.01, x, box.top + 12, arm.name, {12, kInk, anchor, p.front});
  canvas.text(x, box.top + 26, numbers_of(arm, decimals), {kSmall, kMuted, anchor});
}

// Tops of labels that would like to stand at `wanted` (ascending), pushed apart and kept inside of the plot.
std::vector<double> pushed_apart(std::vector<double> wanted, double height) {
  auto free_from = CostPlot::top;
  for (auto& at : wanted) free_from = (at = std::max(at, free_from)) + height;
  auto free_to = CostPlot::bottom;
  for (auto at = wanted.rbegin(); at != wanted.rend(); ++at) free_to = *at = std::min(*at, free_to - height);
  return wanted;
}

// Where there is room every arm has a column of its own; else marks stand in two, so that equal scores do
// not hide one another.
void draw_strip(Canvas& canvas, CostPlot const& plot, Figures const& figures) {
  if (plot.strip.empty()) return;
  auto points = plot.strip;
  std::sort(points.begin(), points.end(), [](Point const& a, Point const& b) { return a.y < b.y; });
  auto const n = static_cast<double>(points.size());
  auto const column = (kRight - plot.strip_left) / n;
  bool const wide = column > 160;
  std::vector<double> tops;
  for (auto const& p : points) tops.push_back(p.y - 15);
  if (!wide) tops = pushed_apart(tops, std::min(32.0, (CostPlot::bottom - CostPlot::top) / n));
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto& p = points[i];
    auto const& arm = figures.arms[p.arm];
    auto const decimals = decimals_of(figures);
    auto const from = plot.strip_left + (wide ? column * static_cast<double>(i) : 0);
    p.x = from + (wide ? 24 : 18 + 18 * static_cast<double>(i % 2));
    auto const label = from + (wide ? 40 : 52);
    auto const size = label_size(arm, (wide ? from + column : kRight) - label - 4, decimals);
    canvas.open(spoken(arm, false, decimals));
    draw_point(canvas, plot, arm, p);
    draw_label(canvas, arm, p, {label, tops[i], size.width, size.height}, decimals);
    canvas.close();
  }
}

void draw_marks(Canvas& canvas, CostPlot const& plot, Figures const& figures) {
  if (plot.marks.empty()) return;
  draw_cost_axis(canvas, plot.cost);
  Placement labels({CostPlot::left + 3, CostPlot::top, plot.right - CostPlot::left - 3,
                    CostPlot::bottom - CostPlot::top - 2});
  draw_front(canvas, plot, labels);
  if (plot.line) labels.take({CostPlot::left, plot.score(*plot.line) - 2, plot.right - CostPlot::left, 4});
  for (auto const& p : plot.marks) {
    auto const& arm = figures.arms[p.arm];
    labels.take({p.x - 8, p.y - 8, 16, 16});
    if (auto const s = score_spread(plot, arm)) {
      auto const top = plot.score(s->high);
      labels.take(widened({p.x - 4, top, 8, plot.score(s->low) - top}, 4));
    }
    if (auto const c = cost_spread(plot, arm)) {
      auto const left = plot.cost(c->low);
      labels.take(widened({left, p.y - 4, plot.cost(c->high) - left, 8}, 4));
    }
  }
  auto const decimals = decimals_of(figures);
  for (auto const& p : plot.marks) {
    auto const& arm = figures.arms[p.arm];
    auto const size = label_size(arm, kLabelMost, decimals);
    canvas.open(spoken(arm, p.front, decimals));
    draw_label(canvas, arm, p, labels.place(p.x, p.y, size.width, size.height), decimals);
    draw_point(canvas, plot, arm, p);
    canvas.close();
  }
}

std::vector<Key> keys_of(CostPlot const& plot, Figures const& figures) {
  std::vector<Key> out;
  if (!plot.marks.empty() && !is_free(plot))
    out.push_back({Key::Kind::line, kMuted, "Pareto front: the best score that a sum buys"});
  if (std::any_of(plot.marks.begin(), plot.marks.end(), [](Point const& p) { return p.dominated; }))
    out.push_back({Key::Kind::point, kInk, "dominated: another arm is no dearer and no worse"});
  if (plot.line)
    out.push_back({Key::Kind::line, kThreshold,
                   fmt::format("threshold: baseline {}pp", points_as_written(*figures.threshold)),
                   Shape::square, kDashes});
  return out;
}

std::vector<std::string> remarks(CostPlot const& plot, Figures const& figures) {
  bool deviations = false, costs = false;
  for (auto const& arm : figures.arms) {
    deviations = deviations || (arm.score && arm.deviation);
    costs = costs || (arm.score && arm.cost && arm.cost_interval);
  }
  std::vector<std::string> out;
  if (plot.intervals)
    out.emplace_back(
        "Vertical lines: 95% interval of the arm's own score. Differences are known better, because all arms "
        "saw the "
        "same rows: see the forest plot.");
  else
    out.emplace_back(deviations ? "Vertical lines: \xC2\xB1"
                                  "1 standard deviation of the trials."
                                : "The data has no interval of the scores.");
  if (!plot.marks.empty())
    out.emplace_back(costs ? "Horizontal lines: 95% interval of the mean cost."
                           : "The data has no interval of the costs.");
  for (auto const& arm : figures.arms)
    if (!arm.score) out.push_back(fmt::format("The data has no score of {}.", brief(arm.name)));
  say_strays(out, figures);
  return out;
}

}  // namespace

std::string cost_vs_accuracy(Json const& data, Options const& options) {
  auto const figures = read_figures(data);
  auto const plot = cost_plot(figures);

  Canvas canvas;
  heading(canvas, "Score over cost", about(figures));
  if (!plot.strip.empty()) {
    canvas.rect(plot.strip_left, CostPlot::top, kRight - plot.strip_left, CostPlot::bottom - CostPlot::top,
                kBand);
    canvas.text((plot.strip_left + kRight) / 2, CostPlot::bottom + 17, "cost not reported",
                {kSmall, kMuted, Anchor::middle});
  }
  draw_score_axis(canvas, plot.score, figures);
  if (plot.line)
    canvas.line(CostPlot::left, plot.score(*plot.line), kRight, plot.score(*plot.line), kThreshold,
                {1.4, kDashes});
  draw_strip(canvas, plot, figures);
  draw_marks(canvas, plot, figures);
  auto const below = legend(canvas, CostPlot::bottom + 66, keys_of(plot, figures));
  auto const end = notes(canvas, below + 24, remarks(plot, figures));

  std::string description;
  for (auto const* points : {&plot.marks, &plot.strip})
    for (auto const& p : *points)
      description += spoken(figures.arms[p.arm], p.front, decimals_of(figures)) + ". ";
  return canvas.document(kWidth, end + 8, options.id.empty() ? "itera-cost-vs-accuracy" : options.id,
                         "Score over cost", description);
}

}  // namespace itera::drawing
