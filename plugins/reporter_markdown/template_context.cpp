#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sections.hpp"
#include "template.hpp"
#include "words.hpp"

namespace {

using Json = nlohmann::json;

// Where the evidence document has a map by arm. Mustache cannot look one key up in another's map, so what
// stands there about an arm becomes a part of the arm, under the same name.
constexpr std::string_view kByArm[] = {"/variance_trials",
                                       "/test_set_aggregate",
                                       "/test_set_per_slice",
                                       "/effect_sizes",
                                       "/arm_verdicts",
                                       "/controls",
                                       "/endings",
                                       "/dev/scores",
                                       "/dev/trials",
                                       "/dev/effects",
                                       "/dev/endings",
                                       "/meta/latency",
                                       "/failure_modes/test_set_counts",
                                       "/failure_modes/test_set_deltas",
                                       "/failure_modes/test_set_effects",
                                       "/failure_modes/weighted_sums",
                                       "/severity/test_set_weighted_accuracy",
                                       "/severity/effects"};

// Inside of an arm: maps by slice and by failure category, which become lists.
constexpr std::string_view kBySlice[] = {"/effect_sizes/per_slice", "/test_set_per_slice",
                                         "/controls/per_slice"};
constexpr std::string_view kByCategory[] = {
    "/failure_modes/test_set_counts", "/failure_modes/test_set_deltas", "/failure_modes/test_set_effects"};

// {"a": {...}, "b": 3} as [{"id": "a", ...}, {"id": "b", "value": 3}], in the order of `list` and with what
// it says of each.
Json as_list(Json const& map, Json const& list) {
  Json out = Json::array();
  for (auto const& about : list) {
    auto const found = map.find(text(about.at("id")));
    if (found == map.end()) continue;
    auto element = about;
    found->is_object() ? element.update(*found) : static_cast<void>(element["value"] = *found);
    out.push_back(std::move(element));
  }
  return out;
}

template <std::size_t N>
void make_lists(Json& arm, std::string_view const (&pointers)[N], Json const& list) {
  for (auto const path : pointers) {
    Json::json_pointer const pointer{std::string(path)};
    if (arm.contains(pointer) && arm.at(pointer).is_object()) arm[pointer] = as_list(arm.at(pointer), list);
  }
}

// Beside every number what people read, "n/a" if it is not there. Numbers in a list become objects, so that
// they can be read as well.
void add_readable(Json& json, Json const& shape) {
  if (json.is_array() && shape.is_array()) {
    for (auto& element : json) {
      if (shape.front().is_number()) {
        element = {{"value", element}};
        add_readable(element, {{"value", 0}});
      } else {
        add_readable(element, shape.front());
      }
    }
    return;
  }
  if (!json.is_object() || !shape.is_object()) return;
  Json readable = Json::object();
  for (auto& [key, member] : json.items()) {
    if (!shape.contains(key)) continue;
    add_readable(member, shape.at(key));
    if (!shape.at(key).is_number()) continue;
    readable[key + "_percent"] = percent(member);
    readable[key + "_pp"] = points(member);
    readable[key + "_short"] = shortened(member);
  }
  json.update(readable);
}

Json sections(Json const& e) {
  return {{"question", question_section(e)},
          {"arms", arms_section(e)},
          {"rule", rule_section(e)},
          {"dev", dev_section(e)},
          {"iterations", iterations_section(e)},
          {"test", test_section(e)},
          {"verdict", verdict_section(e)},
          {"self_audit", audit_section(e)}};
}

// The shape of template_context(): what it makes of any evidence document has these keys and no others.
constexpr auto kShape = R"({
  "schema": 0,
  "experiment": {"name": "", "question": "", "hypothesis": "", "metric": "", "origin": "", "threshold_pct": 0,
    "threshold_rule": "", "test_set_n": 0, "trials_per_arm": 0},
  "arms": [{
    "id": "", "name": "", "cost_per_1k_usd": 0, "cost_first_call_usd": 0, "billed_per_1k_usd": 0, "dominated_by": [""], "baseline": true,
    "control": true, "from": "", "summary": "",
    "ref": "", "changed": [""], "deterministic": true, "plugin": "", "version": "",
    "test_set_aggregate": 0,
    "variance_trials": [0],
    "endings": {"arm_errors": 0, "judge_errors": 0, "missing": 0},
    "test_set_per_slice": [{"id": "", "name": "", "production_share": 0, "major": true, "n": 0, "value": 0}],
    "effect_sizes": {
      "aggregate": {"delta": 0, "ci_low": 0, "ci_high": 0, "n": 0, "excluded": 0, "baseline_score": 0, "arm_score": 0},
      "against_parent": {"parent": "", "delta": 0, "ci_low": 0, "ci_high": 0, "n": 0, "excluded": 0,
        "baseline_score": 0, "arm_score": 0},
      "per_slice": [{"id": "", "name": "", "production_share": 0, "major": true, "delta": 0, "ci_low": 0, "ci_high": 0,
        "n": 0, "excluded": 0, "baseline_score": 0, "arm_score": 0, "status": "", "floor": 0, "by_point": "",
        "by_interval": "", "by_harm": "", "against_floor": {"delta": 0, "ci_low": 0, "ci_high": 0}}],
      "over_traffic": [{"slice": "", "delta": 0, "ci_low": 0, "ci_high": 0, "p": 0, "mix_distance": 0, "differs": true,
        "decides": true, "why_not": ""}]},
    "arm_verdicts": {
      "outcome": "", "decided_by": "", "clause_by_clause": "",
      "checks": [{"id": "", "clause": "", "status": "", "evidence": ""}],
      "against_threshold": {"delta": 0, "ci_low": 0, "ci_high": 0, "p": 0, "tested": true, "centre": 0, "se": 0,
        "df": 0},
      "lift": {"lift": 0, "ci_low": 0, "ci_high": 0},
      "guards": [{"of": "", "most": "", "status": "", "baseline": 0, "arm": 0, "change": 0, "ci_low": 0, "ci_high": 0,
        "p_within": 0, "p_exceeds": 0, "n": 0, "reproducible": true}],
      "p": 0, "p_holm": 0, "p_sign_flip": 0, "p_sign_flip_holm": 0, "tango": {"ci_low": 0, "ci_high": 0}, "method_sensitive": true,
      "s_noise": 0,
      "interval": {"centre": 0, "se": 0, "df": 0, "groups": 0, "deff": 0, "c2": 0},
      "gap": {"gap": 0, "se": 0, "z": 0, "p": 0, "alarm": true, "notice": true, "s_pool": 0, "selection_optimism": 0,
        "dev_evaluations": 0},
      "spread": {"row_variance": 0, "trial_variance": 0, "trial_share": 0, "more_trials": true, "best_trials": 0},
      "remarks": [""],
      "row_variance": 0, "rows_needed": 0, "detectable": 0, "ships_for": [""], "not_for": [""],
      "kept": {"delta": 0, "ci_low": 0, "ci_high": 0, "n": 0, "excluded": 0, "baseline_score": 0, "arm_score": 0}},
    "controls": {"reading": "", "evidence": "", "against": "",
      "aggregate": {"delta": 0, "ci_low": 0, "ci_high": 0, "ci90_low": 0, "ci90_high": 0, "n": 0, "excluded": 0,
        "baseline_score": 0, "arm_score": 0},
      "per_slice": [{"id": "", "name": "", "production_share": 0, "major": true, "delta": 0, "ci_low": 0,
        "ci_high": 0, "ci90_low": 0, "ci90_high": 0, "n": 0, "excluded": 0, "baseline_score": 0, "arm_score": 0,
        "registered": true}]},
    "failure_modes": {
      "test_set_counts": [{"id": "", "name": "", "severity_weight": 0, "value": 0}],
      "test_set_deltas": [{"id": "", "name": "", "severity_weight": 0, "value": 0}],
      "test_set_effects": [{"id": "", "name": "", "severity_weight": 0, "delta": 0, "ci_low": 0, "ci_high": 0,
        "p_rise": 0, "p_sign_flip": 0}],
      "weighted_sums": {"sum": 0, "baseline_sum": 0, "p_rise": 0}},
    "severity": {
      "test_set_weighted_accuracy": 0,
      "effects": {"delta": 0, "ci_low": 0, "ci_high": 0, "p": 0, "n_kish": 0, "largest_share": 0,
        "descriptive": true}},
    "dev": {
      "scores": 0, "trials": [0],
      "effects": {"delta": 0, "ci_low": 0, "ci_high": 0, "n": 0, "excluded": 0, "baseline_score": 0, "arm_score": 0,
        "p_exploratory": 0, "s_noise": 0},
      "endings": {"arm_errors": 0, "judge_errors": 0, "missing": 0}},
    "meta": {"latency": {"mean_ms": 0, "p50_ms": 0, "p50_ci_low_ms": 0, "p50_ci_high_ms": 0, "p95_ms": 0,
      "p95_ci_low_ms": 0, "p95_ci_high_ms": 0, "calls": 0, "first_ms": 0}}
  }],
  "judging_per_1k_usd": 0,
  "slices": [{"id": "", "name": "", "production_share": 0, "major": true, "n": 0}],
  "secondaries": [{"name": "", "judge": "", "version": "",
    "arms": [{"id": "", "dev_score": 0, "score": 0, "judge_errors": 0,
      "effect": {"delta": 0, "ci_low": 0, "ci_high": 0, "n": 0, "excluded": 0, "baseline_score": 0, "arm_score": 0},
      "clause": {"text": "", "floor": "", "relative": true, "mode": "", "status": "", "by_point": "", "by_interval": "",
        "by_harm": "", "against_floor": {"delta": 0, "ci_low": 0, "ci_high": 0}}}]}],
  "failure_modes": {"registered_at_phase_2": true, "categories": [{"id": "", "name": "", "severity_weight": 0}]},
  "severity": {"field": "", "registered_at_phase_2": true},
  "split": {"train": 0, "dev": 0, "test": 0, "folds": 0, "note": ""},
  "distribution": [{"column": "", "kind": "", "judged": true,
    "cells": [{"value": "", "production": 0, "declared": 0, "sample": 0, "train": 0, "dev": 0, "test": 0}],
    "audits": [{"set": "", "verdict": "", "tv": 0, "psi": 0, "psi_limit": 0, "p": 0, "test": ""}]}],
  "rule": [{"check": "", "text": "", "implied": true}],
  "dev": {"n": 0},
  "verdict": {"outcome": "", "winner": "", "killed": [""], "decided_by": "", "deciding_clause": "", "summary": "",
    "rationale": "", "not_shown": "", "open_points": [""], "next": "",
    "ranking": {"first": "", "second": "", "weighted": true, "delta": 0, "ci_low": 0, "ci_high": 0, "p": 0, "tie": true,
      "chosen": "", "text": ""}},
  "self_audit": [{"line": "", "answer": "", "evidence": ""}],
  "ledger": [{"seq": 0, "kind": "", "digest": ""}],
  "amendments": [""],
  "digests": {"frame": "", "plan": "", "ledger": ""},
  "reports": [{"name": ""}],
  "charts": [{"file": "", "alt": ""}],
  "sections": {"question": "", "arms": "", "rule": "", "dev": "", "iterations": "", "test": "", "verdict": "",
    "self_audit": ""}
})";

}  // namespace

Json template_context(Json const& evidence) {
  auto out = evidence;
  for (auto const path : kByArm) {
    Json::json_pointer const pointer{std::string(path)};
    if (!out.contains(pointer) || !out.at(pointer).is_object()) continue;
    auto const map = out.at(pointer);
    out.at(pointer.parent_pointer()).erase(pointer.back());
    for (auto& arm : out.at("arms"))
      if (auto const found = map.find(text(arm.at("id"))); found != map.end()) arm[pointer] = *found;
  }
  if (out.contains("meta")) out.erase("meta");
  out.erase("replayed");  // the summary says it
  if (!out.contains("secondaries")) out["secondaries"] = Json::array();
  for (auto& arm : out.at("arms")) {
    make_lists(arm, kBySlice, out.value("slices", Json::array()));
    make_lists(arm, kByCategory, out.at("failure_modes").at("categories"));
  }
  // What an entry of the ledger holds is of many shapes; data.json has it whole.
  out["amendments"] = Json::array();
  for (auto& entry : out.at("ledger")) {
    if (at(entry, "kind") == "amended")
      for (auto const& change : entry.at("body").at("changes")) out["amendments"].push_back(change);
    entry.erase("body");
  }
  // What only programs ask for is in data.json.
  for (auto& report : out.at("reports")) report.erase("settings");
  for (auto& line : out.at("rule"))
    line = {{"check", line["check"]}, {"text", line["text"]}, {"implied", line["implied"]}};
  for (auto& arm : out.at("arms"))
    if (arm.contains("arm_verdicts")) arm["arm_verdicts"].erase("narrow");
  for (auto& arm : out.at("arms"))
    if (arm.contains("effect_sizes") && arm["effect_sizes"].contains("over_traffic"))
      for (auto& one : arm["effect_sizes"]["over_traffic"]) one.erase("interval");
  add_readable(out, Json::parse(kShape));
  out["charts"] = Json::array();
  for (auto const& chart : charts_of(evidence))
    out["charts"].push_back({{"file", chart.file}, {"alt", chart.alt}});
  out["sections"] = sections(evidence);
  return out;
}

Json const& template_shape() {
  static Json const shape = [] {
    auto out = Json::parse(kShape);
    add_readable(out, Json::parse(kShape));
    return out;
  }();
  return shape;
}
