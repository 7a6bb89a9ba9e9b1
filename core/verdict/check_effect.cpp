// C1 to C3: the effect, held against the threshold, the noise and chance.
#include <fmt/format.h>

#include "core/plan/rule_text.hpp"
#include "core/verdict/checks.hpp"
#include "core/verdict/contrast.hpp"

namespace itera::verdict {
namespace {

using plan::points;

CheckStatus pass_if(bool ok) {
  return ok ? CheckStatus::pass : CheckStatus::fail;
}

std::string least(plan::Plan const& plan) {
  return plan::threshold(plan.rule.effect, plan.rule.relative) +
         (plan.rule.relative ? " of the baseline's score" : "");
}

std::string share(double fraction) {
  auto const text = fmt::format("{:+.1f}%", fraction * 100);
  return text == "-0.0%" ? "+0.0%" : text;
}

// "; lift +33.3% [+4.0%, +85.1%] (Fieller)"
std::string lift(Measurement const& m) {
  if (!m.lift || m.lift->status == stats::Lift::Status::undefined) return {};
  return fmt::format("; lift {} {} (Fieller)", share(m.lift->lift),
                     m.lift->status == stats::Lift::Status::unbounded
                         ? std::string("without bounds")
                         : fmt::format("[{}, {}]", share(m.lift->ci.low), share(m.lift->ci.high)));
}

// " (exact sign-flip 0.012, unadjusted; Tango [+3.1pp, +9.2pp])": what other methods say.
std::string beside(Measurement const& m, bool at_threshold) {
  std::vector<std::string> out;
  // Signs are only as likely as each other if there is no effect at all.
  if (m.sign_flip && !at_threshold)
    out.push_back(fmt::format("exact sign-flip {:.2g}, unadjusted", *m.sign_flip));
  if (m.tango) out.push_back(fmt::format("Tango [{}, {}]", points(m.tango->low), points(m.tango->high)));
  return out.empty() ? std::string() : fmt::format(" ({})", fmt::join(out, "; "));
}

bool has_distance(Measurement const& m) {
  return m.to_threshold && m.to_threshold->ci && stats::has_interval(m.paired.status);
}

}  // namespace

Check check_effect(plan::Plan const& plan, Measurement const& m) {
  auto const& rule = plan.rule;
  Check out{"C1",
            fmt::format("effect on {}{} >= {}{}", plan.metric, plan::over(plan), least(plan),
                        rule.strict ? " by interval" : ""),
            pass_if(at_least(m, rule.effect, rule.relative)), describe(m)};
  if (rule.relative && !m.rows.empty() && m.baseline_total == 0) {
    out.status = CheckStatus::unproven;
    out.evidence += "; the baseline scores 0, and of that there is no share: n/a";
    return out;
  }
  out.evidence += lift(m);
  if (!rule.strict) return out;
  // The bound itself is reached.
  out.status = pass_if(has_distance(m) && m.to_threshold->ci->low >= 0);
  if (has_distance(m) && (rule.relative || out.status == CheckStatus::fail))
    out.evidence +=
        fmt::format("; the low end lies {} from {}", points(m.to_threshold->ci->low), least(plan));
  return out;
}

Check check_noise(plan::Plan const& plan, Measurement const& m) {
  Check out{"C2",
            non_inferiority(plan) ? fmt::format("effect - ({}) >= 2 x noise floor", least(plan))
                                  : std::string("effect >= 2 x noise floor"),
            CheckStatus::unproven, "fewer than 3 trials: the noise floor proves nothing"};
  if (!m.noise || !m.noise->enough_trials) return out;
  auto const floor = m.noise->s_noise;
  auto const distance = over_noise(plan, m);
  // What cancels in the last bit is still on the bound.
  out.status = pass_if(distance >= 2 * floor - 1e-12);
  out.evidence =
      floor == 0 ? fmt::format("{}; the noise floor is zero: power, not noise, is binding", points(distance))
                 : fmt::format("{} against 2 x {:.2f}pp", points(distance), floor * 100);
  return out;
}

Check check_evidence(plan::Plan const& plan, Measurement const& m, std::optional<double> p_adjusted,
                     double limit, std::optional<double> sign_flip_adjusted) {
  bool const at_threshold = tested_at_threshold(plan);
  Check out{"C3",
            fmt::format("evidence{}, one-sided p <= {:.3g}",
                        at_threshold ? fmt::format(" that the effect is above {}", least(plan)) : "", limit),
            CheckStatus::unproven, "no interval can be computed"};
  if (!p_adjusted || !has_distance(m)) return out;
  bool const harm = harm_shown(plan, m);
  bool const below = below_threshold_shown(m);
  out.status = harm || below          ? CheckStatus::fail
               : *p_adjusted <= limit ? CheckStatus::pass
                                      : CheckStatus::unproven;
  out.evidence = fmt::format("p {:.2g}", *p_adjusted) + beside(m, at_threshold);
  if (method_sensitive(plan, m, p_adjusted, sign_flip_adjusted, limit))
    out.evidence += fmt::format("; method-sensitive: by the exact sign-flip it would {}be shown",
                                *sign_flip_adjusted <= limit ? "" : "not ");
  if (harm)
    out.evidence += "; harm is shown: the whole interval lies below zero";
  else if (below)
    out.evidence += fmt::format("; the whole interval lies below {}", least(plan));
  else if (out.status == CheckStatus::unproven) {
    auto const could = detectable(plan, m);
    out.evidence += could ? fmt::format("; on these rows {}{} or more could have been shown", points(*could),
                                        at_threshold ? " above it" : "")
                          : std::string("; on these rows nothing could have been shown");
  } else if (non_inferiority(plan) && m.paired.ci_high < 0)
    out.evidence += "; a loss is shown, and it lies within what the rule allows";
  return out;
}

}  // namespace itera::verdict
