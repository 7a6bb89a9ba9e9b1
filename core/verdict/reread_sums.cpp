#include <cmath>

#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/verdict/reread_clauses.hpp"

namespace itera::verdict {
namespace {

constexpr double kShown = 0.05;

// Nothing if a count is missing.
std::optional<double> sum_of(Imported const& data, std::size_t arm) {
  double out = 0;
  for (auto const& category : data.categories) {
    auto const it = data.arms[arm].counts.find(category.id);
    if (it == data.arms[arm].counts.end()) return std::nullopt;
    out += category.weight * it->second;
  }
  return out;
}

double tags(Imported const& data, std::size_t arm) {
  double out = 0;
  for (auto const& [category, count] : data.arms[arm].counts) out += count;
  return out;
}

std::vector<std::string> paths(Imported const& data, std::size_t arm, std::size_t other) {
  return {pointer({"failure_modes", "test_set_counts", data.arms[arm].id}),
          pointer({"failure_modes", "test_set_counts", data.arms[other].id})};
}

// Sums of rounded decimals: what differs by less is equal.
bool above(double a, double b) {
  return a > b + 1e-9 * std::max(1.0, std::abs(b));
}

bool by_harm(Imported const& data, spec::ShipRule const& rule) {
  ImportedCategory const* top = nullptr;
  for (auto const& category : data.categories)
    if (!top || category.weight > top->weight) top = &category;
  return top && mode_of(rule, top->id) == spec::SliceMode::harm;
}

bool applies(Imported const& data, RereadRule const& rule) {
  return rule.registered && data.sum_clause && data.categories.size() > 1;
}

}  // namespace

spec::SliceMode mode_of(spec::ShipRule const& rule, std::string const& category) {
  for (auto const& c : rule.categories)
    if (c.category.value == category) return c.mode;
  return spec::SliceMode::point;
}

void judge_rise(RereadClause& clause, std::optional<double> p_rise) {
  clause.status = p_rise ? std::optional(pass_if(*p_rise >= kShown)) : std::nullopt;
  clause.evidence += p_rise ? fmt::format(", exact p of a rise {:.2g}", *p_rise)
                            : std::string("; no exact p of the rise, which takes the rows");
}

std::optional<RereadClause> reread_sum(Imported const& data, RereadRule const& rule, std::size_t arm) {
  if (!applies(data, rule)) return std::nullopt;
  bool const harm = by_harm(data, rule.rule);
  RereadClause out;
  out.check = "C5";
  out.clause = fmt::format("{} does not rise{}", plan::kSeveritySum, harm ? " by harm" : "");
  auto const now = sum_of(data, arm), before = sum_of(data, 0);
  out.from = paths(data, arm, 0);
  if (!now || !before) {
    out.evidence = fmt::format("not every count stands in {}", out.from[now ? 1 : 0]);
    return out;
  }
  bool const rises = above(*now, *before);
  out.status = pass_if(!rises);
  out.evidence = fmt::format("{:.4g} -> {:.4g}", *before, *now);
  if (rises && harm) judge_rise(out, data.arms[arm].sum_rise);
  bool const graver = tags(data, 0) == 0 || above(*now * tags(data, 0), *before * tags(data, arm));
  if (rule.rule.effect.num <= 0 && out.status != CheckStatus::pass && !graver) {
    out.status = CheckStatus::pass;
    out.evidence += ": more failures, which the margin allows, and no graver ones";
  }
  return out;
}

std::optional<RereadClause> reread_milder(Imported const& data, RereadRule const& rule, std::size_t arm,
                                          std::vector<std::size_t> const& shipping) {
  if (!applies(data, rule)) return std::nullopt;
  auto const least = threshold_of(data, rule.rule);
  auto const effect = effect_of(data, arm).delta;
  auto const own = sum_of(data, arm);
  for (auto const other : shipping) {
    auto const theirs = effect_of(data, other).delta;
    auto const sum = sum_of(data, other);
    if (other == arm || !least || !effect || !theirs || !own || !sum) continue;
    if (std::abs(*effect - *theirs) >= std::abs(*least) - kSlack || !above(*own, *sum)) continue;
    if (!above(*own * tags(data, other), *sum * tags(data, arm))) continue;
    bool const harm = by_harm(data, rule.rule);
    RereadClause out;
    out.check = "C5";
    out.clause = fmt::format("{} does not lie above that of `{}`, an arm within the threshold{}",
                             plan::kSeveritySum, data.arms[other].id, harm ? " by harm" : "");
    out.evidence = fmt::format("{:.4g} against {:.4g}", *own, *sum);
    out.from = paths(data, arm, other);
    if (harm)
      judge_rise(out, std::nullopt);
    else
      out.status = CheckStatus::fail;
    return out;
  }
  return std::nullopt;
}

}  // namespace itera::verdict
