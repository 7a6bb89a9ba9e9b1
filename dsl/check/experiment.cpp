#include "dsl/check/experiment.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/arms.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/data.hpp"
#include "dsl/check/experiment_checks.hpp"
#include "dsl/check/expression.hpp"
#include "dsl/check/names.hpp"
#include "dsl/check/plugins.hpp"
#include "dsl/check/quantity.hpp"
#include "dsl/check/rule.hpp"
#include "dsl/check/sections.hpp"
#include "dsl/check/seen.hpp"
#include "dsl/check/settings.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl::meaning {
namespace {

using syntax::TermKind;

constexpr std::span kHeads = syntax::words::experiment;
constexpr std::size_t kMostArms = 100;
// Those that may be written more than once.
constexpr std::string_view kSeveral[] = {"arm", "control", "also", "failure", "accept", "sprint", "report"};

struct Needed {
  std::string_view clause;
  std::string_view help;
};
// F1 and S1: what an experiment cannot do without.
constexpr Needed kNeeded[] = {
    {"question", "write `question \"...\"`: what the answer decides"},
    {"hypothesis", "write `hypothesis \"...\"`: what is expected, and why"},
    {"rows", "write `rows from SOURCE { ... }`: where the rows come from"},
    {"origin", "write `origin production` or `origin generated from \"...\"`"},
    {"row", "write `row { key COLUMN  input COLUMN, ... }`: what the columns mean"},
    {"split", "write `split { seed 20260412 }`: the shares have defaults, the seed has none"},
    {"baseline", "write `baseline NAME using PLUGIN { ref \"src/route.ts:42\" ... }`: what is deployed now"},
    {"arm", "write `arm NAME from BASELINE { ... }`: the one thing that changes"},
    {"metric", "write `metric NAME using JUDGE`: how an answer is scored"},
    {"ship", "write `ship when effect >= 5pp`: what has to be shown, before anything is seen"},
};

bool contains(std::span<std::string_view const> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class ExperimentReader {
 public:
  ExperimentReader(Report& report, Clause const& clause) : report_(report), clause_(clause) {}

  spec::Experiment read() {
    out_.span = clause_.span();
    Cursor cursor(report_, clause_);
    if (auto name = cursor.expect_name("a name for the experiment")) out_.name = std::move(*name);
    if (cursor.ok() && (!cursor.at_end() || !clause_.body)) cursor.unexpected("`{`");
    if (!cursor.ok() || !clause_.body) return std::move(out_);

    auto const clauses = clauses_of(*clause_.body, kHeads, false);
    whole_ = !has_broken(*clause_.body);
    for (auto const& clause : clauses) read(clause);
    // The split is read last: it speaks of the columns of `row`, wherever that stands.
    if (split_)
      sound_["split"] = read_split(report_, *split_, sound_["row"] ? &out_.row : nullptr, out_.split);
    if (traffic_) read_traffic(report_, *traffic_, sound_["row"] ? &out_.row : nullptr, out_);
    conclude();
    return std::move(out_);
  }

 private:
  bool seen(std::string_view word) const { return first_.contains(word); }
  bool lost(std::string_view word) const { return lost_.contains(word); }

  void read(Clause const& clause) {
    auto const word = clause.word();
    if (!contains(kHeads, word)) {
      if (clause.broken) return;
      auto const meant = unknown_clause(report_, clause, kHeads, "an experiment");
      if (meant) lost_.insert(*meant);
      return;
    }
    auto const [first, fresh] = first_.try_emplace(std::string(word), clause.head());
    if (word == "metric" && !fresh) {
      report_
          .error(codes::too_many_metrics, clause.head(), "an experiment has one metric",
                 "what is measured beside it is written `also NAME using JUDGE`, and never decides")
          .labels.push_back({first->second, "the metric"});
      return;
    }
    if (!fresh && !contains(kSeveral, word)) {
      lost_.insert(std::string(word));
      return twice(report_, clause.head(), fmt::format("`{}`", word), first->second);
    }

    if (word == "question") return text(clause, out_.question, "the question, as a quoted text");
    if (word == "hypothesis") return text(clause, out_.hypothesis, "the hypothesis, as a quoted text");
    if (word == "rows") return rows(clause);
    if (word == "origin") sound_["origin"] = read_origin(report_, clause, out_);
    if (word == "row") sound_["row"] = read_row(report_, clause, out_.row);
    if (word == "sample") read_sample(report_, clause, out_);
    if (word == "split") split_ = clause;
    if (word == "traffic") traffic_ = clause;
    if (word == "baseline") add_arm(read_baseline(report_, clause));
    if (word == "arm") arm(clause);
    if (word == "control") add_arm(read_control(report_, clause));
    if (word == "sprint") sprint(clause);
    if (word == "crosscheck") crosscheck_ = clause;
    if (word == "budget") read_budget(report_, clause, out_);
    if (word == "accept") read_accept(report_, clause, out_);
    if (word == "metric") metric(clause);
    if (word == "also") also(clause);
    if (word == "failure") failure(clause);
    if (word == "trials") trials(clause);
    if (word == "ship") rule_ = read_rule(report_, clause);
    if (word == "report") reporter(clause);
  }

  void text(Clause const& clause, spec::At<std::string>& out, std::string_view what) {
    Cursor cursor(report_, clause);
    if (auto value = cursor.expect_text(what)) out = std::move(*value);
    if (cursor.ok() && out.value.find_first_not_of(" \t\r\n") == std::string::npos) {
      report_.error(codes::missing_clause, out.span, fmt::format("the {} is empty", clause.word()));
      return;
    }
    cursor.finish();
  }

  void rows(Clause const& clause) {
    Cursor cursor(report_, clause);
    if (!cursor.take("from") && !cursor.take("using"))
      cursor.unexpected("`from` and the name of a source plugin");
    auto const before = report_.errors();
    out_.source = read_actor(report_, ports::PluginKind::source, cursor, clause, &plugins_.source);
    if (report_.errors() != before || clause.broken) plugins_.source = nullptr;
  }

  // Each is held against all before it and has a copy of what it inherits.
  bool has_room(Span where) {
    if (drafts_.size() < kMostArms) return true;
    if (drafts_.size() == kMostArms && !lost("arm"))
      report_.error(codes::too_large, where,
                    fmt::format("an experiment has at most {} arms, controls and iterations", kMostArms),
                    "make several experiments of it");
    lost_.insert("arm");
    return false;
  }

  void add_arm(ArmDraft draft) {
    if (!has_room(draft.arm.head)) return;
    if (!draft.arm.name.value.empty())
      names_.push_back({draft.arm.name,
                        draft.arm.role == spec::ArmRole::baseline  ? "the baseline"
                        : draft.arm.role == spec::ArmRole::control ? "a control"
                                                                   : "an arm",
                        false});
    drafts_.push_back(std::move(draft));
  }

  void arm(Clause const& clause) {
    auto draft = read_arm(report_, clause);
    auto const head = draft.arm.head;
    add_arm(std::move(draft));
    if (++arms_ != 4) return;
    report_.error(codes::too_many_arms, head, "an experiment has at most three arms",
                  "each further arm is one more chance to win by luck: make it an experiment of its own");
  }

  void metric(Clause const& clause) {
    Cursor cursor(report_, clause);
    if (auto name = cursor.expect_name("a name for the metric")) {
      out_.metric.name = *name;
      names_.push_back({std::move(*name), "the metric", false});
    }
    cursor.expect("using");
    out_.metric.judge = read_actor(report_, ports::PluginKind::judge, cursor, clause, &plugins_.judge);
  }

  void also(Clause const& clause) {
    Cursor cursor(report_, clause);
    if (cursor.sees("cost") || cursor.sees("latency")) {
      do {
        auto const name = cursor.expect_name("`cost` or `latency`");
        if (!name) return;
        if (name->value != "cost" && name->value != "latency") {
          report_.error(
              codes::clause_form, name->span,
              fmt::format("expected `cost` or `latency`, found `{}`", name->value),
              fmt::format("a secondary metric has its own line: `also {} using JUDGE`", name->value));
          return;
        }
        auto const [first, fresh] = measured_.try_emplace(name->value, name->span);
        if (!fresh) twice(report_, name->span, fmt::format("`also {}`", name->value), first->second);
      } while (cursor.take_symbol(","));
      return cursor.finish();
    }
    auto const name = cursor.expect_name("`cost`, `latency` or a name for a secondary metric");
    cursor.expect("using");
    if (!name || !cursor.ok()) return;
    names_.push_back({*name, "a secondary metric", false});
    ports::PluginInfo const* judge = nullptr;
    out_.secondaries.push_back(
        {*name, read_actor(report_, ports::PluginKind::judge, cursor, clause, &judge)});
    if (judge) plugins_.secondary_judges.emplace_back(judge, out_.secondaries.back().judge);
    if (out_.secondaries.size() == 3)
      report_.error(codes::too_many_metrics, name->span, "an experiment has at most two secondary metrics",
                    "keep the two that would make you think twice");
  }

  void sprint(Clause const& clause) {
    auto draft = read_sprint(report_, clause);
    sprints_.push_back(std::move(draft));
    if (sprints_.size() == 4)
      report_.error(codes::too_many_sprints, clause.head(), "an experiment has at most three sprints",
                    "what three sprints did not show is a new question: frame it as a new experiment");
  }

  void failure(Clause const& clause) {
    Cursor cursor(report_, clause);
    auto name = cursor.expect_name("a name for the failure category");
    if (!name) {
      lost_.insert("failure");
      return;
    }
    names_.push_back({*name, "a failure category", false});
    out_.categories.push_back({std::move(*name), {}, {}});
    auto& category = out_.categories.back();
    if (out_.categories.size() == 6)
      report_.error(codes::too_many_failures, category.name.span,
                    "an experiment has at most five failure categories",
                    "merge those that would be answered in the same way");
    cursor.expect("weight");
    if (cursor.ok()) weight(cursor, category);
    if (auto text = cursor.expect_text("what the category means, as a quoted text"))
      category.description = std::move(text->value);
    if (cursor.take("when")) category.when = read_condition(report_, cursor, Scope::answer);
    cursor.finish();
  }

  void weight(Cursor& cursor, spec::Category& category) {
    auto const weight = cursor.expect_number("the weight of the category, a number");
    if (!weight) return;
    category.weight = weight->value.value;
    if (weight->value.unit == spec::Unit::none && is_plain(category.weight) && category.weight.num > 0 &&
        compare(category.weight, {1'000'000, 1}) <= 0)
      return;
    report_.error(codes::out_of_range, weight->span,
                  "a weight is a number above 0 and at most 1000000, without a unit");
    cursor.fail();
  }

  void trials(Clause const& clause) {
    Cursor cursor(report_, clause);
    if (auto const n = cursor.expect_count("a number of trials", 1, 100)) {
      out_.trials = static_cast<std::uint32_t>(n->value);
      trials_span_ = n->span;
    }
    cursor.finish();
  }

  void reporter(Clause const& clause) {
    Cursor cursor(report_, clause);
    cursor.expect("using");
    auto actor = read_actor(report_, ports::PluginKind::reporter, cursor, clause);
    auto const& plugin = actor.plugin;
    if (auto const first =
            plugin.value.empty() ? std::nullopt : seen_reporters_.met(plugin.value, plugin.span))
      twice(report_, plugin.span, fmt::format("the reporter `{}`", plugin.value), *first);
    out_.reporters.push_back(std::move(actor));
  }

  void conclude() {
    bool const arms_known = whole_ && !lost("arm") && !lost("baseline") && !lost("control");
    place_iterations(arms_known);
    derive(report_, drafts_, arms_known);
    name_all();
    auto const before = report_.errors();
    if (crosscheck_) read_crosscheck(report_, *crosscheck_, plugins_.judge, out_, &plugins_.second_judge);
    bool const second_known = report_.errors() == before;
    if (rule_) {
      resolve_rule(report_, *rule_, out_,
                   {sound_["row"], whole_ && !lost("failure"), whole_ && !lost("also")});
      out_.rule = std::move(*rule_);
    }
    look_up_columns(report_, out_, drafts_, plugins_, sound_["row"]);
    if (whole_)
      for (auto const& needed : kNeeded)
        if (!seen(needed.clause) && !lost(needed.clause))
          report_.error(codes::missing_clause, out_.name.span,
                        fmt::format("the experiment `{}` has no `{}`", out_.name.value, needed.clause),
                        std::string(needed.help));
    enough_trials(report_, out_, drafts_, plugins_, trials_span_);
    if (sound_["row"]) judge_by_chance(report_, out_, plugins_);
    if (whole_ && second_known && !lost("crosscheck")) another_family(report_, out_, drafts_, plugins_);
    if (whole_ && !seen("failure") && !lost("failure"))
      report_.warning(codes::no_failures, out_.name.span, "no failure category is registered",
                      "write 3 to 5 before anything is seen: `failure NAME weight N \"...\"`; without them "
                      "errors may move to a worse kind unnoticed");
    for (auto& draft : drafts_)
      if (draft.arm.role != spec::ArmRole::iteration) out_.arms.push_back(std::move(draft.arm));
    for (auto& sprint : sprints_) {
      if (!sprint.arm) continue;
      out_.sprints.push_back({*sprint.arm, {}, sprint.span});
      for (auto& draft : drafts_)
        if (draft.arm.role == spec::ArmRole::iteration && draft.sprint == &sprint)
          out_.sprints.back().iterations.push_back(std::move(draft.arm));
    }
    if (out_.reporters.empty())
      for (auto const* name : {"markdown", "charts"})
        out_.reporters.push_back({{name, out_.name.span}, {}, out_.name.span});
  }

  // Each iteration derives from the one before; the first from the arm, or from where its sprint before
  // ended.
  void place_iterations(bool arms_known) {
    std::map<std::string, std::size_t> latest;
    std::vector<std::string> refinable;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      latest.try_emplace(drafts_[i].arm.name.value, i);
      if (drafts_[i].arm.role == spec::ArmRole::arm) refinable.push_back(drafts_[i].arm.name.value);
    }
    for (auto& sprint : sprints_) {
      if (!sprint.arm) continue;
      auto const at = latest.find(sprint.arm->value);
      bool known = at != latest.end();
      if (!known && arms_known && !report_.full()) {
        auto const near = did_you_mean(sprint.arm->value, refinable);
        report_.error(codes::unknown_name, sprint.arm->span,
                      fmt::format("no arm is called `{}`", sprint.arm->value),
                      near                ? fmt::format("did you mean `{}`?", *near)
                      : refinable.empty() ? std::string("a sprint refines an arm")
                                          : fmt::format("a sprint may refine {}", listed(refinable, "or")));
      } else if (known && drafts_[at->second].arm.role != spec::ArmRole::arm &&
                 drafts_[at->second].arm.role != spec::ArmRole::iteration) {
        auto const role = drafts_[at->second].arm.role;
        report_.error(codes::not_refinable, sprint.arm->span,
                      fmt::format("{} `{}` can never ship, so there is nothing to refine", noun(role),
                                  sprint.arm->value),
                      refinable.empty() ? std::string()
                                        : fmt::format("a sprint may refine {}", listed(refinable, "or")));
        known = false;
      }
      for (auto& draft : sprint.iterations) {
        if (!draft.arm.name.value.empty()) names_.push_back({draft.arm.name, "an iteration", false});
        if (!known || !has_room(draft.arm.head)) continue;
        draft.parent = at->second;
        draft.arm.parent = spec::Name{drafts_[at->second].arm.name.value, draft.arm.name.span};
        draft.sprint = &sprint;
        at->second = drafts_.size();
        drafts_.push_back(draft);
      }
    }
  }

  void name_all() {
    if (sound_["row"])
      for (auto const& slice : out_.row.slices) names_.push_back({slice, "a slice", true});
    std::stable_sort(names_.begin(), names_.end(),
                     [](auto const& a, auto const& b) { return a.name.span.begin < b.name.span.begin; });
    Names taken(report_);
    for (auto const& use : names_) taken.add(use.name, use.what, use.column);
  }

  struct Named {
    spec::Name name;
    std::string_view what;
    bool column;
  };

  Report& report_;
  Clause const& clause_;
  spec::Experiment out_;
  bool whole_ = true;  // no clause was broken, so what is missing is missing
  std::map<std::string, Span, std::less<>> first_;
  std::set<std::string, std::less<>>
      lost_;  // clauses of which at least one was not read: it may define what is missing
  std::map<std::string, Span> measured_;
  Seen seen_reporters_;
  std::map<std::string_view, bool> sound_;
  std::optional<Clause> split_;
  std::optional<spec::ShipRule> rule_;
  std::optional<Span> trials_span_;
  NamedPlugins plugins_;
  std::vector<ArmDraft> drafts_;
  std::vector<Named> names_;
  std::vector<SprintDraft> sprints_;
  std::optional<Clause> traffic_;
  std::optional<Clause> crosscheck_;
  int arms_ = 0;
};

}  // namespace

spec::Experiment read_experiment(Report& report, Clause const& clause) {
  return ExperimentReader(report, clause).read();
}

}  // namespace itera::dsl::meaning
