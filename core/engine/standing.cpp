#include "core/engine/standing.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/engine/head.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/size_phase.hpp"
#include "core/plan/lock.hpp"
#include "core/report/split_json.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

Until finished(plan::Ledger const& ledger) {
  if (ledger.has("verdict")) return Until::test;
  if (ledger.has("dev_pass")) return Until::dev;
  if (!split_stands(ledger)) return Until::frame;
  auto const* pilot = ledger.last("pilot");
  bool const passed = pilot && pilot->seq > ledger.last("split")->seq &&
                      Json::parse(pilot->body_json).at("passed").get<bool>();
  return passed ? Until::pilot : Until::source;
}

LockedSplit split_of(plan::Plan const& plan, plan::Ledger const& ledger) {
  auto const body = Json::parse(body_of(ledger, "split"));
  auto const& parts = body.at("parts");
  LockedSplit out{parts.at("train"), parts.at("dev"), parts.at("test"), {}};
  out.known = known_from(plan, ledger);
  if (body.contains("entities")) {
    auto const& e = body.at("entities");
    out.entities = {e.at("train").get<std::uint64_t>(), e.at("dev").get<std::uint64_t>(),
                    e.at("test").get<std::uint64_t>()};
  }
  auto const pass = Json::parse(body_of(ledger, "dev_pass"));
  if (pass.is_object() && pass.contains("cost_usd") && pass.at("cost_usd").is_number() && out.dev > 0)
    out.cost_per_row = pass.at("cost_usd").get<double>() / static_cast<double>(out.dev);
  auto const pilot = Json::parse(body_of(ledger, "pilot"));
  if (!pass.is_object() && pilot.is_object() && pilot.contains("row_usd"))
    out.pilot_row_usd = pilot.at("row_usd").get<double>();
  out.folds = body.contains("folds");
  auto const& slices = plan.row.slices;
  for (auto const& dimension : body.at("audit").at("dimensions")) {
    auto const column = dimension.at("column").get<std::string>();
    if (dimension.value("kind", "slice") != "slice" ||
        std::find(slices.begin(), slices.end(), column) == slices.end())
      continue;
    for (auto const& cell : dimension.at("cells"))
      out.slices.push_back({column, cell.at("value"), cell.at("train"), cell.at("dev"), cell.at("test")});
  }
  return out;
}

Error unbelievable(std::filesystem::path const& file, std::string const& why) {
  return {ErrorClass::refused, fmt::format("{}: {}", file.string(), why), "restore it from version control"};
}

}  // namespace

Result<std::optional<Standing>> standing_of(plan::Plan const& plan,
                                            std::filesystem::path const& spec_folder) {
  auto const folder = find_folder(plan.name, spec_folder, std::nullopt, "");
  if (!folder) return fail(folder.error());
  auto const ledger = open_ledger(*folder);
  if (!ledger) return fail(ErrorClass::refused, ledger.error().what, ledger.error().help);
  auto const* framed = ledger->last("framed");
  if (!framed) return std::nullopt;
  auto const locked = read_file(folder->plan());
  if (!locked) return fail(unbelievable(folder->plan(), "the plan that was locked is missing"));
  auto const moved = plan::moved_since(*locked, plan);
  if (!moved) return fail(unbelievable(folder->plan(), moved.error().what));
  try {
    Standing out;
    out.folder = folder->root;
    out.done = finished(*ledger);
    out.framed = framed->seq;
    auto const seq_of = [&](std::string_view kind) {
      auto const* entry = ledger->last(kind);
      return entry ? std::optional(entry->seq) : std::nullopt;
    };
    out.registered = seq_of("registered");
    if (split_stands(*ledger)) out.sealed = seq_of("sealed");
    out.concluded = seq_of("verdict");
    out.opened = ledger->has("unsealed");
    out.moved_frame = moved->frame;
    out.moved_registration = moved->registration;
    if (split_stands(*ledger) && moved->frame.empty() && !needs_new_rows(moved->registration)) {
      out.split = split_of(plan, *ledger);
      out.split->distribution_json = report::distribution_json(*ledger).dump();
    }
    return out;
  } catch (Json::exception const&) {
    return fail(unbelievable(folder->ledger(), "an entry does not hold what itera writes into it"));
  }
}

}  // namespace itera::engine
