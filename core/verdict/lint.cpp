#include "core/verdict/lint.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/stats/holm.hpp"
#include "core/stats/quantiles.hpp"
#include "core/verdict/prose.hpp"
#include "core/verdict/reread_clauses.hpp"

namespace itera::verdict {
namespace {

using plan::points;
constexpr int kMostDecimals = 9;

// Half of a unit in the last decimal that any of the numbers has.
double half_unit(std::vector<double> const& numbers) {
  int decimals = 0;
  for (auto const x : numbers)
    for (; decimals < kMostDecimals; ++decimals) {
      auto const scaled = x * std::pow(10, decimals);
      if (std::abs(scaled - std::round(scaled)) < 1e-6) break;
    }
  return 0.5 * std::pow(10, -decimals);
}

class Lint {
 public:
  explicit Lint(Imported const& data) : data_(data) {
    std::vector<double> scores;
    auto const add = [&](std::optional<double> x) {
      if (x) scores.push_back(*x);
    };
    auto const effect = [&](ImportedEffect const& e) { add(e.delta), add(e.ci_low), add(e.ci_high); };
    for (auto const& arm : data.arms) {
      add(arm.score);
      for (auto const x : arm.trials) add(x);
      for (auto const& [id, x] : arm.slice_scores) add(x);
      if (arm.effect) effect(*arm.effect);
      same_rows_ = same_rows_ && !(arm.effect && arm.effect->excluded > 0);
      for (auto const& [id, e] : arm.slice_effects) effect(e);
    }
    half_ = half_unit(scores);
    for (auto const& slice : data.slices) columns_[slice.column].push_back(&slice);
  }

  std::vector<Finding> find() {
    for (std::size_t arm = 0; arm < data_.arms.size(); ++arm) {
      trials(arm);
      counts(arm);
      score_within_slices(arm);
      if (arm == 0) continue;
      deltas(arm);
      delta_within_slices(arm);
      intervals(arm);
    }
    slice_rows();
    recorded_p();
    weights();
    threshold();
    verdict();
    return std::move(out_);
  }

 private:
  using Side = Finding::Side;

  void say(std::string id, std::string text, std::vector<Side> sides) {
    out_.push_back({std::move(id), std::move(text), std::move(sides)});
  }
  std::string const& id(std::size_t arm) const { return data_.arms[arm].id; }
  bool differ(double a, double b, double units) const {
    return std::abs(a - b) > units * half_ * (1 + 1e-6) + 1e-9;
  }
  void one_delta(std::size_t arm, ImportedEffect const& e, std::optional<double> now,
                 std::optional<double> base, std::string const& at, std::string const& now_at,
                 std::string const& base_at) {
    if (!e.delta || !now || !base || !same_rows_ || !differ(*e.delta, *now - *base, 3)) return;
    say("delta",
        fmt::format("the effect of `{}` is {}, its score less the baseline's is {}", id(arm),
                    points(*e.delta), points(*now - *base)),
        {{at + "/delta", e.delta}, {now_at, now}, {base_at, base}});
  }

  void deltas(std::size_t arm) {
    auto const &a = data_.arms[arm], &b = data_.arms.front();
    if (a.effect)
      one_delta(arm, *a.effect, a.score, b.score, pointer({"effect_sizes", a.id, "aggregate"}),
                pointer({"test_set_aggregate", a.id}), pointer({"test_set_aggregate", b.id}));
    for (auto const& [slice, e] : a.slice_effects) {
      auto const now = a.slice_scores.find(slice), base = b.slice_scores.find(slice);
      if (now != a.slice_scores.end() && base != b.slice_scores.end())
        one_delta(arm, e, now->second, base->second, pointer({"effect_sizes", a.id, "per_slice", slice}),
                  pointer({"test_set_per_slice", a.id, slice}), pointer({"test_set_per_slice", b.id, slice}));
    }
  }

  // Slices of one column hold every row once, so the whole is their mean, weighted by rows; without rows it
  // lies between the least and the greatest.
  void whole_and_parts(std::string const& id, std::string const& what, double whole, std::string const& at,
                       std::vector<std::pair<ImportedSlice const*, double>> const& parts,
                       std::vector<std::string> const& paths,
                       std::vector<std::optional<double>> const& rows) {
    std::vector<Side> sides{{at, whole}};
    double least = 2, most = -2, sum = 0, weight = 0;
    bool const weighted = std::all_of(rows.begin(), rows.end(), [](auto const& n) { return n && *n > 0; });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sides.push_back({paths[i], parts[i].second});
      least = std::min(least, parts[i].second);
      most = std::max(most, parts[i].second);
      if (weighted) sum += parts[i].second * *rows[i], weight += *rows[i];
    }
    if (weighted && differ(whole, sum / weight, 2))
      say(id,
          fmt::format("{} is {:.4g}, its slices weighted by their rows give {:.4g}", what, whole,
                      sum / weight),
          std::move(sides));
    else if (!weighted && (whole < least - 2 * half_ - 1e-9 || whole > most + 2 * half_ + 1e-9))
      say(id, fmt::format("{} is {:.4g}, outside of its slices' {:.4g} to {:.4g}", what, whole, least, most),
          std::move(sides));
  }

  void score_within_slices(std::size_t arm) {
    auto const& a = data_.arms[arm];
    if (!a.score || !same_rows_) return;
    for (auto const& [column, slices] : columns_) {
      std::vector<std::pair<ImportedSlice const*, double>> parts;
      std::vector<std::string> paths;
      std::vector<std::optional<double>> rows;
      for (auto const* slice : slices)
        if (auto const it = a.slice_scores.find(slice->id); it != a.slice_scores.end()) {
          parts.emplace_back(slice, it->second);
          paths.push_back(pointer({"test_set_per_slice", a.id, slice->id}));
          rows.push_back(slice->rows);
        }
      if (!parts.empty() && parts.size() == slices.size())
        whole_and_parts("slice-scores", fmt::format("the score of `{}`", a.id), *a.score,
                        pointer({"test_set_aggregate", a.id}), parts, paths, rows);
    }
  }

  void delta_within_slices(std::size_t arm) {
    auto const& a = data_.arms[arm];
    if (!a.effect || !a.effect->delta) return;
    for (auto const& [column, slices] : columns_) {
      std::vector<std::pair<ImportedSlice const*, double>> parts;
      std::vector<std::string> paths;
      std::vector<std::optional<double>> rows;
      for (auto const* slice : slices)
        if (auto const it = a.slice_effects.find(slice->id);
            it != a.slice_effects.end() && it->second.delta) {
          parts.emplace_back(slice, *it->second.delta);
          paths.push_back(pointer({"effect_sizes", a.id, "per_slice", slice->id, "delta"}));
          rows.push_back(it->second.rows ? it->second.rows : slice->rows);
        }
      if (!parts.empty() && parts.size() == slices.size())
        whole_and_parts("slice-effects", fmt::format("the effect of `{}`", a.id), *a.effect->delta,
                        pointer({"effect_sizes", a.id, "aggregate", "delta"}), parts, paths, rows);
    }
  }

  void one_interval(std::size_t arm, ImportedEffect const& e, std::optional<double> rows,
                    std::string const& at, std::string const& where) {
    if (!e.ci_low || !e.ci_high || !e.delta) return;
    if (*e.delta < *e.ci_low - 2 * half_ - 1e-9 || *e.delta > *e.ci_high + 2 * half_ + 1e-9)
      say("interval",
          fmt::format("the effect of `{}`{} is {}, outside of its interval [{}, {}]", id(arm), where,
                      points(*e.delta), points(*e.ci_low), points(*e.ci_high)),
          {{at + "/delta", e.delta}, {at + "/ci_low", e.ci_low}, {at + "/ci_high", e.ci_high}});
    if (data_.own || !rows || *rows < 1) return;
    // Rows that are won or lost as a whole cannot vary less than this, however few of them differ.
    auto const d = std::abs(*e.delta);
    auto const least = 1.96 * std::sqrt(d * (1 - d) / *rows);
    auto const half = (*e.ci_high - *e.ci_low) / 2;
    if (half >= least - half_) return;
    auto const noise = noise_of(data_, arm);
    // The trials' noise was measured on all rows; on fewer it is larger.
    auto const part = data_.test_rows ? std::sqrt(*data_.test_rows / *rows) : 1;
    auto const trials = noise ? 1.96 * std::sqrt(2.0) * noise->floor * part : 0;
    say("narrow-interval",
        fmt::format(
            "the interval of `{}`{} is +-{:.1f}pp, while {:.0f} rows that are right or wrong give +-{:.1f}pp "
            "or more{}: it seems to leave out which rows were sampled",
            id(arm), where, half * 100, *rows, least * 100,
            trials > 0 ? fmt::format(", and the trials' noise alone +-{:.1f}pp", trials * 100) : ""),
        {{at + "/ci_low", e.ci_low}, {at + "/ci_high", e.ci_high}});
  }

  void intervals(std::size_t arm) {
    auto const& a = data_.arms[arm];
    if (a.effect)
      one_interval(arm, *a.effect, data_.test_rows, pointer({"effect_sizes", a.id, "aggregate"}), "");
    for (auto const& slice : data_.slices)
      if (auto const it = a.slice_effects.find(slice.id); it != a.slice_effects.end())
        one_interval(arm, it->second, slice.rows, pointer({"effect_sizes", a.id, "per_slice", slice.id}),
                     " on " + slice.id);
  }

  void trials(std::size_t arm) {
    auto const& a = data_.arms[arm];
    if (a.trials.empty()) return;
    auto const at = pointer({"variance_trials", a.id});
    double mean = 0;
    for (auto const x : a.trials) mean += x / static_cast<double>(a.trials.size());
    if (a.score && differ(*a.score, mean, 2))
      say("trials",
          fmt::format("the score of `{}` is {:.4g}, the mean of its trials is {:.4g}", a.id, *a.score, mean),
          {{pointer({"test_set_aggregate", a.id}), a.score}, {at, mean}});
    if (data_.trials && static_cast<double>(a.trials.size()) != *data_.trials)
      say("trials",
          fmt::format("`{}` has {} trials, the experiment says {:.0f}", a.id, a.trials.size(), *data_.trials),
          {{at, static_cast<double>(a.trials.size())}, {"/experiment/trials_per_arm", data_.trials}});
  }

  void counts(std::size_t arm) {
    auto const& a = data_.arms[arm];
    if (!data_.test_rows) return;
    for (auto const& [category, n] : a.counts)
      if (n > *data_.test_rows + 1e-9)
        say("counts",
            fmt::format("`{}` counts {:.4g} rows of {}, the test has {:.0f}", a.id, n, category,
                        *data_.test_rows),
            {{pointer({"failure_modes", "test_set_counts", a.id, category}), n},
             {"/experiment/test_set_n", data_.test_rows}});
  }

  void slice_rows() {
    if (!data_.test_rows) return;
    for (auto const& [column, slices] : columns_) {
      double sum = 0;
      bool known = true;
      std::vector<Side> sides{{"/experiment/test_set_n", data_.test_rows}};
      for (auto const* slice : slices) {
        known = known && slice->rows;
        sum += slice->rows.value_or(0);
        sides.push_back({slice->rows_from, slice->rows});
      }
      // Rows that were left out of an arm's effect are in no slice's count.
      double left_out = 0;
      for (auto const& arm : data_.arms)
        if (arm.effect) left_out = std::max(left_out, arm.effect->excluded);
      if (known && (sum > *data_.test_rows || sum + left_out < *data_.test_rows))
        say("slice-rows",
            fmt::format("the slices have {:.0f} rows together, the test has {:.0f}", sum, *data_.test_rows),
            std::move(sides));
    }
  }

  void recorded_p() {
    // By the file's own rule.
    bool const at_limit = data_.rule && at_threshold(*data_.rule);
    std::vector<double> p;
    for (std::size_t arm = 1; arm < data_.arms.size(); ++arm) {
      auto const& a = data_.arms[arm];
      if (a.control) continue;
      auto const again = p_of(a, false);
      p.push_back(p_of(a, at_limit).value_or(1));
      if (a.p && again && std::abs(*a.p - *again) > 1e-9)
        say("p",
            fmt::format("the p of `{}` is recorded as {:.3g}, its interval gives {:.3g}", a.id, *a.p, *again),
            {{pointer({"arm_verdicts", a.id, "p"}), a.p},
             {pointer({"arm_verdicts", a.id, "interval"}), again}});
      if (a.interval && a.effect && a.effect->ci_low && a.interval->df > 0) {
        auto const t = stats::student_quantile(0.975, a.interval->df);
        auto const low = std::max(-1.0, a.interval->centre - t * a.interval->se);
        if (std::abs(low - *a.effect->ci_low) > 1e-9)
          say("interval",
              fmt::format("the low end of `{}` is {}, its interval's parts give {}", a.id,
                          points(*a.effect->ci_low), points(low)),
              {{pointer({"effect_sizes", a.id, "aggregate", "ci_low"}), a.effect->ci_low},
               {pointer({"arm_verdicts", a.id, "interval"}), low}});
      }
    }
    auto const holm = stats::holm(p);
    std::size_t next = 0;
    for (std::size_t arm = 1; arm < data_.arms.size(); ++arm) {
      auto const& a = data_.arms[arm];
      if (a.control) continue;
      auto const again = holm[next++];
      // Over traffic it is the p of another effect.
      if (data_.rule && data_.rule->over) continue;
      if (a.p_holm && p_of(a, at_limit) && std::abs(*a.p_holm - again) > 1e-9)
        say("p",
            fmt::format("the adjusted p of `{}` is recorded as {:.3g}, Holm over {} arms gives {:.3g}", a.id,
                        *a.p_holm, p.size(), again),
            {{pointer({"arm_verdicts", a.id, "p_holm"}), a.p_holm}});
    }
  }

  void weights() {
    if (data_.categories.size() < 2) return;
    auto const& first = *std::max_element(data_.categories.begin(), data_.categories.end(),
                                          [](auto const& a, auto const& b) { return a.weight < b.weight; });
    std::vector<Side> sides;
    std::string names;
    for (std::size_t i = 0; i < data_.categories.size(); ++i)
      if (data_.categories[i].weight == first.weight) {
        sides.push_back({pointer({"failure_modes", "categories", std::to_string(i), "severity_weight"}),
                         data_.categories[i].weight});
        names += (names.empty() ? "`" : " and `") + data_.categories[i].id + "`";
      }
    if (sides.size() > 1)
      say("weights",
          fmt::format("{} have the greatest weight, {:.4g}: only the first is the most severe category",
                      names, first.weight),
          std::move(sides));
  }

  void threshold() {
    // A relative one stands there in points, as it came out.
    if (!data_.threshold_pct || (data_.rule && data_.rule->relative)) return;
    auto const said = percentages(data_.threshold_rule);
    if (said.empty() || std::any_of(said.begin(), said.end(),
                                    [&](double x) { return std::abs(x - *data_.threshold_pct) < 1e-9; }))
      return;
    say("threshold",
        fmt::format("the threshold is {:.4g}, and the rule in words names {:.4g} but never that",
                    *data_.threshold_pct, said.front()),
        {{"/experiment/threshold_pct", data_.threshold_pct}, {"/experiment/threshold_rule", said.front()}});
  }

  void verdict() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < data_.killed.size(); ++i) {
      auto const& name = data_.killed[i];
      auto const at = pointer({"verdict", "killed", std::to_string(i)});
      bool const again = !seen.insert(name).second;
      if (data_.winner == name && !again)
        say("winner-killed", fmt::format("`{}` is the winner and is killed", name),
            {{"/verdict/winner", {}}, {at, {}}});
      if (again) say("killed-twice", fmt::format("`{}` is killed twice", name), {{at, {}}});
      if (name == data_.arms.front().id)
        say("baseline-killed", fmt::format("the baseline `{}` is killed", name),
            {{at, {}}, {"/arms/0/id", {}}});
    }
    if (data_.winner == data_.arms.front().id)
      say("baseline-wins", fmt::format("the baseline `{}` is the winner", *data_.winner),
          {{"/verdict/winner", {}}, {"/arms/0/id", {}}});
  }

  Imported const& data_;
  double half_ = 0.5;
  // Scores of arms and effects of pairs are over the same rows only if none was left out.
  bool same_rows_ = true;
  std::map<std::string, std::vector<ImportedSlice const*>> columns_;
  std::vector<Finding> out_;
};

}  // namespace

std::vector<Finding> lint(Imported const& data) {
  return Lint(data).find();
}

}  // namespace itera::verdict
