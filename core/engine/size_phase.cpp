#include "core/engine/size_phase.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/engine/lab.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;
using forecast::Known;

constexpr double kLargestTestShare = .5;

// Columns whose values do not account for every test row, or have none, say nothing.
void keep_whole_columns(Known& known) {
  auto const partial = [&](forecast::SliceColumn const& column) {
    std::size_t rows = 0;
    for (auto const& [value, n] : column.values) rows += n;
    return rows != known.test_rows || column.values.empty();
  };
  std::erase_if(known.slices, partial);
  std::erase_if(known.values, [&](split::SliceValue const& value) {
    return std::none_of(known.slices.begin(), known.slices.end(),
                        [&](auto const& column) { return column.column == value.column; });
  });
}

std::optional<forecast::DevSeen> dev_seen(plan::Ledger const& ledger) {
  auto const pass = Json::parse(body_of(ledger, "dev_pass"));
  if (!pass.is_object() || !pass.contains("pairs")) return std::nullopt;
  // The arm that differs most is the one that the others are sized with: more spread, fewer ships.
  std::optional<forecast::DevSeen> out;
  for (auto const& [arm, pair] : pass.at("pairs").items()) {
    forecast::DevSeen const seen{pair.at("rows"), pair.at("discordant"), pair.at("baseline"),
                                 pair.at("within_variance")};
    if (seen.rows > 0 && (!out || seen.discordant > out->discordant)) out = seen;
  }
  return out;
}

std::size_t share_of(std::size_t rows, double share) {
  return static_cast<std::size_t>(std::llround(static_cast<double>(rows) * share));
}

// "train 20%  dev 30%  test 50%" for a test set of about `needed` of `all` rows; nothing if half is not
// enough.
std::optional<std::string> split_line(std::size_t needed, std::size_t all) {
  for (int const test : {30, 40, 50})
    if (static_cast<double>(all) * test >= 100. * static_cast<double>(needed)) {
      auto const train = test == 30 ? 30 : 20;
      return fmt::format("train {}%  dev {}%  test {}%", train, 100 - train - test, test);
    }
  return std::nullopt;
}

}  // namespace

split::Distribution distribution_from(Json const& split) {
  split::Distribution out;
  for (auto const& d : split.at("audit").at("dimensions")) {
    // Only slices are asked for; an expected column of a slice's name is the slice itself.
    if (d.value("kind", "slice") != "slice") continue;
    split::DimensionAudit dimension{d.at("column"), {}};
    for (auto const& c : d.at("cells"))
      dimension.cells.push_back(
          {c.at("value"), c.at("production"), c.at("sample"), c.at("train"), c.at("dev"), c.at("test"),
           c.at("declared").is_null() ? std::nullopt : std::optional(c.at("declared").get<double>())});
    out.dimensions.push_back(std::move(dimension));
  }
  return out;
}

Known known_from(plan::Plan const& plan, plan::Ledger const& ledger) {
  Known out;
  auto const split = Json::parse(body_of(ledger, "split"));
  if (!split.is_object()) return out;
  auto const& parts = split.at("parts");
  out.test_rows = parts.at("test");
  out.all_rows = parts.at("train").get<std::size_t>() + parts.at("dev").get<std::size_t>() + out.test_rows;
  auto const distribution = distribution_from(split);
  for (auto const& d : distribution.dimensions) {
    if (std::find(plan.row.slices.begin(), plan.row.slices.end(), d.column) == plan.row.slices.end())
      continue;
    forecast::SliceColumn column{d.column, {}};
    for (auto const& cell : d.cells) column.values.emplace_back(cell.value, cell.test);
    out.slices.push_back(std::move(column));
  }
  out.values = split::slice_values(plan, distribution);
  if (split.contains("entities")) out.entities = split.at("entities").at("test").get<std::size_t>();
  out.dev = dev_seen(ledger);
  keep_whole_columns(out);
  return out;
}

Known expected_from(plan::Plan const& plan, std::size_t rows) {
  Known out;
  out.all_rows = rows;
  out.test_rows = share_of(rows, to_double(plan.split.test));
  for (auto const& traffic : plan.traffic) {
    auto const& slices = plan.row.slices;
    if (std::find(slices.begin(), slices.end(), traffic.column) == slices.end()) continue;
    forecast::SliceColumn column{traffic.column, {}};
    std::size_t given = 0;
    for (auto const& [value, part] : traffic.shares) {
      auto const n = std::min(share_of(out.test_rows, to_double(part)), out.test_rows - given);
      given += n;
      column.values.emplace_back(value, n);
      out.values.push_back({traffic.column, value, to_double(part), to_double(part) >= .1});
    }
    if (!column.values.empty()) column.values.front().second += out.test_rows - given;
    out.slices.push_back(std::move(column));
  }
  keep_whole_columns(out);
  return out;
}

std::optional<std::string> accepted_underpowered(plan::Plan const& plan) {
  for (auto const& accept : plan.accepts)
    if (accept.what == "underpowered") return accept.reason;
  return std::nullopt;
}

Error too_small_error(plan::Plan const& plan, Known const& known, forecast::BestCase const& best,
                      bool locked) {
  auto const twice =
      plan::threshold(reduce(plan.rule.effect.num * 2, plan.rule.effect.den), plan.rule.relative, true);
  auto const what = fmt::format(
      "the test is too small: with {}{} test rows the declared rule ships an arm that is truly {} better, "
      "twice the "
      "threshold, in {} at best, where every row that differs is a win",
      best.upper_bound ? "at most " : "", known.test_rows, twice, forecast::words(best.ships));
  auto const needed = forecast::rows_for_best_case(plan, known);
  if (!needed)
    return {ErrorClass::refused, what,
            fmt::format("more than {} test rows would be needed: ask for a larger effect, or say why in the "
                        "spec: accept underpowered \"why\"",
                        forecast::kMostRows)};
  std::string ways = fmt::format("a chance of 80% takes at least {} test rows, ", *needed);
  auto const all = static_cast<std::size_t>(
      std::ceil(static_cast<double>(*needed) / std::max(.01, to_double(plan.split.test))));
  ways += fmt::format("{} rows in all with this split", all);
  if (auto const line = split_line(*needed, known.all_rows))
    ways += locked ? fmt::format(
                         "; `split {{ {} }}` would do with the {} rows there are, but the split is locked: "
                         "that is an experiment under another name",
                         *line, known.all_rows)
                   : fmt::format("; `split {{ {} }}` does with the {} rows there are", *line, known.all_rows);
  return {ErrorClass::refused, what, ways + "; or say why it is worth it: accept underpowered \"why\""};
}

Status size_before_frame(Lab& lab) {
  if (lab.ledger.has("framed") || accepted_underpowered(lab.plan)) return {};
  std::size_t rows = 0;
  if (lab.plan.sample) {
    rows = *lab.plan.sample;
  } else {
    // Rows may be counted before the lock, their contents not read: no column is asked for. A source that
    // fails here fails again where its rows are read, and says more there.
    auto const source = lab.with.actors.source(lab.plan.source.info, lab.plan.source.settings_json);
    if (!source) return {};
    auto const counted = (*source)->read({}, [](auto&&) {});
    if (!counted) return {};
    rows = counted->rows;
  }
  auto const known = expected_from(lab.plan, rows);
  auto best = forecast::best_case(lab.plan, known);
  if (!best || !forecast::too_small(*best)) return {};
  best->upper_bound = true;
  return tl::unexpected(too_small_error(lab.plan, known, *best, false));
}

Status size_phase(Lab& lab) {
  if (lab.ledger.has("registered")) return {};
  auto const known = known_from(lab.plan, lab.ledger);
  auto const best = forecast::best_case(lab.plan, known);
  if (!best || !forecast::too_small(*best)) return {};
  if (auto const reason = accepted_underpowered(lab.plan)) {
    lab.with.progress.warning(fmt::format(
        "the test is small: {} test rows ship an arm of twice the threshold in {} at best; accepted: {}",
        known.test_rows, forecast::words(best->ships), *reason));
    return {};
  }
  return tl::unexpected(too_small_error(lab.plan, known, *best, true));
}

Json size_json(Lab const& lab) {
  auto const known = known_from(lab.plan, lab.ledger);
  auto const best = forecast::best_case(lab.plan, known);
  auto const reason = accepted_underpowered(lab.plan);
  Json out = {{"test_rows", known.test_rows}, {"accepted", reason ? Json(*reason) : Json()}};
  out["best_case"] =
      best ? Json{{"ships", best->ships.hits}, {"replicates", best->ships.replicates}} : Json();
  return out;
}

}  // namespace itera::engine
