#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/label_file.hpp"
#include "core/engine/strata.hpp"
#include "core/run/records.hpp"
#include "core/verdict/contrast.hpp"
#include "core/verdict/measure.hpp"
#include "core/verdict/tally.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 0.02;

Error not_deterministic(std::vector<std::string> const& arms, std::size_t rows) {
  return {ErrorClass::refused,
          fmt::format(
              "`{}` is declared deterministic and is not: {} dev rows in {} trials gave different outputs",
              fmt::join(arms, "`, `"), rows, kDeterminismTrials),
          "take out `deterministic`, so that it is run in several trials; that is a new experiment, because "
          "this one is registered"};
}

Status verify_determinism(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev) {
  // What was found once is not tried again until it suits.
  if (auto const found = Json::parse(body_of(lab.ledger, "determinism")); found.is_object()) {
    if (found.at("exact").get<bool>()) return {};
    return tl::unexpected(not_deterministic(found.at("differing").get<std::vector<std::string>>(),
                                            found.at("rows").get<std::size_t>()));
  }
  std::vector<std::size_t> arms;
  for (std::size_t i = 0; i < lab.plan.arms.size(); ++i)
    if (lab.plan.arms[i].deterministic) arms.push_back(i);
  if (arms.empty()) return {};
  std::vector<split::Row> const rows(
      dev.begin(), dev.begin() + static_cast<std::ptrdiff_t>(std::min(kDeterminismRows, dev.size())));
  auto const tasks =
      run::interleaved(lab.plan, rows, arms, 0, [](std::size_t) { return kDeterminismTrials; });
  std::vector<run::Cell> cells;
  if (auto const ok = pass_on_dev(lab, cast, rows, tasks, {"determinism", false, true}, cells); !ok)
    return ok;
  // An answer that could not be had says nothing on whether it would have been the same.
  if (auto const lost = std::find_if(cells.begin(), cells.end(),
                                     [](auto const& cell) { return cell.ending == run::Ending::missing; });
      lost != cells.end())
    return fail(
        ErrorClass::unavailable,
        fmt::format(
            "`{}` is declared deterministic, which could not be tried in {} trials on {} dev rows: {}",
            lab.plan.arms[lost->arm].name, kDeterminismTrials, rows.size(), lost->rest->error),
        "mend the cause and run again; outputs that were recorded need three trials for it");
  std::vector<std::string> differing;
  for (auto const& cell : cells)
    for (auto const& other : cells)
      if (cell.arm == other.arm && cell.row == other.row && cell.trial < other.trial &&
          (cell.rest->output != other.rest->output || cell.ending != other.ending)) {
        auto const name = lab.plan.arms[cell.arm].name;
        if (std::find(differing.begin(), differing.end(), name) == differing.end()) differing.push_back(name);
      }
  Json names = Json::array();
  for (auto const arm : arms) names.push_back(lab.plan.arms[arm].name);
  if (auto const ok = lab.note("determinism", {{"arms", names},
                                               {"rows", rows.size()},
                                               {"trials", kDeterminismTrials},
                                               {"exact", differing.empty()},
                                               {"differing", differing}});
      !ok)
    return ok;
  if (!differing.empty()) return tl::unexpected(not_deterministic(differing, rows.size()));
  return {};
}

// What sizes a test: how much each arm differs from the baseline, and how much answers waver.
Json pairs_json(plan::Plan const& plan, verdict::Tally const& tally) {
  std::vector<std::size_t> rows(tally.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  Json out = Json::object();
  for (std::size_t arm = 1; arm < plan.arms.size(); ++arm) {
    auto const m = verdict::measure(plan, tally, arm, rows);
    std::size_t discordant = 0;
    for (auto const row : m.rows) {
      std::int64_t difference = 0;
      for (std::uint32_t k = 0; k < tally.trials; ++k)
        difference +=
            tally.arms[arm].scores[row * tally.trials + k] - tally.arms[0].scores[row * tally.trials + k];
      discordant += difference != 0;
    }
    // Mean over both arms of the variance inside a row: s_row_pool^2 is that over the rows.
    auto const within =
        m.noise ? m.noise->s_row_pool * m.noise->s_row_pool * static_cast<double>(m.rows.size()) : 0;
    out[plan.arms[arm].name] = {{"rows", m.rows.size()},
                                {"discordant", discordant},
                                {"baseline", m.baseline_score.value_or(0)},
                                {"within_variance", within}};
  }
  return out;
}

// What dev cost in all, judging included; null if an answer does not say what it cost.
Json cost_json(verdict::Tally const& tally) {
  double out = 0;
  for (auto const& arm : tally.arms) {
    if (!verdict::steady_mean(arm.cost_usd)) return nullptr;
    out += arm.billed_usd + arm.judge_usd;
  }
  return out;
}

Status check_scores(plan::Plan const& plan, std::size_t arm, std::size_t lost, std::size_t rows,
                    std::vector<run::Cell> const& cells) {
  if (static_cast<double>(lost) <= kTolerance * static_cast<double>(rows)) return {};
  auto const first = std::find_if(cells.begin(), cells.end(),
                                  [&](auto const& c) { return c.arm == arm && !run::has_score(c); });
  return fail(ErrorClass::unavailable,
              fmt::format("{} of {} dev rows have no score for `{}` (the first: {})", lost, rows,
                          plan.arms[arm].name, first == cells.end() ? "" : first->rest->error),
              "mend the cause and run again: what is finished is kept, test is still sealed");
}

// The baseline's value over the rows that have one. With too few of them there is none, and nothing else is
// paid for: what is written down once, stays.
Status note_baseline(Lab& lab, std::size_t rows, std::vector<run::Cell> const& cells) {
  if (lab.ledger.has("baseline_pass")) return {};
  std::int64_t total = 0, scored = 0;
  for (auto const& cell : cells)
    if (run::has_score(cell)) total += cell.score, ++scored;
  if (auto const ok = check_scores(lab.plan, 0, rows - static_cast<std::size_t>(scored), rows, cells); !ok)
    return ok;
  auto const mean =
      scored > 0 ? static_cast<double>(total) / static_cast<double>(scored * run::kScoreUnit) : 0;
  return lab.note("baseline_pass", {{"rows", scored}, {"score", mean}});
}

// An arm cannot gain more than the baseline fails: a test that will hold too few of its failures shows no
// gain.
void warn_of_few_failures(Lab& lab, std::vector<split::Row> const& dev, std::vector<run::Cell> const& cells) {
  std::vector<bool> fails(dev.size(), false);
  for (auto const& cell : cells) fails[cell.row] = run::has_score(cell) && cell.score < run::kScoreUnit;
  auto const split = Json::parse(body_of(lab.ledger, "split"));
  auto const seen = stats::foresee_hits(strata_of(lab.plan, split, dev, fails), kFewestDiscordant);
  if (seen && seen->chance < kBlind)
    lab.with.progress.warning(fmt::format(
        "the baseline fails {} of {} dev rows: test will hold about {:.1f} failures, and {} or more with "
        "a chance of {:.0f}%; below {} no arm can be shown to gain",
        std::count(fails.begin(), fails.end(), true), dev.size(), seen->expected, kFewestDiscordant,
        seen->chance * 100, kFewestDiscordant));
}

// The arms' scores by each secondary metric; a judge that failed on many rows is warned of while it can still
// be mended.
Json secondaries_json(Lab& lab, verdict::Tally const& tally) {
  Json out = Json::object();
  for (std::size_t s = 0; s < lab.plan.secondaries.size(); ++s) {
    auto const& metric = lab.plan.secondaries[s].name;
    auto const by = verdict::by_secondary(tally, s);
    for (std::size_t arm = 0; arm < lab.plan.arms.size(); ++arm) {
      auto const& name = lab.plan.arms[arm].name;
      auto const score = verdict::mean_score(by, arm);
      out[metric][name] = score ? Json(*score) : Json();
      auto const lost = std::count(by.arms[arm].complete.begin(), by.arms[arm].complete.end(), false);
      if (static_cast<double>(lost) > kTolerance * static_cast<double>(by.rows))
        lab.with.progress.warning(
            fmt::format("{} of {} dev rows have no score by `{}` for `{}`: of a metric that is not known on "
                        "98% of the rows nothing is shown",
                        lost, by.rows, metric, name));
    }
  }
  return out;
}

}  // namespace

Status pass_on_dev(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev,
                   std::vector<run::Task> const& tasks, run::PassOptions const& options,
                   std::vector<run::Cell>& cells) {
  if (lab.folds) return run_folds(lab.plan, dev, tasks, cast, *lab.folds, options, cells);
  return run::run_pass(lab.plan, dev, tasks, cast, options, cells);
}

Status dev_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev) {
  if (lab.ledger.has("dev_pass")) return {};
  if (auto const ok = verify_determinism(lab, cast, dev); !ok) return ok;
  auto const trials = [&](std::size_t arm) { return plan::trials_of(lab.plan, lab.plan.arms[arm]); };

  std::size_t each = 0;
  for (std::size_t arm = 0; arm < lab.plan.arms.size(); ++arm) each += trials(arm);
  std::vector<run::Cell> cells;
  cells.reserve(dev.size() * each);  // of all passes: they never stand twice in memory
  bool const second = lab.plan.crosscheck.has_value();

  // The baseline's value is written down before any arm has one.
  auto tasks = run::interleaved(lab.plan, dev, {0}, 0, [](std::size_t) { return 1U; });
  if (auto const ok = pass_on_dev(lab, cast, dev, tasks, {"dev, baseline first", true, false, second}, cells);
      !ok)
    return ok;
  if (auto const ok = note_baseline(lab, dev.size(), cells); !ok) return ok;

  if (!verdict::non_inferiority(lab.plan)) warn_of_few_failures(lab, dev, cells);

  std::vector<std::size_t> others;
  for (std::size_t arm = 1; arm < lab.plan.arms.size(); ++arm) others.push_back(arm);
  auto all = others;
  all.insert(all.begin(), 0);
  tasks = run::interleaved(lab.plan, dev, others, 0, [](std::size_t) { return 1U; });
  auto const later = run::interleaved(lab.plan, dev, all, 1, trials);
  tasks.insert(tasks.end(), later.begin(), later.end());
  if (auto const ok = pass_on_dev(lab, cast, dev, tasks, {"dev", true, false, second}, cells); !ok) return ok;

  if (second)
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(lab.first_trial),
                 [](auto const& cell) { return cell.trial == 0; });
  auto tally = verdict::tally(lab.plan, dev, cells, false);  // as it is read back from the records
  Json scores = Json::object();
  for (std::size_t arm = 0; arm < lab.plan.arms.size(); ++arm) {
    auto const lost = std::count(tally.arms[arm].complete.begin(), tally.arms[arm].complete.end(), false);
    if (auto const ok = check_scores(lab.plan, arm, static_cast<std::size_t>(lost), dev.size(), cells); !ok)
      return ok;
    auto const score = verdict::mean_score(tally, arm);
    scores[lab.plan.arms[arm].name] = score ? Json(*score) : Json();
    lab.with.progress.note(
        fmt::format("dev: `{}` {:.4f} on {} rows", lab.plan.arms[arm].name, score.value_or(0), dev.size()));
  }
  auto file = FileWriter::create(lab.folder.rows());
  if (!file) return fail(file.error());
  run::RecordsDigest digest;
  run::write_records(lab.plan, split::Part::dev, dev, cells, [&](std::string_view line) {
    digest.add(line);
    file->add(line);
  });
  if (auto const ok = file->commit(); !ok) return ok;
  Json body = {{"cells", cells.size()},
               {"scores", scores},
               {"pairs", pairs_json(lab.plan, tally)},
               {"cost_usd", cost_json(tally)},
               {"records_digest", digest.hex()}};
  if (!lab.plan.secondaries.empty()) body["secondaries"] = secondaries_json(lab, tally);
  // What the label audit is to confirm.
  if (lab.plan.origin != "production") {
    auto const lines = read_file(lab.folder.rows());
    if (!lines) return fail(lines.error());
    body["baseline_fails"] = failed_rows(*lines, lab.plan.baseline().name).rows.size();
  }
  lab.dev = std::move(tally);
  return lab.note("dev_pass", body);
}

}  // namespace itera::engine
