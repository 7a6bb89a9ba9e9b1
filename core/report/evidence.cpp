#include "core/report/evidence.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/plan/plan_json.hpp"
#include "core/plan/rule_text.hpp"
#include "core/report/evidence_parts.hpp"
#include "core/report/evidence_severity.hpp"
#include "core/report/split_json.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;
using verdict::Tally;

Json number(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

std::string slice_id(verdict::SliceResult const& s) {
  return s.column + "=" + s.value;
}

Json cost_per_1k(Tally const* tally, std::size_t arm) {
  auto const mean = tally ? verdict::steady_mean(tally->arms[arm].cost_usd) : std::nullopt;
  return mean ? Json(1000 * *mean) : Json();
}

// An arm is dominated by another that may ship, scores no less, costs no more, and is better in one of the
// two; what no arm dominates is the Pareto front. Null where a score or a cost is not known.
Json dominated_by(Evidence const& e, std::size_t arm) {
  auto const& tally = e.test ? *e.test : e.dev;
  auto const score = [&](std::size_t i) { return verdict::mean_score(tally, i); };
  auto const cost = [&](std::size_t i) { return cost_per_1k(&tally, i); };
  Json out = Json::array();
  for (std::size_t i = 0; i < e.plan.arms.size(); ++i) {
    if (!score(i) || cost(i).is_null()) return nullptr;
    if (e.plan.arms[i].control) continue;
    bool const no_worse = *score(i) >= *score(arm) && cost(i) <= cost(arm);
    if (no_worse && (*score(i) > *score(arm) || cost(i) < cost(arm))) out.push_back(e.plan.arms[i].name);
  }
  return out;
}

Json per_1k(std::optional<double> mean) {
  return mean ? Json(1000 * *mean) : Json();
}

// The newest recording that answers came from; null if every call was made.
Json replayed_json(plan::Ledger const& ledger) {
  auto const* entry = ledger.last("replayed");
  return entry ? Json::parse(entry->body_json) : Json();
}

// The summary, and where its answers come from. Its end stays its end: a signature looks for it there.
std::string with_source(std::string summary, std::string const& end, plan::Ledger const& ledger) {
  auto const replayed = replayed_json(ledger);
  if (replayed.is_null()) return summary;
  auto const at =
      !end.empty() && summary.ends_with(" " + end) ? summary.size() - end.size() - 1 : summary.size();
  return summary.insert(at, fmt::format(" Answers come from a recording that was begun at {}, not from calls "
                                        "of this run.",
                                        replayed.value("begun", "")));
}

Json arms_json(Evidence const& e) {
  Json out = Json::array();
  for (std::size_t i = 0; i < e.plan.arms.size(); ++i) {
    auto const& arm = e.plan.arms[i];
    out.push_back({{"id", arm.name},
                   {"name", arm.name},
                   {"cost_per_1k_usd", cost_per_1k(e.test ? e.test : &e.dev, i)},
                   {"cost_first_call_usd", number((e.test ? e.test : &e.dev)->arms[i].cost_usd.first)},
                   {"billed_per_1k_usd", per_1k(verdict::billed_mean((e.test ? e.test : &e.dev)->arms[i]))},
                   {"dominated_by", dominated_by(e, i)},
                   {"baseline", arm.baseline},
                   {"control", arm.control},
                   {"from", arm.parent},
                   {"summary", arm.summary},
                   {"ref", arm.ref},
                   {"changed", arm.changed},
                   {"deterministic", arm.deterministic},
                   {"plugin", arm.actor.info.short_name},
                   {"version", arm.actor.info.version}});
  }
  return out;
}

Json trials_json(plan::Plan const& plan, Tally const& tally) {
  Json out = Json::object();
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    Json means = Json::array();
    for (std::uint32_t k = 0; k < tally.trials; ++k)
      means.push_back(number(verdict::pass_mean(tally, arm, k)));
    out[plan.arms[arm].name] = means;
  }
  return out;
}

Json endings_json(plan::Plan const& plan, Tally const& tally) {
  Json out = Json::object();
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    auto const& t = tally.arms[arm];
    out[plan.arms[arm].name] = {
        {"arm_errors", t.arm_errors}, {"judge_errors", t.judge_errors}, {"missing", t.missing}};
  }
  return out;
}

Json tango_json(verdict::Measurement const& m) {
  if (!m.tango) return nullptr;
  return {{"ci_low", m.tango->low}, {"ci_high", m.tango->high}};
}

Json checks_json(verdict::ArmVerdict const& arm) {
  Json out = Json::array();
  for (auto const& c : arm.checks)
    out.push_back(
        {{"id", c.id}, {"clause", c.clause}, {"status", to_string(c.status)}, {"evidence", c.evidence}});
  return out;
}

Json parts(stats::PairedEffect const& p) {
  return {{"centre", p.centre}, {"se", p.se},     {"df", p.df},
          {"groups", p.groups}, {"deff", p.deff}, {"c2", p.c2}};
}

// What is left without the failing slices, with all that decides on it.
Json narrow_json(Evidence const& e, verdict::ArmVerdict const& arm) {
  if (!arm.narrowed) return nullptr;
  auto const& m = *arm.narrowed;
  auto out = interval_json(m);
  out["p"] = number(m.p);
  out["limit"] = arm.narrow_limit;
  out["s_noise"] = m.noise && m.noise->enough_trials ? Json(m.noise->s_noise) : Json();
  out["c5"] = to_string(arm.narrowed_c5);
  out["weighted_delta"] = arm.narrowed_weighted ? Json(arm.narrowed_weighted->paired.effect) : Json();
  out["interval"] = parts(m.paired);
  out["against_threshold"] = threshold_json(e.plan, m);
  out["guards"] = to_string(arm.narrow_guards);
  out["counts"] = out["baseline_counts"] = Json::object();
  for (std::size_t c = 0; c < e.plan.categories.size(); ++c)
    for (auto const& [key, who] : {std::pair{"counts", arm.arm}, {"baseline_counts", std::size_t{0}}})
      out[key][e.plan.categories[c].name] =
          static_cast<double>(verdict::failure_count(*e.test, m, who, c)) / e.test->trials;
  return out;
}

Json rule_line(plan::RuleLine const& line) {
  auto const& term = line.term;
  Json out = {{"check", line.check}, {"text", line.text}, {"implied", line.implied}};
  out["kind"] = term.kind.empty() ? Json() : Json(term.kind);
  if (term.bound) out["threshold"] = to_string(*term.bound);
  if (term.bound && term.kind != "evidence") out["relative"] = term.relative;
  if (!term.mode.empty()) out["mode"] = term.mode;
  if (!term.subject.empty()) out[term.kind] = term.subject;
  if (!term.value.empty()) out["value"] = term.value;
  if (!term.over.empty()) out["over_traffic_of"] = term.over;
  return out;
}

Json dev_json(Evidence const& e) {
  Json effects = Json::object();
  std::vector<std::size_t> rows(e.dev.rows);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  Json scores = Json::object();
  for (std::size_t arm = 0; arm < e.plan.arms.size(); ++arm) {
    scores[e.plan.arms[arm].name] = number(verdict::mean_score(e.dev, arm));
    if (arm == 0) continue;
    auto const m = verdict::measure(e.plan, e.dev, arm, rows);
    auto entry = interval_json(m);
    entry["p_exploratory"] = number(m.p);
    entry["s_noise"] = m.noise ? Json(m.noise->s_noise) : Json();
    effects[e.plan.arms[arm].name] = entry;
  }
  return {{"n", e.dev.rows},
          {"scores", scores},
          {"trials", trials_json(e.plan, e.dev)},
          {"effects", effects},
          {"endings", endings_json(e.plan, e.dev)}};
}

// So that one report can point to what another one makes.
Json reports_json(plan::Plan const& plan) {
  Json out = Json::array();
  for (auto const& reporter : plan.reporters)
    out.push_back(
        {{"name", reporter.info.short_name}, {"settings", Json::parse(reporter.locked_json).at("settings")}});
  return out;
}

void add_test(Json& out, Evidence const& e) {
  auto const& plan = e.plan;
  auto const& test = *e.test;
  auto const& v = *e.verdict;
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm)
    out["test_set_aggregate"][plan.arms[arm].name] = number(verdict::mean_score(test, arm));
  out["variance_trials"] = trials_json(plan, test);
  out["endings"] = endings_json(plan, test);
  Json slices = Json::array();
  if (!v.arms.empty())
    for (auto const& s : v.arms.front().slices)
      slices.push_back({{"id", slice_id(s)},
                        {"name", slice_id(s)},
                        {"production_share", s.production_share},
                        {"major", s.major},
                        {"n", s.measured.rows.size()}});
  out["slices"] = slices;
  Json counts = Json::object();
  Json deltas = Json::object();
  for (auto const& arm : v.arms) {
    auto const name = plan.arms[arm.arm].name;
    auto& effects = out["effect_sizes"][name];
    effects["aggregate"] = interval_json(arm.measured);
    if (arm.against_parent) {
      effects["against_parent"] = interval_json(*arm.against_parent);
      effects["against_parent"]["parent"] = plan.arms[arm.arm].parent;
    }
    effects["over_traffic"] = over_traffic_json(plan, arm);
    effects["per_slice"] = Json::object();
    for (auto const& s : arm.slices) {
      auto entry = interval_json(s.measured);
      entry["status"] = to_string(s.status);
      // In score, so that it can be drawn; a relative one as it came out on these rows.
      entry["floor"] =
          s.floor ? Json(to_double(*s.floor) * (s.relative ? s.measured.baseline_score.value_or(0) : 1))
                  : Json();
      if (s.to_floor && s.to_floor->ci)
        entry["against_floor"] = {
            {"delta", s.to_floor->delta}, {"ci_low", s.to_floor->ci->low}, {"ci_high", s.to_floor->ci->high}};
      for (auto const& [mode, status] :
           {std::pair{"by_point", s.by_point}, {"by_interval", s.by_interval}, {"by_harm", s.by_harm}})
        entry[mode] = status ? Json(to_string(*status)) : Json();
      effects["per_slice"][slice_id(s)] = entry;
      out["test_set_per_slice"][name][slice_id(s)] = number(s.measured.arm_score);
      out["test_set_per_slice"][plan.baseline().name][slice_id(s)] = number(s.measured.baseline_score);
    }
    for (std::size_t c = 0; c < plan.categories.size(); ++c) {
      auto const& category = plan.categories[c].name;
      for (auto const a : {arm.arm, std::size_t{0}})
        if (auto const open = test.arms[a].undecided[c]; open > 0)
          out["failure_modes"]["undecided"][plan.arms[a].name][category] = open;
      auto const now = static_cast<double>(verdict::failure_count(test, arm.measured, arm.arm, c));
      auto const before = static_cast<double>(verdict::failure_count(test, arm.measured, 0, c));
      counts[name][category] = now / test.trials;
      counts[plan.baseline().name][category] = before / test.trials;
      deltas[name][category] = (now - before) / test.trials;
    }
    auto const& p = arm.measured.paired;
    out["arm_verdicts"][name] = {
        {"outcome", to_string(arm.decision.outcome)},
        {"decided_by", arm.decision.decided_by},
        {"clause_by_clause", clause_by_clause(plan, arm)},
        {"checks", checks_json(arm)},
        {"p", number(arm.measured.p)},
        {"p_holm", number(arm.p_holm)},
        {"p_sign_flip", number(arm.measured.sign_flip)},
        {"p_sign_flip_holm", number(arm.sign_flip_holm)},
        {"tango", tango_json(arm.measured)},
        {"method_sensitive", arm.method_sensitive},
        {"s_noise", decisive(arm).noise ? Json(decisive(arm).noise->s_noise) : Json()},
        {"interval", parts(p)},
        {"against_threshold", threshold_json(plan, arm.measured)},
        {"lift", lift_json(arm.measured)},
        {"guards", guards_json(arm.guards)},
        {"narrow", narrow_json(e, arm)},
        {"row_variance", arm.measured.row_variance},
        {"rows_needed", number(arm.rows_needed)},
        {"detectable", number(arm.detectable)},
        {"ships_for", arm.narrow_scope},
        {"kept", arm.narrow_scope.empty() ? Json() : interval_json(*arm.narrowed)},
        {"not_for", arm.narrow_excludes},
        {"gap", gap_json(arm)},
        {"spread", spread_json(arm)},
        {"remarks", remarks(plan, arm)}};
  }
  // A control that derives from an arm is held against that, not against the baseline.
  for (auto const& c : v.controls) {
    if (c.against != 0) continue;
    auto const& name = plan.arms[c.arm].name;
    auto& effects = out["effect_sizes"][name];
    effects = {{"aggregate", interval_json(c.measured)}, {"per_slice", Json::object()}};
    for (auto const& s : c.slices) {
      effects["per_slice"][s.id] = interval_json(s.measured);
      out["test_set_per_slice"][name][s.id] = number(s.measured.arm_score);
    }
  }
  out["controls"] = controls_json(plan, v);
  out["failure_modes"]["test_set_counts"] = counts;
  out["failure_modes"]["test_set_deltas"] = deltas;
  add_category_effects(out["failure_modes"], e);
}

}  // namespace

Json ledger_json(plan::Ledger const& ledger) {
  Json out = Json::array();
  for (auto const& entry : ledger.entries())
    out.push_back({{"seq", entry.seq},
                   {"kind", entry.kind},
                   {"digest", entry.digest},
                   {"body", Json::parse(entry.body_json)}});
  return out;
}

Json evidence_json(Evidence const& e) {
  auto const& plan = e.plan;
  Json categories = Json::array();
  for (auto const& c : plan.categories)
    categories.push_back({{"id", c.name},
                          {"name", c.description.empty() ? c.name : c.description},
                          {"severity_weight", to_double(c.weight)}});
  Json rule = Json::array();
  for (auto const& line : plan::rule_lines(plan)) rule.push_back(rule_line(line));
  Json out = {{"schema", 1},
              {"experiment",
               {{"name", plan.name},
                {"question", plan.question},
                {"hypothesis", plan.hypothesis},
                {"metric", plan.metric},
                {"origin", plan.origin},
                {"threshold_pct", threshold_points(plan, e.verdict)},
                {"threshold_rule", plan::written_rule(plan)},
                {"test_set_n", e.test ? Json(e.test->rows) : Json()},
                {"trials_per_arm", e.test ? e.test->trials : e.dev.trials}}},
              {"arms", arms_json(e)},
              {"judging_per_1k_usd", per_1k(verdict::judging_mean(e.test ? *e.test : e.dev))},
              {"replayed", replayed_json(e.ledger)},
              {"failure_modes",
               {{"registered_at_phase_2", true},
                {"categories", categories},
                {"test_set_counts", Json::object()},
                {"test_set_deltas", Json::object()}}},
              {"severity", severity_json(e)},
              {"split", split_json(e.ledger)},
              {"distribution", distribution_json(e.ledger)},
              {"reports", reports_json(plan)},
              {"rule", rule},
              {"dev", dev_json(e)},
              {"digests",
               {{"frame", plan::frame_digest(plan)},
                {"plan", plan::plan_digest(plan)},
                {"ledger", e.ledger.head()}}}};
  // Only where there are some, so that other documents stay as they are.
  if (!plan.secondaries.empty()) out["secondaries"] = secondaries_json(e);
  Json audit = Json::array();
  for (auto const& line : e.audit)
    audit.push_back({{"line", line.line}, {"answer", to_string(line.answer)}, {"evidence", line.evidence}});
  out["self_audit"] = audit;
  out["ledger"] = ledger_json(e.ledger);

  Json timing = Json::object();
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm)
    timing[plan.arms[arm].name] = latency_json(e.test ? *e.test : e.dev, arm);
  out["meta"] = {{"latency", timing}};

  if (e.test && e.verdict) {
    add_test(out, e);
    auto const& v = *e.verdict;
    Json killed = Json::array();
    for (auto const& arm : v.arms)
      if (arm.decision.outcome == verdict::Outcome::kill) killed.push_back(plan.arms[arm.arm].name);
    out["verdict"] = {{"outcome", to_string(v.outcome)},
                      {"winner", v.winner ? Json(plan.arms[v.arms[*v.winner].arm].name) : Json()},
                      {"killed", killed},
                      {"decided_by", v.decided_by},
                      {"deciding_clause", deciding_clause(plan, v)},
                      {"summary", with_source(summary(plan, v, e.audit),
                                              reservations(open_points(plan, v), e.audit), e.ledger)},
                      {"rationale", rationale(plan, v)},
                      {"ranking", ranking_json(plan, v)},
                      {"not_shown", not_shown(plan, v)},
                      {"open_points", open_points(plan, v)},
                      {"next", next_action(plan, v)}};
  } else if (e.blind) {
    out["verdict"] = {
        {"outcome", "inconclusive"},
        {"winner", nullptr},
        {"killed", Json::array()},
        {"decided_by", "blind"},
        {"deciding_clause", "blind: the test could not have shown an effect, and was not opened"},
        {"summary", with_source(summary_of_closed(plan, e.closed_because, kMoreSuchRows), {}, e.ledger)},
        {"rationale", e.closed_because},
        {"not_shown",
         "anything about the question: too few test rows would differ, which is not "
         "that there is no effect"},
        {"next", kMoreSuchRows}};
  } else {
    out["verdict"] = {
        {"outcome", "invalid"},
        {"winner", nullptr},
        {"killed", Json::array()},
        {"decided_by", "C0"},
        {"deciding_clause", "C0 the experiment kept its own rules fails"},
        {"summary", with_source(summary_of_closed(plan, e.closed_because, kStartAnew), {}, e.ledger)},
        {"rationale", e.closed_because},
        {"not_shown", "anything about the question: the experiment is invalid"},
        {"open_points", Json::array()},
        {"next", kStartAnew}};
  }
  return out;
}

}  // namespace itera::report
