#include "core/verdict/categories.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

constexpr double kShown = 0.05;

bool at_least_one_failure(Tally const& tally, Measurement const& m, std::size_t arm, std::size_t against) {
  for (auto const row : m.rows)
    for (std::uint32_t k = 0; k < tally.trials; ++k)
      if (std::min(tally.arms[against].scores[row * tally.trials + k],
                   tally.arms[arm].scores[row * tally.trials + k]) < run::kScoreUnit)
        return true;
  return false;
}

// Trials of a row that were tagged, of at most all of them.
std::int64_t tagged(Tally const& tally, std::size_t arm, std::size_t category, std::size_t row) {
  return std::min<std::int64_t>(tally.arms[arm].failures[category][row], tally.trials);
}

// Unbiased variance of one trial's 0 or 1 inside a row of which `count` trials are 1.
double within(std::int64_t count, std::uint32_t trials) {
  if (trials < 2) return 0;
  double const share = static_cast<double>(count) / trials;
  return share * (1 - share) * trials / (trials - 1.0);
}

std::vector<int> clusters_of(Tally const& tally, Measurement const& m) {
  std::vector<int> out;
  if (!tally.clusters.empty())
    for (auto const row : m.rows) out.push_back(tally.clusters[row]);
  return out;
}

void test_exactly(CategoryResult& out, std::vector<std::int64_t> d, std::vector<int> const& clusters) {
  std::int64_t unit = 0;
  for (auto const v : d) unit = std::gcd(unit, v);
  if (unit > 0)
    for (auto& v : d) v /= unit;
  out.total = std::accumulate(d.begin(), d.end(), std::int64_t{0});
  if (auto const exact = stats::sign_flip_exact(d, clusters)) {
    out.p_rise = exact->one_sided;
    out.p_two_sided = exact->two_sided;
  }
}

CategoryResult one_category(Tally const& tally, std::size_t arm, std::size_t category, Measurement const& m,
                            std::size_t against, std::vector<int> const& clusters) {
  CategoryResult out;
  out.of_rows = m.rows.size();
  std::vector<double> d;
  std::vector<std::int64_t> whole;
  std::int64_t now = 0, before = 0;
  double noise = 0;
  for (auto const row : m.rows) {
    auto const a = tagged(tally, arm, category, row), b = tagged(tally, against, category, row);
    now += a;
    before += b;
    noise += within(a, tally.trials) + within(b, tally.trials);
    whole.push_back(a - b);
    d.push_back(static_cast<double>(a - b) / tally.trials);
  }
  out.now = static_cast<double>(now) / tally.trials;
  out.before = static_cast<double>(before) / tally.trials;
  if (!d.empty()) noise /= static_cast<double>(d.size());
  out.rate = stats::paired_effect({d, {}, clusters, noise, static_cast<int>(tally.trials), {}});
  test_exactly(out, std::move(whole), clusters);
  return out;
}

// The weights as whole numbers of one common unit.
std::vector<std::int64_t> whole_weights(plan::Plan const& plan, std::int64_t& unit) {
  unit = 1;
  for (auto const& category : plan.categories) unit = std::lcm(unit, category.weight.den);
  std::vector<std::int64_t> out;
  for (auto const& category : plan.categories)
    out.push_back(category.weight.num * (unit / category.weight.den));
  return out;
}

CategoryResult weighted_sum(plan::Plan const& plan, Tally const& tally, std::size_t arm, Measurement const& m,
                            std::size_t against, std::vector<int> const& clusters) {
  CategoryResult out;
  out.of_rows = m.rows.size();
  std::int64_t unit = 1;
  auto const weights = whole_weights(plan, unit);
  std::vector<std::int64_t> d;
  std::int64_t now = 0, before = 0;
  for (auto const row : m.rows) {
    std::int64_t a = 0, b = 0;
    for (std::size_t c = 0; c < weights.size(); ++c) {
      a += weights[c] * tagged(tally, arm, c, row);
      b += weights[c] * tagged(tally, against, c, row);
    }
    now += a;
    before += b;
    d.push_back(a - b);
  }
  auto const scale = static_cast<double>(unit) * tally.trials;
  out.now = static_cast<double>(now) / scale;
  out.before = static_cast<double>(before) / scale;
  test_exactly(out, std::move(d), clusters);
  return out;
}

double tags(Tally const& tally, std::size_t arm, Measurement const& m) {
  std::int64_t out = 0;
  for (auto const row : m.rows)
    for (std::size_t c = 0; c < tally.arms[arm].failures.size(); ++c) out += tagged(tally, arm, c, row);
  return static_cast<double>(out);
}

std::string p_words(CategoryResult const& result) {
  return result.p_rise ? fmt::format("exact p of a rise {:.2g}", *result.p_rise)
                       : std::string("no exact p: the sums are too large");
}

// Whether a failure of the arm weighs more than one of the baseline, on average.
bool graver(CategoryResults const& results) {
  double now = 0, before = 0;
  for (auto const& category : results.categories) now += category.now, before += category.before;
  return before == 0 || results.sum->now * before > results.sum->before * now * (1 + 1e-12);
}

CheckStatus judge(CategoryResult const& result, spec::SliceMode mode) {
  if (result.total <= 0) return CheckStatus::pass;
  if (mode == spec::SliceMode::point) return CheckStatus::fail;
  if (!result.p_rise) return CheckStatus::unproven;
  return *result.p_rise < kShown ? CheckStatus::fail : CheckStatus::pass;
}

Check check_of(std::string const& name, CategoryResult const& result, spec::SliceMode mode, bool sum) {
  Check out{"C5", fmt::format("{} does not rise{}", name, plan::rise_words(mode)), judge(result, mode),
            sum ? fmt::format("{:.4g} -> {:.4g}", result.before, result.now)
                : fmt::format("{:.4g} -> {:.4g} of {} rows", result.before, result.now, result.of_rows)};
  // A count that stays needs no test, and one that falls shows no rise.
  if (result.total > 0) out.evidence += fmt::format(", {}", p_words(result));
  if (result.total > 0 && out.status == CheckStatus::pass) out.evidence += ": a rise is seen and not shown";
  return out;
}

}  // namespace

CategoryResults measure_categories(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                   Measurement const& m, std::size_t against) {
  CategoryResults out;
  auto const clusters = clusters_of(tally, m);
  bool tags = false;
  for (std::size_t c = 0; c < plan.categories.size(); ++c) {
    out.categories.push_back(one_category(tally, arm, c, m, against, clusters));
    tags = tags || out.categories.back().now + out.categories.back().before > 0;
  }
  if (plan.categories.size() > 1) out.sum = weighted_sum(plan, tally, arm, m, against, clusters);
  out.untagged = !plan.categories.empty() && !tags && at_least_one_failure(tally, m, arm, against);
  return out;
}

std::vector<Check> check_categories(plan::Plan const& plan, CategoryResults const& results) {
  std::vector<Check> out;
  auto const* top = plan::heaviest(plan);
  for (std::size_t c = 0; c < plan.categories.size(); ++c) {
    auto const& category = plan.categories[c];
    auto const named = std::any_of(plan.rule.categories.begin(), plan.rule.categories.end(),
                                   [&](auto const& x) { return x.category.value == category.name; });
    if (&category == top || named)
      out.push_back(
          check_of(category.name, results.categories[c], plan::mode_of(plan, category.name), false));
  }
  if (results.sum) {
    out.push_back(
        check_of(std::string(plan::kSeveritySum), *results.sum, plan::mode_of(plan, top->name), true));
    // The margin of non-inferiority allows more failures, and not graver ones.
    auto& sum = out.back();
    if (non_inferiority(plan) && sum.status != CheckStatus::pass && !graver(results)) {
      sum.status = CheckStatus::pass;
      sum.evidence += ": more failures, which the margin allows, and no graver ones";
    }
  }
  if (out.empty())
    out.push_back({"C5", "failure categories", CheckStatus::not_applicable, "none is registered"});
  // Counts of a judge that names no category are all zero, which shows nothing.
  if (results.untagged)
    for (auto& c : out)
      c.status = CheckStatus::not_applicable, c.evidence = "the judge named no category for any failed row";
  return out;
}

std::optional<Check> milder_arm(plan::Plan const& plan, Tally const& tally, std::size_t arm,
                                std::vector<std::size_t> const& shipping) {
  if (plan.categories.size() < 2) return std::nullopt;
  std::vector<std::size_t> rows(tally.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  auto const mode = plan::mode_of(plan, plan::heaviest(plan)->name);
  for (auto const other : shipping) {
    if (other == arm) continue;
    auto const m = measure(plan, tally, arm, rows, std::nullopt, other);
    if (m.rows.empty()) continue;
    auto const gap = std::abs(m.paired.effect);
    auto const within_threshold = plan.rule.relative
                                      ? gap < to_double(plan.rule.effect) * m.baseline_score.value_or(0)
                                      : gap < std::abs(to_double(plan.rule.effect)) - 1e-12;
    if (!within_threshold) continue;
    auto const sum = weighted_sum(plan, tally, arm, m, other, clusters_of(tally, m));
    if (judge(sum, mode) != CheckStatus::fail) continue;
    // More failures of the same kinds are a smaller effect, which the ranking sees; a shift makes them
    // heavier.
    if (sum.now * tags(tally, other, m) <= sum.before * tags(tally, arm, m) * (1 + 1e-12)) continue;
    return Check{"C5",
                 fmt::format("{} does not lie above that of `{}`, an arm within the threshold{}",
                             plan::kSeveritySum, plan.arms[other].name, plan::rise_words(mode)),
                 CheckStatus::fail,
                 fmt::format("{:.4g} against {:.4g} at {} {}, {}", sum.now, sum.before,
                             plan::points(m.paired.effect), "of effect between them", p_words(sum))};
  }
  return std::nullopt;
}

}  // namespace itera::verdict
