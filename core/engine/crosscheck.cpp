#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/engine/judging.hpp"
#include "core/plan/plan_json.hpp"
#include "core/run/given.hpp"
#include "core/run/records.hpp"
#include "core/stats/agreement.hpp"
#include "core/stats/quantiles.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kFewest = 5;      // directions; of fewer nothing can be said
constexpr double kTooSubjective = 0.4;  // of kappa and alpha
constexpr double kGoodJudge = 0.9;      // agrees on so many rows: how often it is refused is told

// Four of five, as many of any number.
std::size_t needed(std::size_t rows) {
  return (4 * rows + 4) / 5;
}

using Cells = std::map<std::pair<std::size_t, std::size_t>, run::Cell const*>;  // by row and arm

Cells by_place(std::vector<run::Cell> const& cells) {
  Cells out;
  for (auto const& cell : cells)
    if (cell.trial == 0) out[{cell.row, cell.arm}] = &cell;
  return out;
}

int direction(run::Cell const& base, run::Cell const& arm) {
  return arm.score > base.score ? 1 : arm.score < base.score ? -1 : 0;
}

// The rows that are sampled for an arm, in the order in which they were drawn; `preferred`: of how many.
std::vector<std::size_t> sample(plan::Plan const& plan, std::vector<split::Row> const& dev,
                                Cells const& first, std::size_t arm, std::size_t& preferred) {
  std::vector<std::pair<std::uint64_t, std::size_t>> drawn;
  for (std::size_t row = 0; row < dev.size(); ++row) {
    auto const base = first.find({row, 0}), other = first.find({row, arm});
    if (base == first.end() || other == first.end()) continue;
    // An answer that was an error has no output to be judged.
    if (base->second->ending != run::Ending::scored || other->second->ending != run::Ending::scored) continue;
    if (direction(*base->second, *other->second) == 0) continue;
    drawn.emplace_back(purpose_key(std::to_string(plan.seed),
                                   fmt::format("crosscheck\x1f{}\x1f{}", plan.arms[arm].name, dev[row].key)),
                       row);
  }
  preferred = drawn.size();
  std::sort(drawn.begin(), drawn.end());
  drawn.resize(std::min<std::size_t>(drawn.size(), plan.crosscheck->rows));
  std::vector<std::size_t> out;
  for (auto const& [_, row] : drawn) out.push_back(row);
  return out;
}

// Scores of both judges on the same outputs. Right or wrong: kappa; else Krippendorff's alpha by value.
Json coefficient(std::vector<std::int64_t> const& one, std::vector<std::int64_t> const& other) {
  auto const binary = [](auto const& scores) {
    return std::all_of(scores.begin(), scores.end(), [](auto s) { return s == 0 || s == run::kScoreUnit; });
  };
  if (binary(one) && binary(other)) {
    std::vector<int> const a(one.begin(), one.end()), b(other.begin(), other.end());
    auto const kappa = stats::cohen_kappa(a, b);
    return {{"kind", "kappa"}, {"value", kappa && kappa->kappa ? Json(*kappa->kappa) : Json()}};
  }
  std::vector<double> both(one.begin(), one.end());
  both.insert(both.end(), other.begin(), other.end());
  auto const alpha = stats::krippendorff_alpha({both, 2, one.size()}, stats::AlphaScale::interval);
  return {{"kind", "alpha"}, {"value", alpha ? Json(*alpha) : Json()}};
}

Json compare(std::vector<std::size_t> const& rows, std::size_t arm, std::size_t preferred, Cells const& first,
             Cells const& second) {
  std::size_t agree = 0, opposite = 0, ties = 0, no_verdict = 0;
  std::vector<std::int64_t> one, other;
  for (auto const row : rows) {
    auto const &base = *second.at({row, 0}), &answer = *second.at({row, arm});
    if (base.ending != run::Ending::scored || answer.ending != run::Ending::scored) {
      ++no_verdict;
      continue;
    }
    auto const theirs = direction(base, answer);
    agree += theirs == direction(*first.at({row, 0}), *first.at({row, arm}));
    ties += theirs == 0;
    for (auto const a : {std::size_t{0}, arm}) {
      one.push_back(first.at({row, a})->score);
      other.push_back(second.at({row, a})->score);
    }
  }
  auto const compared = rows.size() - no_verdict;
  opposite = compared - agree - ties;
  auto const need = needed(compared);
  bool const assessed = rows.size() >= kFewest;
  auto const n = static_cast<std::int64_t>(compared);
  auto const k = static_cast<std::int64_t>(need);
  auto const how = coefficient(one, other);
  bool const subjective = how.at("value").is_number() && how.at("value").get<double>() < kTooSubjective;
  return {{"preferred", preferred},
          {"compared", compared},
          {"agree", agree},
          {"opposite", opposite},
          {"ties", ties},
          {"no_verdict", no_verdict},
          {"needed", need},
          {"coefficient", how},
          {"coin_passes", 1 - stats::binomial_cdf(k - 1, n, 0.5)},
          {"good_judge_fails", stats::binomial_cdf(k - 1, n, kGoodJudge)},
          {"assessed", assessed},
          {"passed", !assessed || (compared >= kFewest && agree >= need && !subjective)}};
}

std::string told(Json const& how) {
  auto const& value = how.at("value");
  return value.is_null() ? std::string("neither kappa nor alpha")
                         : fmt::format("{} {:.2f}", how.at("kind").get<std::string>(), value.get<double>());
}

std::string told(std::string const& arm, Json const& found) {
  if (!found.at("assessed").get<bool>())
    return fmt::format("`{}`: not assessed, {} dev rows have a direction and it takes {}", arm,
                       found.at("preferred").dump(), kFewest);
  return fmt::format(
      "`{}`: the same direction on {} of {} rows, which takes {} (a coin has them with a chance of {:.1f}%, "
      "a judge "
      "that agrees on 9 of 10 rows misses them with {:.1f}%); {} the other direction, {} equal, {} without a "
      "verdict; {}",
      arm, found.at("agree").dump(), found.at("compared").dump(), found.at("needed").dump(),
      found.at("coin_passes").get<double>() * 100, found.at("good_judge_fails").get<double>() * 100,
      found.at("opposite").dump(), found.at("ties").dump(), found.at("no_verdict").dump(),
      told(found.at("coefficient")));
}

tl::unexpected<Error> disagree(plan::Plan const& plan, Json const& body) {
  std::string what;
  for (auto const& [arm, found] : body.at("arms").items())
    if (!found.at("passed").get<bool>()) what += "\n  " + told(arm, found);
  return fail(
      ErrorClass::refused,
      fmt::format("the crosscheck failed: `{}` of metric `{}` and the second judge `{}` do not agree on "
                  "which answer is better{}",
                  plan.judge.info.short_name, plan.metric, plan.crosscheck->judge.info.short_name, what),
      fmt::format("the rubric leaves too much to the judge (kappa and alpha below {} say so), or a judge "
                  "favours its own family: sharpen the rubric or take another judge, which is a new "
                  "experiment; test is still sealed",
                  kTooSubjective));
}

// Scores of the dev pass that an earlier process made.
Result<std::vector<run::Cell>> recorded(Lab& lab, std::vector<split::Row> const& dev) {
  run::RecordReader reader(lab.plan, split::Part::dev, dev);
  if (auto const ok = read_lines(lab.folder.rows(), [&](auto lines) { return reader.add(lines); }); !ok)
    return fail(ok.error());
  return std::move(reader.cells());
}

}  // namespace

Status crosscheck_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev) {
  if (!lab.plan.crosscheck) return {};
  if (auto const found = Json::parse(body_of(lab.ledger, "crosscheck")); found.is_object())
    return found.at("passed").get<bool>() ? Status{} : disagree(lab.plan, found);
  auto const mine = !lab.first_trial.empty();
  auto scores = mine ? std::move(lab.first_trial) : recorded(lab, dev);
  if (!scores) return fail(scores.error());
  auto const first = by_place(*scores);

  std::map<std::size_t, std::pair<std::vector<std::size_t>, std::size_t>>
      sampled;  // by arm: rows, of how many
  std::set<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t arm = 1; arm < lab.plan.arms.size(); ++arm) {
    if (lab.plan.arms[arm].control) continue;  // it can never ship
    auto& [rows, preferred] = sampled[arm];
    rows = sample(lab.plan, dev, first, arm, preferred);
    for (auto const row : rows) places.insert({row, 0}), places.insert({row, arm});
  }
  std::vector<run::Task> tasks;
  for (auto const& [row, arm] : places)
    tasks.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(arm), 0});
  // All of them stand in the journal, with their outputs.
  std::vector<run::Cell> again;
  if (!mine)
    if (auto const ok = pass_on_dev(lab, cast, dev, tasks,
                                    {"dev, answers for the second judge", true, false, true}, again);
        !ok)
      return ok;
  auto const outputs = mine ? first : by_place(again);
  std::vector<run::Given> given;
  for (auto const& task : tasks) given.push_back({task, outputs.at({task.row, task.arm})->rest->output});

  auto judge = make_judge(lab, lab.plan.crosscheck->judge);
  if (!judge) return fail(judge.error());
  auto const who = sha256("crosscheck\x1f" + plan::frame_digest(lab.plan));
  auto const cells = run::judge_given(lab.plan, dev, given, std::move(*judge), cast, who, "crosscheck");
  if (!cells) return fail(cells.error());
  for (auto const& cell : *cells)
    if (cell.ending == run::Ending::missing)
      return fail(ErrorClass::unavailable,
                  fmt::format("the second judge `{}` could not be reached: {}",
                              lab.plan.crosscheck->judge.info.short_name, cell.rest->error),
                  "mend the cause and run again: what is finished is kept, test is still sealed");
  auto const second = by_place(*cells);
  Json arms = Json::object();
  bool passed = true;
  for (auto const& [arm, rows] : sampled) {
    auto const& name = lab.plan.arms[arm].name;
    arms[name] = compare(rows.first, arm, rows.second, first, second);
    passed = passed && arms[name].at("passed").get<bool>();
    lab.with.progress.note("crosscheck: " + told(name, arms[name]));
  }
  Json const body = {{"rows", lab.plan.crosscheck->rows}, {"arms", arms}, {"passed", passed}};
  if (auto const ok = lab.note("crosscheck", body); !ok) return ok;
  return passed ? Status{} : disagree(lab.plan, body);
}

}  // namespace itera::engine
