#include "core/engine/engine.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/engine/head.hpp"
#include "core/engine/judging.hpp"
#include "core/engine/lab.hpp"
#include "core/engine/labels.hpp"
#include "core/engine/run_lock.hpp"
#include "core/engine/size_phase.hpp"
#include "core/engine/status_file.hpp"

namespace itera::engine {
namespace {

RunResult stopped(Lab const& lab, std::string_view phase) {
  RunResult out;
  out.folder = lab.folder.root;
  out.phase = phase;
  out.files = files_of(lab.folder);
  out.verdict_line = fmt::format("stopped after {}, as asked", phase);
  out.decided_by = "none: no verdict yet";
  out.not_shown = "everything: test is still sealed";
  out.next = "run again without --until to go on";
  out.open = lab.folder.frame().string();
  return out;
}

// Ctrl-C: what is finished is in the ledger and the journal.
RunResult interrupted(Lab const& lab) {
  auto const& entries = lab.ledger.entries();
  RunResult out;
  out.folder = lab.folder.root;
  out.interrupted = true;
  out.verdict_line = "stopped, as asked";
  out.decided_by = "none: no verdict yet";
  out.not_shown = lab.ledger.has("unsealed") ? "everything: the pass on test is not whole"
                                             : "everything: test is still sealed";
  out.next =
      fmt::format("run the same command again: it goes on after `{}`, and no finished answer is made twice",
                  entries.empty() ? "nothing" : entries.back().kind);
  out.open = lab.folder.frame().string();
  return out;
}

// Before anything is made: a key that this run would leave in a copy would pass for its state in the next.
Status check_state(Folder const& folder, plan::Ledger const& ledger) {
  if (!ledger.has("split") || std::filesystem::exists(folder.state() / "seal.key")) return {};
  return fail(ErrorClass::refused,
              fmt::format("{} has a ledger but no state/: this is a copy", folder.root.string()),
              "go on where it was begun; a copy can be read, never run");
}

// Whether a verdict's records and reports are whole, as far as this folder can tell.
bool reported(Folder const& folder) {
  std::error_code ec;
  return std::filesystem::exists(folder.data(), ec) && !std::filesystem::exists(folder.unreported(), ec);
}

// Once for each recording, before an answer of it is used.
Status note_replayed(Lab& lab) {
  if (!lab.with.replayed) return {};
  auto const& recorded = *lab.with.replayed;
  for (auto const& entry : lab.ledger.entries())
    if (entry.kind == "replayed" && nlohmann::json::parse(entry.body_json).at("digest") == recorded.digest)
      return {};
  return lab.note(
      "replayed",
      {{"digest", recorded.digest}, {"experiment", recorded.experiment}, {"begun", recorded.begun}});
}

Result<RunResult> carry_on(Lab& lab, Until until) {
  auto const& with = lab.with;
  with.progress.phase("frame");
  if (auto const ok = size_before_frame(lab); !ok) return fail(ok.error());
  auto const again = frame_phase(lab);
  if (!again) return fail(again.error());
  if (lab.ledger.has("verdict")) return finish_phase(lab);
  if (until == Until::frame) return stopped(lab, "frame");
  if (auto const ok = note_replayed(lab); !ok) return fail(ok.error());

  with.progress.phase("source");
  if (auto const ok = source_phase(lab, *again); !ok) return fail(ok.error());
  if (auto const ok = size_phase(lab); !ok) return fail(ok.error());
  if (until == Until::source) return stopped(lab, "source");

  auto train = lab.seal.open(split::Part::train, bound_to(lab));
  if (!train) return fail(train.error());
  with.progress.phase("pilot");
  auto cast = cast_phase(lab, *train);
  if (!cast) return fail(cast.error());
  if (auto const ok = canary_phase(lab, *cast, *train); !ok) return fail(ok.error());
  if (auto const ok = pilot_phase(lab, *cast, *train, until != Until::pilot); !ok) return fail(ok.error());
  if (until == Until::pilot) return stopped(lab, "pilot");
  *train = std::vector<split::Row>();  // nothing looks at them any more

  auto dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  with.progress.phase("dev");
  if (auto const ok = dev_phase(lab, *cast, *dev); !ok) return fail(ok.error());
  if (auto const ok = crosscheck_phase(lab, *cast, *dev); !ok) return fail(ok.error());
  // Rows of test are added when there is a verdict; until then the file has those of dev.
  if (lab.plan.origin != "production" && !lab.ledger.has("unsealed")) {
    auto const records = read_file(lab.folder.rows());
    if (!records) return fail(records.error());
    if (auto const ok = write_label_file(lab.plan, lab.folder.labels(), *records); !ok)
      return fail(ok.error());
  }
  if (until == Until::dev) return stopped(lab, "dev");
  if (auto const ok = check_labels(lab.plan, lab.ledger); !ok) return fail(ok.error());

  with.progress.phase("test");
  return conclude_phase(lab, *cast, std::move(*dev));
}

}  // namespace

Status Lab::note(std::string const& kind, nlohmann::json const& body, nlohmann::json meta) {
  return append(ledger, folder, kind, body, with.clock, with.build, std::move(meta));
}

std::string bound_to(Lab const& lab) {
  return lab.plan.name;
}

std::string body_of(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? entry->body_json : "null";
}

Result<RunResult> run(plan::Plan const& plan, RunOptions const& options, Surroundings const& outer) {
  auto const folder = find_folder(plan.name, options.spec_folder, options.out, outer.clock.today_utc());
  if (!folder) return fail(folder.error());
  std::optional<RunLock> lock;
  if (std::error_code ec; std::filesystem::exists(folder->state(), ec)) {
    auto taken = RunLock::take(folder->lock());
    if (!taken) return fail(taken.error());
    lock.emplace(std::move(*taken));
  }
  auto ledger = open_ledger(*folder);
  if (!ledger) {
    // What stands there cannot be believed: a matter of the method, not of the disk.
    if (ledger.error().kind == ErrorClass::invalid) ledger.error().kind = ErrorClass::refused;
    return fail(ledger.error());
  }
  if (ledger->has("verdict") && reported(*folder))
    return fail(ErrorClass::refused,
                fmt::format("experiment `{}` is concluded: its test set {}", plan.name,
                            ledger->has("unsealed") ? "was opened, and that is done once"
                                                    : "was blind, and was not opened"),
                fmt::format("read {}; a new question is a new experiment with fresh test rows",
                            (folder->root / "conclusion.md").string()));
  if (auto const ok = check_state(*folder, *ledger); !ok) return fail(ok.error());
  if (auto const ok = make(*folder); !ok) return fail(ok.error());
  if (!lock) {
    auto taken = RunLock::take(folder->lock());
    if (!taken) return fail(taken.error());
    lock.emplace(std::move(*taken));
  }
  if (auto const ok = settle(*ledger, *folder, outer.clock, outer.build); !ok) return fail(ok.error());
  std::error_code ec;
  if (auto const ok =
          keep_file(folder->spec(), std::filesystem::absolute(options.spec_folder, ec).string() + "\n");
      !ok)
    return fail(ok.error());
  auto seal = split::Seal::in(folder->state());
  if (!seal) return fail(seal.error());
  StatusFile progress(outer.progress, folder->progress(), outer.clock);
  Surroundings const with{outer.actors, outer.caller, outer.clock, progress, outer.build, outer.replayed};
  Lab lab{plan, with, *folder, std::move(*ledger), std::move(*seal)};
  auto result = carry_on(lab, options.until);
  if (!result && result.error().kind == ErrorClass::stopped) return interrupted(lab);
  return result;
}

}  // namespace itera::engine
