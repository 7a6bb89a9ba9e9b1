#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/engine/judging.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/label_file.hpp"
#include "core/engine/size_phase.hpp"
#include "core/engine/strata.hpp"
#include "core/plan/plan_json.hpp"
#include "core/run/pilot.hpp"
#include "core/run/prepare.hpp"
#include "core/run/records.hpp"
#include "core/split/assign.hpp"
#include "core/store/sqlite_store.hpp"
#include "core/verdict/contrast.hpp"
#include "core/verdict/measure.hpp"
#include "core/verdict/tally.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 0.02;

// What an arm's prepare step is given.
struct Lesson {
  std::vector<split::Row> rows;
  std::optional<std::size_t> without;  // in folds: the fold that is left out; 0: none is
  std::string folder() const {         // in folds
    return *without == 0 ? "all" : fmt::format("without-{}", *without);
  }
  // As the ledger has it: no member for a fixed split, null where no fold is left out.
  void write_to(Json& body) const {
    if (without) body["without_fold"] = *without == 0 ? Json() : Json(*without);
  }
  bool is_of(Json const& body) const {
    Json mine = Json::object();
    write_to(mine);
    return body.contains("without_fold") == without.has_value() &&
           body.value("without_fold", Json()) == mine.value("without_fold", Json());
  }
  std::string says() const {
    return !without        ? fmt::format("{} train rows", rows.size())
           : *without == 0 ? fmt::format("all {} rows that are not test's", rows.size())
                           : fmt::format("{} rows without fold {}", rows.size(), *without);
  }
};

// The digest of the folder that the arm's prepare step made from the present rows. What was learnt from the
// rows of an earlier split is not used.
std::optional<std::string> prepared_digest(plan::Ledger const& ledger, plan::PlannedArm const& arm,
                                           Lesson const& lesson) {
  auto const* split = ledger.last("split");
  std::optional<std::string> out;
  for (auto const& entry : ledger.entries())
    if (entry.kind == "prepared" && split && entry.seq > split->seq)
      if (auto const body = Json::parse(entry.body_json);
          body.at("arm") == arm.name && body.at("arm_digest") == plan::arm_digest(arm) && lesson.is_of(body))
        out = body.at("digest").get<std::string>();
  return out;
}

// Things that the pilot proved stay proved until something moves.
bool pilot_stands(plan::Ledger const& ledger) {
  auto const* pilot = ledger.last("pilot");
  if (!pilot || !Json::parse(pilot->body_json).at("passed").get<bool>()) return false;
  for (auto const* kind : {"amended", "split", "prepared"})
    if (auto const* entry = ledger.last(kind); entry && entry->seq > pilot->seq) return false;
  return true;
}

std::string pilot_md(plan::Plan const& plan, run::Pilot const& pilot, bool folds) {
  auto out = fmt::format("# Pilot of {}\n\nRow `{}` of {}:\n\n```json\n{}\n```\n", plan.name, pilot.row_key,
                         folds ? "the reading fold" : "train", pilot.row_input);
  for (auto const& line : pilot.lines) {
    out +=
        fmt::format("\n## {}: {}\n\n```\n{}\n```\n\nlatency {:.1f} ms, cost {}, {}\n", line.arm,
                    line.problems.empty() ? "passed" : "failed", line.cell.rest->output, line.cell.latency_ms,
                    line.cell.cost_usd ? fmt::format("${:.4g}", *line.cell.cost_usd) : "not reported",
                    run::has_score(line.cell)
                        ? fmt::format("score {}", static_cast<double>(line.cell.score) / run::kScoreUnit)
                        : "no score");
    if (auto const& judging = line.cell.rest->judge_usd; judging && *judging > 0)
      out += fmt::format("\njudging cost {}, which is part of no arm's cost\n", run::money(*judging));
    auto const& also = line.cell.rest->secondaries;
    for (std::size_t s = 0; s < also.size(); ++s)
      if (also[s].score)
        out += fmt::format("{} {}\n", plan.secondaries[s].name,
                           static_cast<double>(*also[s].score) / run::kScoreUnit);
    for (auto const& problem : line.problems) out += fmt::format("- {}\n", problem);
  }
  return out;
}

// What one row costs with all its arms and trials, judging included, by the pilot; 0 if nothing is known to
// cost anything.
double pilot_row_usd(plan::Plan const& plan, run::Pilot const& pilot) {
  double out = 0;
  for (std::size_t i = 0; i < pilot.lines.size(); ++i) {
    auto const& cell = pilot.lines[i].cell;
    out +=
        (cell.cost_usd.value_or(0) + cell.rest->judge_usd.value_or(0)) * plan::trials_of(plan, plan.arms[i]);
  }
  return out;
}

std::string pilot_estimate(double row_usd, Json const& split) {
  auto const rows = [&](char const* part) { return split.at("parts").at(part).get<double>(); };
  return fmt::format(
      "by the pilot's one row, dev costs about {} and test about {}, judging included: a rough figure",
      run::money(row_usd * rows("dev")), run::money(row_usd * rows("test")));
}

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

Result<Learnt> learn(Lab& lab, run::Cast& cast, Lesson const& lesson) {
  Learnt out;
  out.prepared.resize(lab.plan.arms.size());
  for (std::size_t i = 0; i < lab.plan.arms.size(); ++i) {
    auto const& arm = lab.plan.arms[i];
    auto const known = prepared_digest(lab.ledger, arm, lesson);
    auto folder = lab.folder.state() / "prepared" / arm.name;
    if (lesson.without) folder /= lesson.folder();
    auto const made = run::prepare(lab.plan, i, lesson.rows, folder, known, cast);
    if (!made) return fail(made.error());
    out.who.push_back(sha256(fmt::format("{}\x1f{}\x1f{}", plan::frame_digest(lab.plan),
                                         plan::arm_digest(arm), *made ? (*made)->digest : "")));
    if (!*made) continue;
    out.prepared[i] = (*made)->folder;
    if (known) continue;
    Json body = {{"arm", arm.name},
                 {"arm_digest", plan::arm_digest(arm)},
                 {"train_rows", lesson.rows.size()},
                 {"digest", (*made)->digest}};
    lesson.write_to(body);
    if (auto const ok = lab.note("prepared", body, {{"latency_ms", (*made)->latency_ms}}); !ok)
      return fail(ok.error());
    lab.with.progress.note(
        fmt::format("prepared `{}` on {} in {:.1f} s", arm.name, lesson.says(), (*made)->latency_ms / 1000));
  }
  return out;
}

// In folds all lessons are over before the pilot, so that nothing moves after the registration.
Status teach(Lab& lab, run::Cast& cast, std::vector<split::Row> const& train) {
  if (!in_folds(lab.ledger)) {
    auto const learnt = learn(lab, cast, {train, std::nullopt});
    if (!learnt) return fail(learnt.error());
    use(cast, *learnt);
    return {};
  }
  auto const dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  Folds folds{split::dev_folds(lab.plan, *dev), {}, false};
  for (std::size_t left_out = 0; left_out <= split::kFolds; ++left_out) {
    Lesson lesson{{}, left_out};
    if (left_out != 1) lesson.rows = train;
    for (std::size_t i = 0; i < dev->size(); ++i)
      if (folds.of_dev[i] != left_out) lesson.rows.push_back((*dev)[i]);
    auto learnt = learn(lab, cast, lesson);
    if (!learnt) return fail(learnt.error());
    folds.differ = folds.differ || std::any_of(learnt->prepared.begin(), learnt->prepared.end(),
                                               [](auto const& folder) { return !folder.empty(); });
    folds.without.push_back(std::move(*learnt));
  }
  use(cast, folds.without[1]);
  lab.folds = std::move(folds);
  return {};
}

// Made before the first answer is paid for; once it was, it may not be gone.
Status open_journal(Lab& lab) {
  bool const begun = lab.ledger.has("pilot");
  auto store = store::open(lab.folder.store(), lab.plan.name,
                           begun ? store::Open::existing : store::Open::existing_or_new);
  if (!store) return fail(store.error());
  lab.store = std::move(*store);
  auto journal = run::Journal::open(*lab.store, lab.seal);
  if (!journal) return fail(journal.error());
  lab.journal = std::move(*journal);
  // Answers of a recording cost nothing.
  if (lab.plan.budget_usd && !lab.with.replayed) lab.purse.emplace(*lab.journal, *lab.plan.budget_usd);
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

Result<run::Cast> cast_phase(Lab& lab, std::vector<split::Row> const& train) {
  if (auto const ok = open_journal(lab); !ok) return fail(ok.error());
  run::Cast cast;
  cast.journal = &*lab.journal;
  if (lab.purse) cast.purse = &*lab.purse;
  cast.caller = &lab.with.caller;
  cast.progress = &lab.with.progress;
  for (auto const& arm : lab.plan.arms) {
    auto made = lab.with.actors.arm(arm.actor.info, arm.actor.settings_json);
    if (!made) return fail(made.error());
    cast.arms.push_back(std::move(*made));
  }
  auto judge = make_judge(lab, lab.plan.judge);
  if (!judge) return fail(judge.error());
  cast.judge = std::move(*judge);
  for (auto const& metric : lab.plan.secondaries) {
    auto made = lab.with.actors.judge(metric.judge.info, metric.judge.settings_json);
    if (!made) return fail(made.error());
    cast.secondaries.push_back(std::move(*made));
  }

  if (auto const ok = teach(lab, cast, train); !ok) return fail(ok.error());
  return cast;
}

Status pilot_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& train, bool register_after) {
  if (!pilot_stands(lab.ledger)) {
    auto const pilot = run::run_pilot(lab.plan, train, cast);
    if (!pilot) return fail(pilot.error());
    if (lab.purse && !lab.purse->overdrawn().empty())
      return fail(ErrorClass::refused,
                  fmt::format("{}: a budget cannot hold without the most that a call can cost",
                              lab.purse->overdrawn()),
                  "give prices that are high enough; of a program, `cost_per_row` is the most");
    auto const row_usd = pilot_row_usd(lab.plan, *pilot);
    auto const text = pilot_md(lab.plan, *pilot, lab.folds.has_value());
    lab.with.progress.note(text);
    if (auto const ok = write_file(lab.folder.state() / "pilot.md", text, 0600); !ok) return ok;
    Json arms = Json::object();
    std::string problems;
    for (auto const& line : pilot->lines) {
      arms[line.arm] = line.problems;
      for (auto const& problem : line.problems) problems += fmt::format("\n  `{}` {}", line.arm, problem);
    }
    Json body = {{"row", pilot->row_key}, {"passed", pilot->passed()}, {"problems", arms}};
    if (row_usd > 0) body["row_usd"] = row_usd;
    if (auto const ok = lab.note("pilot", body); !ok) return ok;
    if (row_usd > 0)
      lab.with.progress.note(pilot_estimate(row_usd, Json::parse(body_of(lab.ledger, "split"))));
    if (auto const ok = write_frame(lab); !ok) return ok;
    if (!pilot->passed())
      return fail(ErrorClass::refused,
                  fmt::format("the pilot failed on row `{}`:{}", pilot->row_key, problems),
                  fmt::format("mend the arm and run again; {} has the outputs whole",
                              (lab.folder.state() / "pilot.md").string()));
  }
  if (!register_after || lab.ledger.has("registered")) return {};
  if (auto const ok =
          lab.note("registered", {{"plan_digest", plan::plan_digest(lab.plan)}, {"size", size_json(lab)}});
      !ok)
    return ok;
  return write_frame(lab);
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
