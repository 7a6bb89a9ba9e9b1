#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/labels.hpp"
#include "core/engine/reports.hpp"
#include "core/plan/plan_json.hpp"
#include "core/report/evidence.hpp"
#include "core/report/verdict_json.hpp"
#include "core/run/records.hpp"
#include "core/verdict/conclude.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

// Rebuilt from the ledger's counts: no row of the source is read again.
split::Distribution distribution_from(Json const& split) {
  split::Distribution out;
  for (auto const& d : split.at("audit").at("dimensions")) {
    // Only slices are asked for; an expected column of a slice's name is the slice itself.
    if (d.value("kind", "slice") != "slice") continue;
    split::DimensionAudit dimension{d.at("column"), {}};
    for (auto const& c : d.at("cells")) {
      dimension.cells.push_back(
          {c.at("value"), c.at("production"), c.at("sample"), c.at("train"), c.at("dev"), c.at("test")});
      if (!c.at("declared").is_null()) dimension.cells.back().declared = c.at("declared").get<double>();
    }
    out.dimensions.push_back(std::move(dimension));
  }
  return out;
}

Result<RunResult> finish(Lab& lab, report::Evidence const& evidence, verdict::Outcome outcome) {
  auto const json = report::evidence_json(evidence);
  if (auto const ok = write_file(lab.folder.data(), json.dump(2) + "\n"); !ok) return fail(ok.error());
  RunResult out;
  out.folder = lab.folder.root;
  out.outcome = outcome;
  out.verdict_line =
      fmt::format("{}. {}", to_string(outcome), json["verdict"]["rationale"].get<std::string>());
  out.decided_by = json["verdict"]["deciding_clause"];
  out.not_shown = json["verdict"]["not_shown"];
  out.next = json["verdict"]["next"];
  out.open = write_reports(lab.folder, lab.plan.reporters, lab.with.actors, lab.with.progress, json).string();
  out.document_json = canonical(report::verdict_json(json));
  out.files = files_of(lab.folder);
  return out;
}

Result<verdict::Tally> dev_tally(Lab& lab, std::vector<split::Row> const& dev, std::string const& records) {
  auto const cells = run::read_records(lab.plan, split::Part::dev, dev, records);
  if (!cells) return fail(cells.error());
  return verdict::tally(lab.plan, dev, *cells);
}

Result<std::string> dev_records(Lab& lab) {
  auto const text = read_file(lab.folder.rows());
  if (!text) return fail(text.error());
  auto const pass = Json::parse(body_of(lab.ledger, "dev_pass"));
  if (!pass.is_object() || pass.at("records_digest") != run::records_digest(*text))
    return fail(ErrorClass::refused,
                fmt::format("{} is not what the dev pass wrote", lab.folder.rows().string()),
                "restore it from version control: test is still sealed");
  return *text;
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
  return out;
}

// The one pass on test: announced, or, when an earlier process was cut short, gone on with under its id.
Result<std::string> begin_pass(Lab& lab, Json const& digest) {
  if (auto const begun = Json::parse(body_of(lab.ledger, "unsealed")); begun.is_object()) {
    auto const id = begun.at("pass").get<std::string>();
    lab.with.progress.note("the pass on test was cut short: it is resumed");
    if (auto const ok = lab.note("resumed", {{"pass", id}}); !ok) return fail(ok.error());
    return id;
  }
  auto const id = sha256(fmt::format("{}\x1f{}", lab.ledger.head(), "test")).substr(0, 16);
  if (auto const ok = lab.note("unsealed", {{"pass", id}, {"digest", digest}}); !ok) return fail(ok.error());
  return id;
}

}  // namespace

Result<RunResult> conclude_phase(Lab& lab, run::Cast& cast, std::vector<split::Row> const& dev) {
  auto const records = dev_records(lab);
  if (!records) return fail(records.error());
  auto const dev_counts = dev_tally(lab, dev, *records);
  if (!dev_counts) return fail(dev_counts.error());
  auto const split = Json::parse(body_of(lab.ledger, "split"));

  auto const pass_id = begin_pass(lab, split.at("digests").at("test"));
  if (!pass_id) return fail(pass_id.error());
  auto const test = lab.seal.open(split::Part::test, bound_to(lab));
  if (!test) return close_as_invalid(lab, test.error().what);

  std::vector<std::size_t> arms;
  for (std::size_t arm = 0; arm < lab.plan.arms.size(); ++arm) arms.push_back(arm);
  auto const tasks = run::interleaved(lab.plan, *test, arms, 0, [&](std::size_t arm) {
    return plan::trials_of(lab.plan, lab.plan.arms[arm]);
  });
  if (lab.folds) use(cast, lab.folds->without[0]);
  auto const cells = run::run_pass(lab.plan, *test, tasks, cast, {"test", true, false});
  // What failed outside can be mended and the pass resumed; a plugin that breaks its contract cannot.
  if (!cells && cells.error().kind != ErrorClass::plugin && cells.error().kind != ErrorClass::internal)
    return fail(cells.error());
  if (!cells) return close_as_invalid(lab, cells.error().what);
  auto const lines = *records + run::record_lines(lab.plan, split::Part::test, *test, *cells);
  if (auto const ok = write_file(lab.folder.rows(), lines); !ok) return fail(ok.error());

  std::string digests;
  for (auto const& row : *test) digests += row.digest;
  auto const counts = verdict::tally(lab.plan, *test, *cells);
  auto const slices = split::slice_values(lab.plan, distribution_from(split));
  auto const verdict = verdict::conclude(lab.plan, counts, slices, integrity_of(lab, sha256(digests)));
  Json outcomes = Json::object();
  for (auto const& arm : verdict.arms)
    outcomes[lab.plan.arms[arm.arm].name] = to_string(arm.decision.outcome);
  Json body = {{"pass", *pass_id},
               {"outcome", to_string(verdict.outcome)},
               {"arms", outcomes},
               {"decided_by", verdict.decided_by},
               {"records_digest", run::records_digest(lines)}};
  // What the label audit is still to confirm.
  if (lab.plan.origin != "production") {
    auto const failed = failed_rows(lines, lab.plan.baseline().name).rows;
    body["baseline_fails"] =
        std::count_if(failed.begin(), failed.end(), [](auto const& row) { return row.part == "test"; });
  }
  if (auto const ok = lab.note("verdict", body); !ok) return fail(ok.error());
  if (auto const ok = write_label_file(lab.plan, lab.folder.labels(), lines); !ok)
    lab.with.progress.warning(
        fmt::format("the test rows are not listed in label-audit.csv: {}", ok.error().what));
  auto const audit = verdict::self_audit(lab.plan, lab.ledger, &verdict);
  return finish(lab, {lab.plan, lab.ledger, *dev_counts, &counts, &verdict, audit, {}}, verdict.outcome);
}

Result<RunResult> close_as_invalid(Lab& lab, std::string const& why) {
  auto const dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  auto const text = read_file(lab.folder.rows());
  auto const counts = text ? dev_tally(lab, *dev, *text) : fail(text.error());
  auto const because = fmt::format(
      "The experiment is invalid: its test set was opened and {}; a second pass is refused.", why);
  if (auto const ok = lab.note("verdict", {{"outcome", "invalid"}, {"because", why}}); !ok)
    return fail(ok.error());
  auto const audit = verdict::self_audit(lab.plan, lab.ledger, nullptr);
  return finish(lab,
                {lab.plan, lab.ledger, counts ? *counts : verdict::tally(lab.plan, *dev, {}), nullptr,
                 nullptr, audit, because},
                verdict::Outcome::invalid);
}

}  // namespace itera::engine
