#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/labels.hpp"
#include "core/engine/reports.hpp"
#include "core/engine/size_phase.hpp"
#include "core/engine/strata.hpp"
#include "core/plan/plan_json.hpp"
#include "core/report/evidence.hpp"
#include "core/report/verdict_json.hpp"
#include "core/run/records.hpp"
#include "core/verdict/conclude.hpp"
#include "core/verdict/contrast.hpp"
#include "core/verdict/gap.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

Result<RunResult> finish(Lab& lab, report::Evidence const& evidence, verdict::Outcome outcome) {
  auto const json = report::evidence_json(evidence);
  if (auto const ok = write_file(lab.folder.data(), json.dump(2) + "\n"); !ok) return fail(ok.error());
  auto const open = write_reports(lab.folder, lab.plan.reporters, lab.with.actors, lab.with.progress, json);
  if (!open) return fail(open.error());
  std::error_code ec;
  std::filesystem::remove(lab.folder.unreported(), ec);
  RunResult out;
  out.folder = lab.folder.root;
  out.outcome = outcome;
  out.verdict_line =
      fmt::format("{}. {}", to_string(outcome), json["verdict"]["rationale"].get<std::string>());
  out.decided_by = json["verdict"]["deciding_clause"];
  out.not_shown = json["verdict"]["not_shown"];
  out.next = json["verdict"]["next"];
  out.open = open->string();
  out.document_json = canonical(report::verdict_json(json));
  out.files = files_of(lab.folder);
  return out;
}

tl::unexpected<Error> not_the_dev_pass(Lab const& lab) {
  return fail(ErrorClass::refused,
              fmt::format("{} is not what the dev pass wrote", lab.folder.rows().string()),
              lab.ledger.has("unsealed") ? "restore it from version control"
                                         : "restore it from version control: test is still sealed");
}

// The dev pass as this process made it, else from its records.
Result<verdict::Tally> dev_tally(Lab& lab, std::vector<split::Row> const& dev) {
  if (lab.dev) return std::exchange(lab.dev, std::nullopt).value();
  run::RecordReader reader(lab.plan, split::Part::dev, dev);
  if (auto const ok = read_lines(lab.folder.rows(), [&](auto lines) { return reader.add(lines); }); !ok)
    return fail(ok.error());
  return verdict::tally(lab.plan, dev, reader.cells(), false);  // records are sorted by key
}

// The dev pass's lines alone: a process that died before the verdict may have added those of test, which are
// made again.
Status each_dev_record(Lab const& lab, std::function<void(std::string_view line)> const& visit) {
  bool more = false;
  auto const read = read_lines(lab.folder.rows(), [&](auto lines) {
    more |= run::records_of(split::Part::dev, lines, visit) > 0;
    return Status{};
  });
  if (!read) return read;
  if (more && !lab.ledger.has("unsealed")) return not_the_dev_pass(lab);
  return {};
}

Status check_dev_records(Lab const& lab) {
  run::RecordsDigest digest;
  if (auto const ok = each_dev_record(lab, [&](auto line) { digest.add(line); }); !ok) return ok;
  auto const pass = Json::parse(body_of(lab.ledger, "dev_pass"));
  if (!pass.is_object() || pass.at("records_digest") != digest.hex()) return not_the_dev_pass(lab);
  return {};
}

// The records of the test pass behind those of the dev pass; gives the digest of all.
Result<std::string> add_test_records(Lab& lab, std::vector<split::Row> const& test,
                                     std::vector<run::Cell> const& cells) {
  auto file = FileWriter::create(lab.folder.rows());
  if (!file) return fail(file.error());
  run::RecordsDigest digest;
  auto const add = [&](std::string_view line) {
    digest.add(line);
    file->add(line);
  };
  if (auto const ok = each_dev_record(lab, add); !ok) return fail(ok.error());
  run::write_records(lab.plan, split::Part::test, test, cells, add);
  if (auto const ok = file->commit(); !ok) return fail(ok.error());
  return digest.hex();
}

std::vector<std::size_t> blind_arms(Lab const& lab) {
  std::vector<std::size_t> out;
  auto const unsealed = Json::parse(body_of(lab.ledger, "unsealed"));
  for (std::size_t arm = 0; arm < lab.plan.arms.size(); ++arm)
    if (unsealed.contains("blind") && unsealed.at("blind").contains(lab.plan.arms[arm].name))
      out.push_back(arm);
  return out;
}

verdict::Integrity integrity_of(Lab const& lab, std::string const& test_digest) {
  verdict::Integrity out;
  auto const split = Json::parse(body_of(lab.ledger, "split"));
  if (Json::parse(body_of(lab.ledger, "registered")).value("plan_digest", "") != plan::plan_digest(lab.plan))
    out.broken.emplace_back("the plan is not the registered one");
  if (!Json::parse(body_of(lab.ledger, "pilot")).value("passed", false))
    out.broken.emplace_back("no pilot passed");
  if (!split.at("audit").value("passed", false)) out.broken.emplace_back("the distribution audit failed");
  if (split.at("digests").at("test") != test_digest)
    out.broken.emplace_back("the sealed test rows are not those of the split");
  out.evidence = "plan as registered, pilot and audit passed, test opened once";
  out.foretold_blind = blind_arms(lab);
  return out;
}

// The one pass on test: announced, or, when an earlier process was cut short, gone on with under its id.
Result<std::string> begin_pass(Lab& lab, Json const& digest, Json const& blind) {
  if (auto const begun = Json::parse(body_of(lab.ledger, "unsealed")); begun.is_object()) {
    auto const id = begun.at("pass").get<std::string>();
    lab.with.progress.note("the pass on test was cut short: it is resumed");
    if (auto const ok = lab.note("resumed", {{"pass", id}}); !ok) return fail(ok.error());
    return id;
  }
  auto const id = sha256(fmt::format("{}\x1f{}", lab.ledger.head(), "test")).substr(0, 16);
  Json body = {{"pass", id}, {"digest", digest}};
  if (!blind.empty()) body["blind"] = blind;
  if (auto const ok = lab.note("unsealed", body); !ok) return fail(ok.error());
  return id;
}

// Arms to which test will be blind by what dev foretells, with the numbers; a test that is only weak is
// warned of.
Json foresee_blindness(Lab& lab, Json const& split, std::vector<split::Row> const& dev,
                       verdict::Tally const& counts) {
  Json out = Json::object();
  auto const foreseen = foresee_discordance(lab.plan, split, dev, counts);
  for (std::size_t arm = 0; arm < foreseen.size(); ++arm) {
    auto const& seen = foreseen[arm];
    if (!seen || seen->chance >= kWeak) continue;
    auto const& name = lab.plan.arms[arm].name;
    lab.with.progress.warning(
        fmt::format("`{}` will differ from `{}` on about {:.1f} test rows, and on the {} that an effect "
                    "takes with a chance of "
                    "{:.0f}%: test is {}",
                    name, lab.plan.baseline().name, seen->expected, kFewestDiscordant, seen->chance * 100,
                    seen->chance < kBlind ? "blind to it" : "weak"));
    if (seen->chance < kBlind) out[name] = {{"chance", seen->chance}, {"expected", seen->expected}};
  }
  return out;
}

// Nothing would be shown, so nothing is paid for and the seal is kept: too few rows that differ are no sign
// that there is no effect.
Result<RunResult> finish_blind(Lab& lab, verdict::Tally const& dev, Json const& blind) {
  std::vector<std::string> arms;
  for (auto const& [name, seen] : blind.items())
    arms.push_back(fmt::format("`{}` on about {:.1f} (a chance of {:.0f}% of {} or more)", name,
                               seen.at("expected").get<double>(), seen.at("chance").get<double>() * 100,
                               kFewestDiscordant));
  auto const because = fmt::format(
      "The test is blind, so it was not opened: by what dev shows, its rows on which an arm differs from "
      "`{}` would be too few, {}.",
      lab.plan.baseline().name, fmt::join(arms, ", "));
  auto const audit = verdict::self_audit(lab.plan, lab.ledger, nullptr);
  return finish(lab, {lab.plan, lab.ledger, dev, nullptr, nullptr, audit, because, true},
                verdict::Outcome::inconclusive);
}

// The most that an answer of the arm and its score could cost on dev; more if a row of test is longer.
double most_on_test(Lab const& lab, Json const& split, std::size_t arm) {
  auto most = lab.purse->bound(fmt::format("arm `{}`", lab.plan.arms[arm].name));
  for (std::size_t judge = 0; judge <= lab.plan.secondaries.size(); ++judge)
    most += lab.purse->bound(run::paid_judge(lab.plan, arm, judge));
  auto const dev = run::dollars(most);
  if (!split.contains("longest")) return dev;
  auto const bytes = [&](char const* part) {
    return std::max(1.0, split.at("longest").at(part).get<double>());
  };
  return dev * std::max(1.0, bytes("test") / bytes("dev"));
}

// Test is opened once, so a pass that could not be finished is not begun.
Status check_budget_for_test(Lab const& lab, Json const& split) {
  if (!lab.purse || lab.ledger.has("unsealed")) return {};
  auto const rows = split.at("parts").at("test").get<double>();
  double worst = 0;
  std::vector<std::string> each;
  for (std::size_t a = 0; a < lab.plan.arms.size(); ++a) {
    auto const& arm = lab.plan.arms[a];
    auto const most = most_on_test(lab, split, a);
    auto const trials = plan::trials_of(lab.plan, arm);
    worst += most * trials * rows;
    each.push_back(fmt::format("`{}` {} x {} trials", arm.name, run::money(most), trials));
  }
  auto const& purse = *lab.purse;
  if (run::nano(worst) <= purse.left()) return {};
  return fail(
      ErrorClass::refused,
      fmt::format("the rest of the budget does not cover the worst case of test, so test stays "
                  "sealed: {} of {} are left, and {:.0f} rows could cost {} (a row, judging included: "
                  "{})",
                  run::money(run::dollars(purse.left())), run::money(run::dollars(purse.budget())), rows,
                  run::money(worst), fmt::join(each, ", ")),
      fmt::format("a new experiment needs a budget of {} or more, or settings that bound a call more "
                  "tightly; this one is registered, and its budget does not move",
                  run::money(run::dollars(purse.spent() + purse.reserved()) + worst)));
}

std::vector<run::Task> test_tasks(Lab const& lab, std::vector<split::Row> const& test) {
  std::vector<std::size_t> arms;
  for (std::size_t arm = 0; arm < lab.plan.arms.size(); ++arm) arms.push_back(arm);
  return run::interleaved(lab.plan, test, arms, 0,
                          [&](std::size_t arm) { return plan::trials_of(lab.plan, lab.plan.arms[arm]); });
}

// The cells as a pass gives them: sums of numbers with fractions depend on their order.
void sort_as(std::vector<run::Task> const& tasks, std::vector<run::Cell>& cells) {
  std::map<std::tuple<std::size_t, std::size_t, std::uint32_t>, std::size_t> place;
  for (std::size_t i = 0; i < tasks.size(); ++i) place[{tasks[i].row, tasks[i].arm, tasks[i].trial}] = i;
  auto const at = [&](run::Cell const& cell) { return place[{cell.row, cell.arm, cell.trial}]; };
  std::sort(cells.begin(), cells.end(), [&](auto const& a, auto const& b) { return at(a) < at(b); });
}

verdict::Verdict judge(Lab const& lab, std::vector<split::Row> const& test, verdict::Tally const& counts) {
  Sha256 digests;
  for (auto const& row : test) digests.add(row.digest.hex());
  auto const slices =
      split::slice_values(lab.plan, distribution_from(Json::parse(body_of(lab.ledger, "split"))));
  return verdict::conclude(lab.plan, counts, slices, integrity_of(lab, digests.hex()));
}

Result<RunResult> finish_invalid(Lab& lab, std::vector<split::Row> const& dev, std::string const& why) {
  auto const counts = dev_tally(lab, dev);
  auto const because = fmt::format(
      "The experiment is invalid: its test set was opened and {}; a second pass is refused.", why);
  auto const audit = verdict::self_audit(lab.plan, lab.ledger, nullptr);
  return finish(lab,
                {lab.plan, lab.ledger, counts ? *counts : verdict::tally(lab.plan, dev, {}), nullptr, nullptr,
                 audit, because},
                verdict::Outcome::invalid);
}

// The rows of test that the baseline fails, beside those of dev.
void list_test_labels(Lab& lab) {
  if (lab.plan.origin == "production") return;
  auto const lines = read_file(lab.folder.rows());
  auto const ok = lines ? write_label_file(lab.plan, lab.folder.labels(), *lines) : fail(lines.error());
  if (!ok)
    lab.with.progress.warning(
        fmt::format("the test rows are not listed in label-audit.csv: {}", ok.error().what));
}

// Says of a verdict whose reports are not whole that they are not; removed with the last of them.
Status note_verdict(Lab& lab, Json const& body) {
  if (auto const ok = write_file(lab.folder.unreported(), ""); !ok) return ok;
  return lab.note("verdict", body);
}

}  // namespace

Result<RunResult> conclude_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> dev) {
  if (auto const ok = check_dev_records(lab); !ok) return fail(ok.error());
  auto const dev_counts = dev_tally(lab, dev);
  if (!dev_counts) return fail(dev_counts.error());
  auto const split = Json::parse(body_of(lab.ledger, "split"));

  Json blind = Json::object();
  // That nothing is worse is shown by rows that do not differ as well.
  if (!lab.ledger.has("unsealed") && !verdict::non_inferiority(lab.plan))
    blind = foresee_blindness(lab, split, dev, *dev_counts);
  dev = std::vector<split::Row>();  // nothing looks at them any more
  if (!blind.empty() && blind.size() == plan::candidates(lab.plan) && !accepted_underpowered(lab.plan)) {
    if (auto const ok =
            note_verdict(lab, {{"outcome", "inconclusive"}, {"decided_by", "blind"}, {"blind", blind}});
        !ok)
      return fail(ok.error());
    return finish_blind(lab, *dev_counts, blind);
  }
  if (auto const ok = check_budget_for_test(lab, split); !ok) return fail(ok.error());
  auto const pass_id = begin_pass(lab, split.at("digests").at("test"), blind);
  if (!pass_id) return fail(pass_id.error());
  auto const test = lab.seal.open(split::Part::test, bound_to(lab));
  if (!test) return close_as_invalid(lab, test.error().what);

  if (lab.folds) use(cast, lab.folds->without[0]);
  auto const cells = run::run_pass(lab.plan, *test, test_tasks(lab, *test), cast, {"test", true, false});
  // What failed outside can be mended and the pass resumed; a plugin that breaks its contract cannot.
  if (!cells && cells.error().kind != ErrorClass::plugin && cells.error().kind != ErrorClass::internal)
    return fail(cells.error());
  if (!cells) return close_as_invalid(lab, cells.error().what);
  auto const records = add_test_records(lab, *test, *cells);
  if (!records) return fail(records.error());

  auto counts = verdict::tally(lab.plan, *test, *cells);
  counts.dev = verdict::dev_effects(lab.plan, *dev_counts);
  auto const verdict = judge(lab, *test, counts);
  Json outcomes = Json::object();
  for (auto const& arm : verdict.arms)
    outcomes[lab.plan.arms[arm.arm].name] = to_string(arm.decision.outcome);
  Json body = {{"pass", *pass_id},
               {"outcome", to_string(verdict.outcome)},
               {"arms", outcomes},
               {"decided_by", verdict.decided_by},
               {"records_digest", *records}};
  // What the label audit is still to confirm.
  if (lab.plan.origin != "production") {
    auto const lines = read_file(lab.folder.rows());
    if (!lines) return fail(lines.error());
    auto const failed = failed_rows(*lines, lab.plan.baseline().name).rows;
    body["baseline_fails"] =
        std::count_if(failed.begin(), failed.end(), [](auto const& row) { return row.part == "test"; });
  }
  if (auto const ok = note_verdict(lab, body); !ok) return fail(ok.error());
  list_test_labels(lab);
  auto const audit = verdict::self_audit(lab.plan, lab.ledger, &verdict);
  return finish(lab, {lab.plan, lab.ledger, *dev_counts, &counts, &verdict, audit, {}}, verdict.outcome);
}

Result<RunResult> finish_phase(Lab& lab) {
  auto const said = Json::parse(body_of(lab.ledger, "verdict"));
  lab.with.progress.note("the verdict stands in the ledger: its reports are written");
  auto const dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  if (said.contains("because")) return finish_invalid(lab, *dev, said.at("because"));
  if (said.contains("blind")) {
    auto const counts = dev_tally(lab, *dev);
    return counts ? finish_blind(lab, *counts, said.at("blind")) : fail(counts.error());
  }
  auto const test = lab.seal.open(split::Part::test, bound_to(lab));
  if (!test) return fail(test.error());
  auto const refused = [&](std::string_view why) {
    return fail(ErrorClass::refused, fmt::format("{} {}", lab.folder.rows().string(), why),
                "restore it from version control");
  };
  run::RecordsDigest digest;
  run::RecordReader reader(lab.plan, split::Part::test, *test);
  auto const read = read_lines(lab.folder.rows(), [&](auto lines) {
    digest.add(lines);
    return reader.add(lines);
  });
  if (!read) return fail(read.error());
  if (digest.hex() != said.at("records_digest")) return refused("is not what the verdict was made of");
  auto const dev_counts = dev_tally(lab, *dev);
  if (!dev_counts) return fail(dev_counts.error());
  auto cells = std::move(reader.cells());
  sort_as(test_tasks(lab, *test), cells);
  auto counts = verdict::tally(lab.plan, *test, cells);
  counts.dev = verdict::dev_effects(lab.plan, *dev_counts);
  auto const verdict = judge(lab, *test, counts);
  if (to_string(verdict.outcome) != said.at("outcome"))
    return refused("gives another verdict than the ledger");
  list_test_labels(lab);
  auto const audit = verdict::self_audit(lab.plan, lab.ledger, &verdict);
  return finish(lab, {lab.plan, lab.ledger, *dev_counts, &counts, &verdict, audit, {}}, verdict.outcome);
}

Result<RunResult> close_as_invalid(Lab& lab, std::string const& why) {
  auto const dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  if (auto const ok = note_verdict(lab, {{"outcome", "invalid"}, {"because", why}}); !ok)
    return fail(ok.error());
  return finish_invalid(lab, *dev, why);
}

}  // namespace itera::engine
