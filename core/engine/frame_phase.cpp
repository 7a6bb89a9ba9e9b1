#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/engine/lab.hpp"
#include "core/plan/lock.hpp"
#include "core/plan/plan_json.hpp"
#include "core/report/split_json.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

Status write_plan(Lab const& lab) {
  return write_file(lab.folder.plan(), plan::to_json(lab.plan).dump(2) + "\n");
}

// Of what stands in plan.json, never the digest that the file gives itself: both could be edited.
std::string digest_of(Json const& plan) {
  if (!plan.is_object()) return {};
  return sha256(canonical(
      {{"frame", plan.value("frame", Json())}, {"registration", plan.value("registration", Json())}}));
}

// The digest that the ledger last gave for plan.json.
std::string locked_digest(plan::Ledger const& ledger) {
  std::string out;
  for (auto const& entry : ledger.entries())
    if (auto const body = Json::parse(entry.body_json); body.contains("plan_digest"))
      out = body["plan_digest"];
  return out;
}

}  // namespace

bool needs_new_rows(std::vector<std::string> const& changes) {
  for (auto const& change : changes)
    if (change.starts_with("/source") || change.starts_with("/row") || change.starts_with("/sample") ||
        change.starts_with("/traffic"))
      return true;
  return false;
}

Result<bool> frame_phase(Lab& lab) {
  auto const digest = plan::plan_digest(lab.plan);
  if (!lab.ledger.has("framed")) {
    if (auto const ok = write_plan(lab); !ok) return fail(ok.error());
    if (auto const ok = lab.note("framed", {{"name", lab.plan.name},
                                            {"frame_digest", plan::frame_digest(lab.plan)},
                                            {"plan_digest", digest}});
        !ok)
      return fail(ok.error());
    if (auto const ok = write_frame(lab); !ok) return fail(ok.error());
    return true;
  }
  auto const locked = read_file(lab.folder.plan());
  if (!locked) return fail(locked.error());
  auto const stored = parse_json(*locked, "plan.json");
  auto const known = locked_digest(lab.ledger);
  if (lab.ledger.entries().back().kind == "amended" && known == digest &&
      (!stored || digest_of(*stored) != known)) {
    // A crash between an `amended` entry and its file: what the ledger locked is today's plan.
    if (auto const ok = write_plan(lab); !ok) return fail(ok.error());
    if (auto const ok = write_frame(lab); !ok) return fail(ok.error());
    return false;
  }
  if (!stored || digest_of(*stored) != known)
    return fail(ErrorClass::refused,
                fmt::format("{} is not the plan that the ledger locked", lab.folder.plan().string()),
                "restore it from version control");
  auto const moved = plan::moved_since(*locked, lab.plan);
  if (!moved) return fail(moved.error());
  bool const registered = lab.ledger.has("registered");
  if (!moved->frame.empty()) return fail(plan::refusal(lab.plan.name, moved->frame, registered));
  if (moved->registration.empty()) {
    // It follows the ledger; a process may have died between the two.
    if (auto const ok = write_frame(lab); !ok) return fail(ok.error());
    return false;
  }
  if (registered) return fail(plan::refusal(lab.plan.name, moved->registration, true));
  for (auto const& change : moved->registration) lab.with.progress.note("amended: " + change);
  auto const rows = needs_new_rows(moved->registration);
  if (auto const ok = lab.note(
          "amended", {{"changes", moved->registration}, {"new_rows", rows}, {"plan_digest", digest}});
      !ok)
    return fail(ok.error());
  if (auto const ok = write_plan(lab); !ok) return fail(ok.error());
  if (auto const ok = write_frame(lab); !ok) return fail(ok.error());
  return rows;
}

Status write_frame(Lab& lab) {
  report::FrameState state;
  auto const split = Json::parse(body_of(lab.ledger, "split"));
  if (split.is_object()) {
    auto const& parts = split.at("parts");
    auto const folds = report::folds_note(split);
    state.source = fmt::format(
        "{} rows read; {} exact duplicates, {} beyond the cap of their entity, {} beyond one entity's share "
        "and {} not sampled were left out. {} {}, dev {}, test {} rows.",
        split.at("source_rows").dump(), split.at("duplicates").dump(), split.at("over_cap").dump(),
        split.at("over_share").dump(), split.at("not_sampled").dump(),
        folds.empty() ? "Train" : "Reading fold", parts.at("train").dump(), parts.at("dev").dump(),
        parts.at("test").dump());
    if (!folds.empty()) state.source += " " + folds;
  }
  auto const pilot = Json::parse(body_of(lab.ledger, "pilot"));
  if (pilot.is_object())
    state.pilot =
        fmt::format("Row `{}` of {}: {}. The outputs stand in `state/pilot.md`.",
                    pilot.at("row").get<std::string>(), in_folds(lab.ledger) ? "the reading fold" : "train",
                    pilot.at("passed").get<bool>() ? "passed" : "failed");
  if (auto const* entry = lab.ledger.last("registered"))
    state.registered = fmt::format("Registered (ledger entry {}): from here nothing moves.", entry->seq);
  for (auto const& entry : lab.ledger.entries())
    if (entry.kind == "amended") {
      auto const body = Json::parse(entry.body_json);
      for (auto const& change : body.at("changes")) state.amended.push_back(change.get<std::string>());
    }
  return keep_file(lab.folder.frame(), report::frame_md(lab.plan, state));
}

}  // namespace itera::engine
