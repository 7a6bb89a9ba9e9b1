#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/strata.hpp"
#include "core/split/assign.hpp"
#include "core/split/impact.hpp"
#include "core/split/select.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;
using split::Part;

struct Parts {
  std::vector<split::Row const*> rows[3];
  std::vector<split::Row const*>& of(Part part) { return rows[static_cast<int>(part)]; }
};

std::string digest_of(std::vector<split::Row const*> const& rows) {
  Sha256 digests;
  for (auto const* row : rows) digests.add(row->digest.hex());
  return digests.hex();
}

// Five folds and test want a row each, and test more than one; entities are never divided.
Status check_folds(plan::Plan const& plan, Parts& parts) {
  std::vector<std::size_t> sizes(split::kFolds + 1);
  sizes[1] = parts.of(Part::train).size();
  std::vector<split::Row> dev;
  for (auto const* row : parts.of(Part::dev)) dev.push_back(*row);
  for (auto const fold : split::dev_folds(plan, dev)) ++sizes[fold];
  for (std::size_t fold = 1; fold < sizes.size(); ++fold)
    if (sizes[fold] == 0)
      return fail(
          ErrorClass::refused,
          fmt::format("with fewer than {} rows the ones that are not test's are divided into {} folds, and "
                      "no row is left for fold {}: rows of one entity stay together",
                      split::kFoldsBelow, split::kFolds, fold),
          fmt::format("take more rows, or rows of more entities; from {} rows on there are no folds",
                      split::kFoldsBelow));
  if (parts.of(Part::test).empty())
    return fail(ErrorClass::refused, "no row is left for test: rows of one entity stay together",
                "take more rows, or rows of more entities");
  return {};
}

Json audit_json(split::Distribution const& distribution) {
  constexpr std::string_view sets[] = {"sample", "train", "dev", "test"};
  constexpr std::string_view verdicts[] = {"ok", "warn", "fail"};
  constexpr std::string_view tests[] = {"chi-square", "exact", "simulated"};
  Json dimensions = Json::array();
  for (auto const& d : distribution.dimensions) {
    Json cells = Json::array();
    for (auto const& c : d.cells)
      cells.push_back({{"value", c.value},
                       {"production", c.production},
                       {"declared", c.declared ? Json(*c.declared) : Json()},
                       {"sample", c.sample},
                       {"train", c.train},
                       {"dev", c.dev},
                       {"test", c.test}});
    Json results = Json::object();
    for (std::size_t i = 0; i < d.audits.size(); ++i)
      if (auto const& a = d.audits[i])
        results[std::string(sets[i])] = {{"verdict", verdicts[static_cast<int>(a->verdict)]},
                                         {"tv", a->tv},
                                         {"psi", a->psi},
                                         {"psi_limit", a->psi_limit},
                                         {"p", a->p},
                                         {"test", tests[static_cast<int>(a->test)]}};
    dimensions.push_back({{"column", d.column},
                          {"kind", split::to_string(d.kind)},
                          {"judged", d.judged},
                          {"cells", cells},
                          {"results", results}});
  }
  return {
      {"passed", !distribution.failed()}, {"failures", distribution.failures()}, {"dimensions", dimensions}};
}

std::size_t entities_of(std::vector<split::Row const*> const& rows) {
  std::set<std::string> names;
  std::size_t alone = 0;
  for (auto const* row : rows)
    if (row->entity.empty())
      ++alone;
    else
      names.emplace(row->entity);
  return names.size() + alone;
}

Json entities_json(Parts& parts) {
  return {{"train", entities_of(parts.of(Part::train))},
          {"dev", entities_of(parts.of(Part::dev))},
          {"test", entities_of(parts.of(Part::test))}};
}

// Bytes of the longest row's inputs and expected answer.
std::size_t longest(std::vector<split::Row const*> const& rows) {
  std::size_t out = 0;
  for (auto const* row : rows)
    out = std::max(out, row->input.size() + (row->expected ? row->expected->size() : 0));
  return out;
}

// What test does not hold, it cannot speak of; major values are refused before this.
void warn_of_absent_values(Lab& lab, split::Distribution const& distribution) {
  auto const& slices = lab.plan.row.slices;
  for (auto const& d : distribution.dimensions)
    if (std::find(slices.begin(), slices.end(), d.column) != slices.end())
      for (auto const& cell : d.cells)
        if (cell.sample > 0 && cell.test == 0)
          lab.with.progress.warning(
              fmt::format("test holds none of the {} rows of {}={}: the verdict will be blind to it",
                          cell.sample, d.column, cell.value));
}

// An amendment that asks for new rows stands until a split follows it, however often the reading of them
// failed.
bool outdated(plan::Ledger const& ledger) {
  auto const* split = ledger.last("split");
  auto const& all = ledger.entries();
  return std::any_of(all.begin(), all.end(), [&](plan::LedgerEntry const& entry) {
    return entry.kind == "amended" && split && entry.seq > split->seq &&
           Json::parse(entry.body_json).at("new_rows").get<bool>();
  });
}

}  // namespace

bool split_stands(plan::Ledger const& ledger) {
  auto const body = Json::parse(body_of(ledger, "split"));
  return !outdated(ledger) && body.is_object() && body.at("audit").at("passed").get<bool>() &&
         ledger.has("sealed") && ledger.last("sealed")->seq > ledger.last("split")->seq;
}

Status source_phase(Lab& lab, bool again) {
  if (!again && split_stands(lab.ledger)) return {};
  auto const source = lab.with.actors.source(lab.plan.source.info, lab.plan.source.settings_json);
  if (!source) return fail(source.error());
  auto population = split::read_population(lab.plan, **source);
  if (!population) return fail(population.error());
  auto const production = split::production_of(lab.plan, population->rows);
  auto const selection = split::select(lab.plan, {std::move(population->rows), {}, {}});
  if (selection.rows.size() < split::kFewestRows)
    return fail(
        ErrorClass::refused,
        fmt::format("{} rows remain after duplicates, caps and the sample; with fewer than {} a fold of "
                    "dev holds a row or none, and test too few to show anything",
                    selection.rows.size(), split::kFewestRows),
        "take more rows");
  bool const folds = selection.rows.size() < split::kFoldsBelow;
  auto divided = lab.plan;
  if (folds) divided.split = split::in_folds(lab.plan.split);
  auto const placed = lab.seal.read_manifest();
  if (!placed) return fail(placed.error());
  auto assignment = split::assign(divided, selection.rows, *placed, lab.seal.tag_key());

  Parts parts;
  for (std::size_t i = 0; i < selection.rows.size(); ++i)
    if (!assignment.dropped[i]) parts.of(assignment.parts[i]).push_back(&selection.rows[i]);
  auto const kept =
      static_cast<std::size_t>(std::count(assignment.dropped.begin(), assignment.dropped.end(), false));
  if (folds)
    if (auto const ok = check_folds(lab.plan, parts); !ok) return ok;
  auto const distribution = split::distribution_of(lab.plan, production, selection.rows, assignment.parts,
                                                   assignment.dropped, folds);
  if (auto const ok = split::check_presence(lab.plan, distribution, folds); !ok) return ok;
  if (auto const ok = lab.seal.write_manifest(assignment.manifest); !ok) return ok;
  assignment.manifest = split::Manifest();

  Json body = {{"source", {{"version", population->report.version}, {"rows", population->report.rows}}},
               {"source_rows", selection.source_rows},
               {"data_digest", population->digest},
               {"duplicates", selection.duplicates},
               {"over_cap", selection.over_cap},
               {"over_share", selection.over_share},
               {"not_sampled", selection.not_sampled},
               {"tying_parts", selection.rows.size() - kept},
               {"parts",
                {{"train", parts.of(Part::train).size()},
                 {"dev", parts.of(Part::dev).size()},
                 {"test", parts.of(Part::test).size()}}},
               {"digests",
                {{"train", digest_of(parts.of(Part::train))},
                 {"dev", digest_of(parts.of(Part::dev))},
                 {"test", digest_of(parts.of(Part::test))}}},
               {"audit", audit_json(distribution)},
               {"strata", strata_json(lab.plan, distribution, parts.of(Part::dev), parts.of(Part::test))}};
  if (folds) body["folds"] = split::kFolds;
  // What a row of test can cost is bounded by what those of dev could.
  if (lab.plan.budget_usd)
    body["longest"] = {{"dev", longest(parts.of(Part::dev))}, {"test", longest(parts.of(Part::test))}};
  if (lab.plan.row.entity) body["entities"] = entities_json(parts);
  // Train rows may be looked at; where rows differ in worth, weighing them alike is a choice to be made
  // aloud.
  if (auto const impact =
          lab.plan.row.severity ? std::nullopt : split::varying_impact(lab.plan, parts.of(Part::train))) {
    body["impact"] = {{"column", impact->column}, {"median", impact->median}, {"p95", impact->p95}};
    lab.with.progress.warning(
        fmt::format("the impact of rows may vary: on train, `{}` has a 95th percentile of {:.6g} against a "
                    "median of {:.6g}, and no severity is declared; if it says how much a row matters, write "
                    "in `row`: {}",
                    impact->column, impact->p95, impact->median, impact->clause));
  }
  if (auto const ok = lab.note("split", body); !ok) return ok;
  if (distribution.failed()) {
    std::string list;
    for (auto const& failure : distribution.failures()) list += "\n  " + failure;
    return fail(ErrorClass::refused, "the sample does not look like production:" + list,
                "mend `rows`, `sample`, `split`, `traffic` or the caps and run again; the change is recorded "
                "as an amendment");
  }
  for (auto const part : {Part::train, Part::dev, Part::test})
    if (auto const ok = lab.seal.write(part, bound_to(lab), parts.of(part)); !ok) return ok;
  if (auto const ok = lab.note(
          "sealed", {{"rows", parts.of(Part::test).size()}, {"digest", digest_of(parts.of(Part::test))}});
      !ok)
    return ok;
  warn_of_absent_values(lab, distribution);
  lab.with.progress.note(fmt::format("{} rows: {} {}, dev {}{}, test {} (sealed)", kept,
                                     folds ? "reading fold" : "train", parts.of(Part::train).size(),
                                     parts.of(Part::dev).size(), folds ? " in 4 folds" : "",
                                     parts.of(Part::test).size()));
  return write_frame(lab);
}

}  // namespace itera::engine
