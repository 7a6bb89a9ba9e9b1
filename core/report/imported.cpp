#include "core/report/imported.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/plan/rule_text.hpp"
#include "core/report/imported_rule.hpp"
#include "core/report/json_walk.hpp"
#include "core/verdict/prose.hpp"

namespace itera::report {
namespace {

using verdict::CheckStatus;
using verdict::Imported;
using verdict::ImportedArm;
using verdict::ImportedEffect;
using verdict::Outcome;

constexpr std::size_t kMostArms = 20, kMostIds = 5000;
constexpr Walk::Range kScore{0, 1, "a fraction from 0 to 1"};
constexpr Walk::Range kDelta{-1, 1, "a fraction from -1 to 1: 0.089 is 8.9pp"};
constexpr Walk::Range kBound{-2, 2, "the end of an interval in fractions: 0.089 is 8.9pp"};
constexpr Walk::Range kPercent{-100, 1000, "a threshold from -100 to 1000"};
constexpr Walk::Range kCount{0, 1e12, "a count"};
constexpr Walk::Range kAmount{0, 1e15, "an amount of zero or more"};
constexpr Walk::Range kWeight{1e-9, 1e6, "a weight above 0 and at most 1000000"};
constexpr Walk::Range kProbability{0, 1, "a probability"};
constexpr Walk::Range kDistance{-1e6, 1e6, "a distance in fractions: 0.089 is 8.9pp"};
constexpr Walk::Range kAny{-1e15, 1e15, "a number within bounds"};

std::optional<CheckStatus> status_of(std::string_view text) {
  for (auto const s :
       {CheckStatus::pass, CheckStatus::fail, CheckStatus::unproven, CheckStatus::not_applicable})
    if (text == verdict::to_string(s)) return s;
  return std::nullopt;
}

std::optional<Outcome> outcome_of(std::string_view text) {
  for (auto const o :
       {Outcome::ship, Outcome::ship_narrowly, Outcome::kill, Outcome::inconclusive, Outcome::invalid})
    if (text == verdict::to_string(o)) return o;
  return std::nullopt;
}

// The worse of two, as `worst` of the checks has it.
CheckStatus worse(CheckStatus a, CheckStatus b) {
  for (auto const s : {CheckStatus::fail, CheckStatus::unproven, CheckStatus::pass})
    if (a == s || b == s) return s;
  return a;
}

class Reader {
 public:
  explicit Reader(nlohmann::json const& document) : root_(problem_, failed_, &document, "", out_.ignored) {}

  tl::expected<ReadData, Misread> read() {
    read_document();
    if (failed_) return tl::unexpected(problem_);
    return std::move(out_);
  }

 private:
  Imported& data() { return out_.data; }

  void read_document() {
    if (!root_.object()) return;
    auto const rule = root_.member("rule"), schema = root_.member("schema");
    data().own = schema.there() && rule.there();
    if (data().own) {
      auto const version = schema.number(kAny);
      if (version && *version != 1)
        return schema.wrong(fmt::format("{} is not a schema that this version of itera reads", *version),
                            "read it with the version that wrote it");
    }
    experiment(root_.member("experiment"));
    arms(root_.member("arms"));
    slices(root_.member("slices"));
    failures(root_.member("failure_modes"));
    severity(root_.member("severity"));
    scores();
    effects(root_.member("effect_sizes"));
    if (data().own) {
      auto read = read_rule(rule);
      data().rule = std::move(read.rule);
      data().sum_clause = read.sum_clause;
      arm_verdicts(root_.member("arm_verdicts"));
      secondaries(root_.member("secondaries"));
    }
    verdict(root_.member("verdict"));
    std::set<std::string> known{"experiment",
                                "arms",
                                "slices",
                                "failure_modes",
                                "severity",
                                "variance_trials",
                                "test_set_aggregate",
                                "test_set_per_slice",
                                "effect_sizes",
                                "verdict",
                                "meta"};
    if (data().own)
      for (auto const* key : {"schema", "rule", "dev", "digests", "self_audit", "ledger", "arm_verdicts",
                              "endings", "controls"})
        known.insert(key);
    root_.only(known);
  }

  void experiment(Walk const& x) {
    if (!x.object()) return;
    data().experiment = x.member("name").text().value_or("");
    data().question = x.member("question").text().value_or("");
    data().metric = x.member("metric").text().value_or("");
    data().threshold_rule = x.member("threshold_rule").text().value_or("");
    data().threshold_pct = x.member("threshold_pct").number(kPercent);
    data().test_rows = x.member("test_set_n").number(kCount);
    data().trials = x.member("trials_per_arm").number(kCount);
    if (!data().own)
      x.only(
          {"name", "question", "metric", "threshold_pct", "threshold_rule", "test_set_n", "trials_per_arm"});
  }

  /// The `id` of an element, which no other may have.
  std::string take_id(Walk const& element, std::set<std::string>& taken, std::size_t most = kMostIds) {
    if (!element.object()) {
      element.wrong("expected an object, found nothing");
      return {};
    }
    auto const at = element.member("id");
    auto const id = at.text();
    if (!id || id->empty())
      at.wrong("an id is missing", "ids are what the other parts of the file refer to");
    else if (!taken.insert(*id).second)
      at.wrong(fmt::format("the id `{}` is used twice", *id));
    else if (taken.size() > most)
      at.wrong(fmt::format("there are more than {}", most));
    return id.value_or("");
  }

  void arms(Walk const& list) {
    std::set<std::string> taken;
    list.each([&](std::size_t, Walk const& element) {
      ImportedArm arm;
      arm.id = take_id(element, taken, kMostArms);
      arm.name = element.member("name").text().value_or(arm.id);
      arm.cost_per_1k_usd = element.member("cost_per_1k_usd").number(kAmount);
      if (data().own) {
        arm.control = element.member("control").flag().value_or(false);
      } else {
        element.only({"id", "name", "cost_per_1k_usd"});
      }
      data().arms.push_back(std::move(arm));
    });
    if (std::count_if(data().arms.begin(), data().arms.end(), [](auto const& a) { return !a.control; }) < 2)
      list.wrong("a baseline and at least one arm are needed", "the first arm is the baseline");
  }

  void slices(Walk const& list) {
    list.each([&](std::size_t, Walk const& element) {
      verdict::ImportedSlice slice;
      slice.id = take_id(element, slice_ids_);
      slice.name = element.member("name").text().value_or(slice.id);
      auto const equals = slice.id.find('=');
      bool const whole = equals == std::string::npos || equals == 0;
      slice.column = whole ? "slice" : slice.id.substr(0, equals);
      slice.value = whole ? slice.id : slice.id.substr(equals + 1);
      auto const n = element.member("n");
      slice.rows = n.number(kCount);
      slice.rows_from = n.path();
      if (!slice.rows && !data().own) {
        slice.rows = verdict::rows_in_name(slice.name);
        slice.rows_from = element.member("name").path();
      }
      if (data().own)
        slice.major = element.member("major").flag().value_or(true);
      else
        element.only({"id", "name", "n"});
      data().slices.push_back(std::move(slice));
    });
  }

  ImportedArm* arm_of(std::string const& id, Walk const& at) {
    for (auto& arm : data().arms)
      if (arm.id == id) return &arm;
    std::set<std::string> ids;
    for (auto const& arm : data().arms) ids.insert(arm.id);
    unknown("arm", id, ids, at);
    return nullptr;
  }
  bool is_slice(std::string const& id, Walk const& at) { return known("slice", id, slice_ids_, at); }
  bool is_category(std::string const& id, Walk const& at) {
    return known("failure category", id, category_ids_, at);
  }
  bool known(char const* what, std::string const& id, std::set<std::string> const& ids, Walk const& at) {
    if (!ids.contains(id)) unknown(what, id, ids, at);
    return ids.contains(id);
  }
  void unknown(char const* what, std::string const& id, std::set<std::string> const& ids, Walk const& at) {
    auto const near = did_you_mean(id, std::vector(ids.begin(), ids.end()));
    at.wrong(fmt::format("the file declares no {} `{}`", what, id),
             near ? fmt::format("did you mean `{}`?", *near) : std::string());
  }

  void counts(Walk const& all, std::map<std::string, double>& to) {
    all.each_member([&](std::string const& category, Walk const& count) {
      if (!is_category(category, count)) return;
      if (auto const value = count.number(kCount)) to[category] = *value;
    });
  }

  void failures(Walk const& modes) {
    if (!modes.object()) return;
    modes.member("categories").each([&](std::size_t, Walk const& element) {
      verdict::ImportedCategory category;
      category.id = take_id(element, category_ids_);
      category.name = element.member("name").text().value_or(category.id);
      auto const weight = element.member("severity_weight");
      auto const value = weight.number(kWeight);
      if (!value) weight.wrong("a category has no weight", "which category is the most severe decides");
      category.weight = value.value_or(1);
      if (!data().own) element.only({"id", "name", "severity_weight"});
      data().categories.push_back(std::move(category));
    });
    modes.member("test_set_counts").each_member([&](std::string const& id, Walk const& of_arm) {
      if (auto* arm = arm_of(id, of_arm)) counts(of_arm, arm->counts);
    });
    if (data().own) rises(modes);
    if (!data().own) modes.only({"registered_at_phase_2", "categories", "test_set_counts"});
  }

  void rises(Walk const& modes) {
    modes.member("test_set_effects").each_member([&](std::string const& id, Walk const& of_arm) {
      auto* arm = arm_of(id, of_arm);
      of_arm.each_member([&](std::string const& category, Walk const& effect) {
        auto const p = effect.member("p_rise").number(kProbability);
        if (arm && p && is_category(category, effect)) arm->p_rise[category] = *p;
      });
    });
    modes.member("weighted_sums").each_member([&](std::string const& id, Walk const& sum) {
      if (auto* arm = arm_of(id, sum)) arm->sum_rise = sum.member("p_rise").number(kProbability);
    });
  }

  void severity(Walk const& severity) {
    if (!severity.object()) return;
    auto const scores = severity.member("test_set_weighted_accuracy");
    data().weighted = scores.there();
    scores.each_member([&](std::string const& id, Walk const& score) {
      if (auto* arm = arm_of(id, score)) arm->weighted_score = score.number(kScore);
    });
    if (data().own)
      severity.member("effects").each_member([&](std::string const& id, Walk const& effect) {
        auto* arm = arm_of(id, effect);
        if (arm && effect.there()) arm->weighted_effect = effect.member("delta").number(kDelta);
      });
    if (!data().own) severity.only({"field", "registered_at_phase_2", "test_set_weighted_accuracy"});
  }

  void scores() {
    root_.member("test_set_aggregate").each_member([&](std::string const& id, Walk const& score) {
      if (auto* arm = arm_of(id, score)) arm->score = score.number(kScore);
    });
    root_.member("test_set_per_slice").each_member([&](std::string const& id, Walk const& slices) {
      auto* arm = arm_of(id, slices);
      slices.each_member([&](std::string const& slice, Walk const& score) {
        if (!arm || !is_slice(slice, score)) return;
        if (auto const value = score.number(kScore)) arm->slice_scores[slice] = *value;
      });
    });
    root_.member("variance_trials").each_member([&](std::string const& id, Walk const& trials) {
      auto* arm = arm_of(id, trials);
      trials.each([&](std::size_t, Walk const& trial) {
        if (auto const value = trial.number(kScore); arm && value) arm->trials.push_back(*value);
      });
    });
    root_.member("meta").member("latency").each_member([&](std::string const& id, Walk const& latency) {
      if (!latency.there()) return;
      auto* arm = arm_of(id, latency);
      auto const mean = latency.member("mean_ms").number(kAmount),
                 p95 = latency.member("p95_ms").number(kAmount);
      if (arm) arm->latency_mean_ms = mean, arm->latency_p95_ms = p95;
    });
  }

  ImportedEffect effect(Walk const& e) {
    ImportedEffect out;
    if (!e.object()) return out;
    out.delta = e.member("delta").number(kDelta);
    out.ci_low = e.member("ci_low").number(kBound);
    out.ci_high = e.member("ci_high").number(kBound);
    out.rows = e.member("n").number(kCount);
    out.excluded = e.member("excluded").number(kCount).value_or(0);
    if (out.ci_low && out.ci_high && *out.ci_low > *out.ci_high)
      e.wrong(fmt::format("ci_low {} lies above ci_high {}", *out.ci_low, *out.ci_high));
    if (!data().own) e.only({"delta", "ci_low", "ci_high", "n", "excluded"});
    return out;
  }

  void effects(Walk const& sizes) {
    sizes.each_member([&](std::string const& id, Walk const& entry) {
      auto* arm = arm_of(id, entry);
      if (!arm || !entry.object()) return;
      if (arm == &data().arms.front())
        return entry.wrong("the baseline has no effect",
                           "effects are against the baseline, the first of /arms");
      if (entry.member("aggregate").there()) arm->effect = effect(entry.member("aggregate"));
      entry.member("per_slice").each_member([&](std::string const& slice, Walk const& e) {
        if (!is_slice(slice, e)) return;
        arm->slice_effects[slice] = effect(e);
        if (auto const floor = e.member("against_floor"); data().own && floor.object())
          arm->slice_effects[slice].floor_low = floor.member("ci_low").number(kDistance);
      });
      if (data().own)
        entry.member("over_traffic").each([&](std::size_t, Walk const& one) {
          auto const slice = one.member("slice").text();
          if (slice) arm->over[*slice] = {effect(one), interval(one.member("interval"))};
        });
      else
        entry.only({"aggregate", "per_slice"});
    });
  }

  std::optional<verdict::ImportedInterval> interval(Walk const& i) {
    if (!i.object()) return std::nullopt;
    auto const centre = i.member("centre").number(kDelta), se = i.member("se").number(kAmount),
               df = i.member("df").number(kAmount);
    if (!centre || !se || !df || *se <= 0 || *df <= 0) return std::nullopt;
    return verdict::ImportedInterval{*centre, *se, *df};
  }

  std::optional<verdict::ImportedDistance> distance(Walk const& d) {
    if (!d.object()) return std::nullopt;
    auto const low = d.member("ci_low").number(kDistance), high = d.member("ci_high").number(kDistance),
               centre = d.member("centre").number(kDistance), se = d.member("se").number(kAmount),
               df = d.member("df").number(kAmount);
    if (!low || !high || !centre || !se || !df || *se <= 0 || *df <= 0) return std::nullopt;
    return verdict::ImportedDistance{*low, *high, {*centre, *se, *df}};
  }

  static std::optional<spec::GuardClause::Of> guard_of(std::string_view word) {
    using Of = spec::GuardClause::Of;
    for (auto const of : {Of::cost, Of::latency, Of::latency_p95})
      if (plan::guard_words(of) == word) return of;
    return std::nullopt;
  }

  void guards(Walk const& list, ImportedArm& arm) {
    list.each([&](std::size_t, Walk const& element) {
      if (!element.object()) return;
      auto const at = element.member("of");
      auto const word = at.text();
      auto const of = word ? guard_of(*word) : std::nullopt;
      if (!of) return at.wrong("expected `cost`, `latency` or `latency p95`");
      verdict::ImportedGuard guard;
      guard.clause.of = *of;
      guard.clause.most = rational(element.member("most")).value_or(Rational{});
      guard.p_within = element.member("p_within").number(kProbability);
      guard.p_exceeds = element.member("p_exceeds").number(kProbability);
      arm.guards.push_back(guard);
    });
  }

  void secondaries(Walk const& list) {
    list.each([&](std::size_t, Walk const& metric) {
      auto const name = metric.member("name").text();
      if (!name) return;
      metric.member("arms").each([&](std::size_t, Walk const& entry) {
        auto const id = entry.member("id").text();
        auto const of = entry.member("effect");
        if (!id || !of.there()) return;
        auto* arm = arm_of(*id, entry);
        if (!arm) return;
        verdict::ImportedSecondary out;
        out.effect = effect(of);
        out.baseline_score = of.member("baseline_score").number(kScore);
        if (auto const clause = entry.member("clause"); clause.there()) {
          if (auto const word = clause.member("status").text()) out.status = status_of(*word);
          out.effect.floor_low = clause.member("against_floor").member("ci_low").number(kDistance);
        }
        arm->secondaries[*name] = out;
      });
    });
  }

  void arm_verdicts(Walk const& all) {
    all.each_member([&](std::string const& id, Walk const& entry) {
      auto* arm = arm_of(id, entry);
      if (!arm || !entry.object()) return;
      arm->outcome = outcome(entry.member("outcome"));
      arm->blind = entry.member("decided_by").text() == "blind";
      arm->p = entry.member("p").number(kProbability);
      arm->p_holm = entry.member("p_holm").number(kProbability);
      arm->s_noise = entry.member("s_noise").number(kAmount);
      arm->interval = interval(entry.member("interval"));
      arm->to_threshold = distance(entry.member("against_threshold"));
      guards(entry.member("guards"), *arm);
      entry.member("checks").each([&](std::size_t, Walk const& check) {
        auto const name = check.member("id").text();
        auto const at = check.member("status");
        auto const word = at.text();
        auto const status = word ? status_of(*word) : std::nullopt;
        if (word && !status) at.wrong(fmt::format("`{}` is not the status of a check", *word));
        if (!name || !status) return;
        auto const [it, fresh] = arm->recorded.try_emplace(*name, *status);
        if (!fresh) it->second = worse(it->second, *status);
      });
      if (auto const rest = entry.member("narrow"); rest.object()) {
        verdict::ImportedNarrow n;
        n.effect = effect(rest);
        n.interval = interval(rest.member("interval"));
        n.s_noise = rest.member("s_noise").number(kAmount);
        n.to_threshold = distance(rest.member("against_threshold"));
        auto const held = rest.member("guards").text();
        n.guarded = !held || *held == "pass" || *held == "n/a";
        n.limit = rest.member("limit").number(kProbability).value_or(0);
        counts(rest.member("counts"), n.counts);
        counts(rest.member("baseline_counts"), n.before);
        n.weighted_delta = rest.member("weighted_delta").number(kDelta);
        if (auto const word = rest.member("c5").text()) n.c5 = status_of(*word);
        arm->narrow = std::move(n);
      }
    });
  }

  std::optional<Outcome> outcome(Walk const& at) {
    auto const word = at.text();
    if (!word) return std::nullopt;
    auto const out = outcome_of(*word);
    if (!out) at.wrong(fmt::format("`{}` is not an outcome", *word));
    return out;
  }

  void verdict(Walk const& v) {
    if (!v.object()) return;
    data().has_verdict = true;
    auto const winner = v.member("winner");
    data().winner = winner.text();
    if (data().winner) arm_of(*data().winner, winner);
    v.member("killed").each([&](std::size_t, Walk const& killed) {
      auto const id = killed.text();
      if (id && arm_of(*id, killed)) data().killed.push_back(*id);
    });
    if (data().own) {
      data().outcome = outcome(v.member("outcome"));
      data().chosen = v.member("ranking").member("chosen").text();
    } else {
      v.only({"winner", "killed", "rationale"});
    }
  }

  ReadData out_;
  std::set<std::string> slice_ids_, category_ids_;
  Misread problem_;
  bool failed_ = false;
  Walk root_;
};

}  // namespace

tl::expected<ReadData, Misread> read_data(std::string_view text) {
  auto const document = parse_json(text, "the file");
  if (!document) return tl::unexpected(Misread{"", document.error().what, ""});
  return Reader(*document).read();
}

}  // namespace itera::report
