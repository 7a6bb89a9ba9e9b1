#include "core/verdict/control.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/plan/rule_text.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

constexpr double kConfidence = 0.90;
constexpr double kTolerance = 0.02;

struct Place {
  std::string name;  // "overall", "tier=smb"
  Measurement const* measured = nullptr;
  std::optional<double> c2;
};

Rational magnitude(Rational r) {
  return r.num < 0 ? negate(r) : r;
}

// The interval lies within the margin: above its low end and below its high end.
bool inside(plan::Plan const& plan, Tally const& tally, ControlResult const& control, Place const& place) {
  auto const margin = magnitude(plan.rule.effect);
  auto const distance = [&](Rational bound) {
    return distance_to(plan, tally, control.arm, *place.measured, bound, plan.rule.relative, place.c2,
                       kConfidence, control.against)
        .ci;
  };
  auto const from_low = distance(negate(margin)), from_high = distance(margin);
  return from_low && from_high && from_low->low >= 0 && from_high->high <= 0;
}

bool leaves_out_zero(Measurement const& m, double confidence) {
  auto const ci = stats::confidence_interval(m.paired, confidence);
  return ci && (ci->low > 0 || ci->high < 0);
}

std::string interval(Measurement const& m) {
  auto const ci = stats::confidence_interval(m.paired, kConfidence);
  return ci ? fmt::format("[{}, {}]", plan::points(ci->low), plan::points(ci->high)) : "no interval";
}

bool registered(plan::Plan const& plan, split::SliceValue const& s) {
  return s.major || std::any_of(plan.rule.slices.begin(), plan.rule.slices.end(), [&](auto const& clause) {
           return clause.slice.value == s.column && clause.value == s.value;
         });
}

void measure_all(plan::Plan const& plan, Tally const& tally, std::vector<split::SliceValue> const& values,
                 ControlResult& out) {
  std::vector<std::size_t> rows(tally.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  out.measured = measure(plan, tally, out.arm, rows, std::nullopt, out.against);
  for (auto const& value : values) {
    auto const column = static_cast<std::size_t>(
        std::find(plan.row.slices.begin(), plan.row.slices.end(), value.column) - plan.row.slices.begin());
    std::vector<std::size_t> of_slice;
    for (auto const row : rows)
      if (tally.slices[column][row] == value.value) of_slice.push_back(row);
    out.slices.push_back({fmt::format("{}={}", value.column, value.value), registered(plan, value),
                          measure(plan, tally, out.arm, of_slice, out.measured.paired.c2, out.against)});
  }
}

std::string listed(std::vector<Place> const& places) {
  std::vector<std::string> out;
  for (auto const& place : places) out.push_back(fmt::format("{} {}", place.name, interval(*place.measured)));
  return join_words(out);
}

}  // namespace

std::string_view to_string(Reading reading) {
  constexpr std::string_view words[] = {"unmoved", "moved", "not shown"};
  return words[static_cast<int>(reading)];
}

ControlResult read_control(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                           std::vector<split::SliceValue> const& values) {
  ControlResult out;
  out.arm = arm;
  for (std::size_t i = 0; i < plan.arms.size(); ++i)
    if (plan.arms[i].name == plan.arms[arm].parent) out.against = i;
  measure_all(plan, tally, values, out);
  std::vector<Place> places{{"overall", &out.measured, std::nullopt}};
  for (auto const& s : out.slices)
    if (s.registered) places.push_back({s.id, &s.measured, out.measured.paired.c2});
  auto const margin = plan::threshold(magnitude(plan.rule.effect), plan.rule.relative) +
                      (plan.rule.relative ? " of the baseline's score" : "");
  auto const lost = static_cast<double>(out.measured.excluded);
  if (lost > kTolerance * static_cast<double>(tally.rows)) {
    out.evidence = fmt::format("{} of {} rows have no score", out.measured.excluded, tally.rows);
    return out;
  }
  std::vector<Place> wide, moved;
  auto const slices = static_cast<double>(std::max<std::size_t>(1, places.size() - 1));
  for (auto const& place : places) {
    if (inside(plan, tally, out, place)) continue;
    wide.push_back(place);
    bool const whole = &place == &places.front();
    if (leaves_out_zero(*place.measured, 1 - (1 - kConfidence) / (whole ? 1 : slices)))
      moved.push_back(place);
  }
  if (wide.empty()) {
    out.reading = Reading::unmoved;
    out.evidence = fmt::format("the 90% interval lies within +-{}: {}", margin, listed(places));
    return out;
  }
  out.reading = moved.empty() ? Reading::not_shown : Reading::moved;
  out.evidence =
      moved.empty()
          ? fmt::format("the 90% interval reaches beyond +-{}, but leaves no effect shown either: {}", margin,
                        listed(wide))
          : fmt::format("an effect is shown, and the 90% interval does not lie within +-{}: {}", margin,
                        listed(moved));
  return out;
}

}  // namespace itera::verdict
