#include "dsl/check/rule.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/quantity.hpp"
#include "dsl/check/seen.hpp"

namespace itera::dsl::meaning {
namespace {

using syntax::TermKind;

class RuleReader {
 public:
  RuleReader(Report& report, Clause const& clause)
      : report_(report), clause_(clause), cursor_(report, clause) {}

  std::optional<spec::ShipRule> read() {
    out_.span = clause_.span();
    cursor_.expect("when");
    if (cursor_.ok() && !cursor_.sees("effect"))
      cursor_.unexpected("`effect`", "the rule begins with its threshold: `ship when effect >= 5pp`");
    effect();
    while (cursor_.ok() && !cursor_.at_end()) {
      if (!cursor_.take("and")) {
        cursor_.unexpected("`and` or end of line");
        break;
      }
      guard();
    }
    cursor_.finish();
    needs_benefit();
    if (!cursor_.ok() || !sound_ || clause_.broken) return std::nullopt;
    return std::move(out_);
  }

 private:
  struct Threshold {
    Rational value;  ///< a fraction
    bool relative = false;
    bool sign = false;
  };

  /// Marks the rule as wrong: it is not given on, though reading goes on.
  void wrong(Code const& code, Span subject, std::string summary, std::string help = {}) {
    report_.error(code, subject, std::move(summary), std::move(help));
    sound_ = false;
  }

  /// `5pp`, or `10%` of the baseline's score. `floor`: a sign is needed.
  std::optional<Threshold> threshold(bool floor) {
    auto const n = cursor_.expect_number("a threshold such as `5pp` or `10%`");
    if (!n) return std::nullopt;
    auto const& [value, unit, sign] = n->value;
    auto const text = report_.source.slice(n->span);
    bool const relative = unit == spec::Unit::percent;
    if (!relative && unit != spec::Unit::pp) {
      wrong_unit(*n);
      return std::nullopt;
    }
    if (!is_plain(value) || compare(value, {relative ? 1000 : 100, 1}) > 0 || compare(value, {-100, 1}) < 0) {
      wrong(codes::out_of_range, n->span,
            relative ? "a relative threshold is from -100% to 1000%, with at most four decimals"
                     : "a threshold is at most 100pp, with at most four decimals");
      return std::nullopt;
    }
    if (floor && !sign && value.num != 0) {
      wrong(codes::unit, n->span, fmt::format("the floor `{}` has no sign", text),
            fmt::format("write `-{0}` to allow a loss, `+{0}` to demand a gain", text));
      return std::nullopt;
    }
    return Threshold{divide(value, 100), relative, sign};
  }

  void wrong_unit(spec::At<spec::Quantity> const& n) {
    auto const text = report_.source.slice(n.span);
    auto const* next = cursor_.peek();
    bool const none = n.value.unit == spec::Unit::none;
    bool const apart = none && next && is_word(*next, "pp");
    wrong(codes::unit, n.span,
          none ? fmt::format("the threshold `{}` has no unit", text)
               : fmt::format("the threshold `{}` is not in percentage points", text),
          apart ? fmt::format("no space between a number and its unit: `{}pp`", text)
          : none
              ? fmt::format("write `{0}pp` for percentage points, `{0}%` for a share of the baseline's score",
                            text)
              : "thresholds are written as in `5pp`, or `10%` of the baseline's score");
    if (apart) cursor_.take();
  }

  /// `by point`, `by interval`, `by harm`; `end` becomes where it ends.
  spec::SliceMode mode(std::uint32_t& end) {
    if (!cursor_.take("by")) return spec::SliceMode::point;
    auto const word = cursor_.expect_name("`point`, `interval` or `harm`");
    if (!word) return spec::SliceMode::point;
    end = word->span.end;
    if (word->value == "interval") return spec::SliceMode::interval;
    if (word->value == "harm") return spec::SliceMode::harm;
    if (word->value != "point")
      wrong(codes::clause_form, word->span,
            fmt::format("expected `point`, `interval` or `harm`, found `{}`", word->value));
    return spec::SliceMode::point;
  }

  void effect() {
    if (!cursor_.take("effect")) return;
    over();
    cursor_.expect_symbol(">=");
    auto const* number = cursor_.peek();
    auto const least = threshold(false);
    if (number) out_.effect_span = number->span;
    if (least) {
      out_.effect = least->value;
      out_.relative = least->relative;
    }
    auto const* by = cursor_.peek(1);
    std::uint32_t end = 0;
    auto const read_by = mode(end);
    out_.strict = read_by == spec::SliceMode::interval;
    if (read_by == spec::SliceMode::harm)
      wrong(codes::clause_form, by->span, "expected `point` or `interval`, found `harm`",
            "the effect is to be shown, not only not to be refuted");
  }

  /// `over traffic of tier`
  void over() {
    if (!cursor_.take("over")) return;
    cursor_.expect("traffic");
    cursor_.expect("of");
    out_.over = cursor_.expect_column("a slice of `row`");
  }

  void guard() {
    if (cursor_.sees("effect")) {
      twice(report_, cursor_.peek()->span, "the threshold on `effect`", out_.effect_span);
      cursor_.fail();
    } else if (cursor_.sees("cost") || cursor_.sees("latency")) {
      price_guard();
    } else if (cursor_.sees("every")) {
      auto const begin = cursor_.take()->span.begin;
      if (auto const slice = cursor_.expect_column("a slice of `row`")) slice_guard(*slice, "", begin);
    } else if (cursor_.sees(TermKind::assignment)) {
      auto const* pair = cursor_.take();
      auto const& value = pair->items[1];
      if (value.kind != TermKind::word && value.kind != TermKind::text && value.kind != TermKind::number) {
        report_.error(codes::clause_form, value.span,
                      fmt::format("expected one value of the slice, found {}", shown(report_, value)),
                      "write `tier=smb`, or `tier=\"small business\"`");
        return cursor_.fail();
      }
      slice_guard({pair->text, pair->items[0].span}, value.text, pair->span.begin);
    } else if (cursor_.sees(TermKind::word) && cursor_.peek(1) && is_word(*cursor_.peek(1), "does")) {
      category_guard();
    } else if (cursor_.sees(TermKind::word) && cursor_.peek(1) && cursor_.peek(1)->kind == TermKind::symbol) {
      metric_guard();
    } else {
      cursor_.unexpected(
          "`every SLICE >= -2pp`, `SLICE=VALUE >= -2pp`, `CATEGORY does not rise`, `METRIC >= -1pp` or `cost "
          "<= +60%`");
    }
  }

  void slice_guard(spec::Name slice, std::string value, std::uint32_t begin) {
    spec::SliceClause guard{std::move(slice), std::move(value), {}, spec::SliceMode::point, {}};
    cursor_.expect_symbol(">=");
    auto const* number = cursor_.peek();
    auto const floor = threshold(true);
    if (!cursor_.ok()) return;
    auto end = number->span.end;
    guard.mode = mode(end);
    if (!cursor_.ok()) return;
    if (floor) {
      guard.floor = floor->value;
      guard.relative = floor->relative;
    }
    guard.span = {begin, end};
    // A value may be any text, but a column has no line break in its name.
    if (auto const first = slices_.met(guard.slice.value + "\n" + guard.value, guard.slice.span)) {
      twice(report_, guard.slice.span, "the clause on this slice", *first);
      sound_ = false;
    }
    out_.slices.push_back(std::move(guard));
  }

  /// `policy_ok >= -1pp`
  void metric_guard() {
    auto const* word = cursor_.take();
    spec::MetricClause guard{{word->text, word->span}, {}, spec::SliceMode::point, {}};
    cursor_.expect_symbol(">=");
    auto const* number = cursor_.peek();
    auto const floor = threshold(true);
    if (!cursor_.ok()) return;
    auto end = number->span.end;
    guard.mode = mode(end);
    if (!cursor_.ok()) return;
    if (floor) {
      guard.floor = floor->value;
      guard.relative = floor->relative;
    }
    guard.span = {word->span.begin, end};
    if (auto const first = metrics_.met(word->text, word->span)) {
      twice(report_, word->span, fmt::format("the clause on `{}`", word->text), *first);
      sound_ = false;
    }
    out_.metrics.push_back(std::move(guard));
  }

  /// `cost <= +60%`, `latency <= +10%`, `latency p95 <= +10%`
  void price_guard() {
    using Of = spec::GuardClause::Of;
    auto const* word = cursor_.take();
    spec::GuardClause guard{word->text == "cost" ? Of::cost : Of::latency, {}, {}};
    if (guard.of == Of::latency && cursor_.take("p95")) guard.of = Of::latency_p95;
    if (!cursor_.sees_symbol("<="))
      return cursor_.unexpected(guard.of == Of::latency ? "`<=` or `p95`" : "`<=`",
                                fmt::format("it is bounded from above: `{} <= +60%`", word->text));
    cursor_.take();
    auto const n = cursor_.expect_number("a change against the baseline such as `+60%` or `-50%`");
    if (!n) return;
    auto const& [value, unit, sign] = n->value;
    auto const text = report_.source.slice(n->span);
    if (unit != spec::Unit::percent)
      return wrong(codes::unit, n->span, fmt::format("the guard `{}` is no percentage", text),
                   "it is a change against the baseline: `+60%` allows more, `-50%` demands less");
    if (!sign && value.num != 0)
      return wrong(codes::unit, n->span, fmt::format("the guard `{}` has no sign", text),
                   fmt::format("write `+{0}` to allow as much more, `-{0}` to demand as much less", text));
    if (!is_plain(value) || compare(value, {-100, 1}) <= 0 || compare(value, {10'000, 1}) > 0)
      return wrong(codes::out_of_range, n->span,
                   "a guard is above -100% and at most +10000%, with at most four decimals");
    guard.most = divide(value, 100);
    guard.span = {word->span.begin, n->span.end};
    auto const what = guard.of == Of::latency_p95 ? "latency p95" : word->text;
    if (auto const first = guards_.met(what, guard.span)) {
      twice(report_, word->span, fmt::format("the guard on `{}`", what), *first);
      sound_ = false;
    }
    out_.guards.push_back(guard);
  }

  // Not being worse is no reason to change what is deployed: something has to be gained.
  void needs_benefit() {
    if (!sound_ || !cursor_.ok() || out_.effect.num > 0) return;
    // Of a gain that is only not harmful nothing is gained.
    auto const gains = [](auto const& clause) {
      return clause.floor.num > 0 && clause.mode != spec::SliceMode::harm;
    };
    bool const cheaper =
        std::any_of(out_.guards.begin(), out_.guards.end(), [](auto const& g) { return g.most.num < 0; });
    if (cheaper || std::any_of(out_.metrics.begin(), out_.metrics.end(), gains)) return;
    wrong(codes::no_benefit, out_.effect_span,
          "a threshold of zero or less only asks not to be worse, and the rule names no benefit",
          "say what is gained: `and cost <= -50%`, `and latency <= -20%`, or a secondary metric `>= +2pp`");
  }

  void category_guard() {
    auto const* word = cursor_.take();
    cursor_.expect("does");
    cursor_.expect("not");
    auto const* last = cursor_.peek();
    if (!cursor_.expect("rise")) return;
    auto end = last->span.end;
    auto const* by = cursor_.peek(1);
    auto const read_by = mode(end);
    if (!cursor_.ok()) return;
    if (read_by == spec::SliceMode::interval)
      wrong(codes::clause_form, by->span, "expected `point` or `harm`, found `interval`",
            "a count is compared as it is, or by an exact test that has to show the rise: `by harm`");
    if (auto const first = categories_.met(word->text, word->span)) {
      twice(report_, word->span, fmt::format("the clause on `{}`", word->text), *first);
      sound_ = false;
    }
    out_.categories.push_back({{word->text, word->span}, {word->span.begin, end}, read_by});
  }

  Report& report_;
  Clause const& clause_;
  Cursor cursor_;
  spec::ShipRule out_;
  Seen slices_, metrics_, guards_, categories_;
  bool sound_ = true;
};

std::string known_or(std::optional<std::string> const& near, std::vector<std::string> const& known,
                     std::string_view how) {
  return near            ? fmt::format("did you mean `{}`?", *near)
         : known.empty() ? fmt::format("there is none: {}", how)
                         : fmt::format("this experiment has {}; for another one {}", listed(known), how);
}

/// The names of one kind that an experiment has.
class Named {
 public:
  explicit Named(auto const& items, auto const& name) {
    for (auto const& item : items) names_.push_back(name(item));
    set_.insert(names_.begin(), names_.end());
  }
  bool has(std::string const& name) const { return set_.contains(name); }
  std::vector<std::string> const& all() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_set<std::string> set_;
};

void unknown(Report& report, spec::Name const& name, std::string_view what, Named const& known,
             std::string_view how) {
  if (known.has(name.value) || report.full()) return;
  report.error(codes::unknown_name, name.span, fmt::format("no {} is called `{}`", what, name.value),
               known_or(did_you_mean(name.value, known.all()), known.all(), how));
}

// Where the traffic says which values a slice has, a misspelt one is found before any row is read.
class TrafficValues {
 public:
  explicit TrafficValues(std::vector<spec::Traffic> const& traffic) {
    for (auto const& column : traffic)
      columns_.try_emplace(column.column.value, column.column.span,
                           Named(column.shares, [](auto const& share) { return share.value.value; }));
  }

  void require(Report& report, spec::SliceClause const& guard) const {
    auto const column = columns_.find(guard.slice.value);
    if (guard.value.empty() || column == columns_.end()) return;
    auto const& [span, values] = column->second;
    if (values.has(guard.value) || report.full()) return;
    auto const near = did_you_mean(guard.value, values.all());
    report
        .error(codes::unknown_name, guard.slice.span,
               fmt::format("the traffic of `{}` has no value `{}`", guard.slice.value, guard.value),
               near ? fmt::format("did you mean `{}`?", *near)
                    : fmt::format("its values are {}", listed(values.all())))
        .labels.push_back({span, "the traffic"});
  }

 private:
  std::map<std::string, std::pair<Span, Named>> columns_;
};

void resolve_metric(Report& report, spec::MetricClause const& guard, spec::Experiment const& experiment,
                    Named const& known, bool slices_known) {
  auto const& name = guard.metric.value;
  if (known.has(name) || report.full()) return;
  auto const& slices = experiment.row.slices;
  bool const slice = slices_known && std::any_of(slices.begin(), slices.end(),
                                                 [&](auto const& s) { return s.value == name; });
  auto const how = fmt::format("write `also {} using JUDGE`", name);
  report.error(codes::unknown_name, guard.metric.span,
               fmt::format("no secondary metric is called `{}`", name),
               slice ? fmt::format("for the values of a slice write `every {}`", name)
               : name == experiment.metric.name.value
                   ? std::string("the threshold on the metric itself is the one on `effect`")
                   : known_or(did_you_mean(name, known.all()), known.all(), how));
}

}  // namespace

std::optional<spec::ShipRule> read_rule(Report& report, Clause const& clause) {
  return RuleReader(report, clause).read();
}

void resolve_rule(Report& report, spec::ShipRule const& rule, spec::Experiment const& experiment,
                  Known known) {
  if (known.slices) {
    Named const slices(experiment.row.slices, [](auto const& slice) { return slice.value; });
    TrafficValues const values(experiment.traffic);
    if (rule.over)
      unknown(report, *rule.over, "slice", slices,
              fmt::format("write `slice {}` in `row`", rule.over->value));
    for (auto const& guard : rule.slices) {
      unknown(report, guard.slice, "slice", slices,
              fmt::format("write `slice {}` in `row`", guard.slice.value));
      values.require(report, guard);
    }
  }
  if (known.categories) {
    Named const categories(experiment.categories, [](auto const& category) { return category.name.value; });
    for (auto const& guard : rule.categories)
      unknown(report, guard.category, "failure category", categories,
              fmt::format("write `failure {} weight 1 \"...\"`", guard.category.value));
  }
  if (known.metrics) {
    Named const metrics(experiment.secondaries, [](auto const& metric) { return metric.name.value; });
    for (auto const& guard : rule.metrics) resolve_metric(report, guard, experiment, metrics, known.slices);
  }
}

}  // namespace itera::dsl::meaning
