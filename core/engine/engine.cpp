#include "core/engine/engine.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/engine/lab.hpp"

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

// Before anything is made: a key that this run would leave in a copy would pass for its state in the next.
Status check_state(Folder const& folder, plan::Ledger const& ledger) {
  if (!ledger.has("split") || std::filesystem::exists(folder.state() / "seal.key")) return {};
  return fail(ErrorClass::refused,
              fmt::format("{} has a ledger but no state/: this is a copy", folder.root.string()),
              "go on where it was begun; a copy can be read, never run");
}

// A chain whose last entries are cut off is whole in itself. The head that is kept apart tells; entries after
// it are what a crash between the two writes leaves.
Status check_head(Folder const& folder, plan::Ledger const& ledger) {
  auto const head = read_file(folder.head());
  if (!head) return {};
  auto const n = static_cast<std::size_t>(std::strtoull(head->c_str(), nullptr, 10));
  auto const& entries = ledger.entries();
  if (n > 0 && n <= entries.size() && *head == fmt::format("{} {}\n", n, entries[n - 1].digest)) return {};
  return fail(
      ErrorClass::refused,
      fmt::format("{} does not hold the {} entries that were written to it", folder.ledger().string(), n),
      "restore it from version control; it is never rebuilt");
}

}  // namespace

Status Lab::note(std::string const& kind, nlohmann::json const& body, nlohmann::json meta) {
  meta["at"] = with.clock.now_utc();
  meta["itera"] = with.build;
  if (auto const ok = ledger.append(kind, body, meta); !ok) return ok;
  return write_file(folder.head(), fmt::format("{} {}\n", ledger.entries().size(), ledger.head()));
}

std::string bound_to(Lab const& lab) {
  return lab.plan.name;
}

std::string body_of(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? entry->body_json : "null";
}

Result<RunResult> run(plan::Plan const& plan, RunOptions const& options, Surroundings const& with) {
  auto const folder = find_folder(plan.name, options.spec_folder, options.out, with.clock.today_utc());
  if (!folder) return fail(folder.error());
  auto ledger = plan::Ledger::open(folder->ledger());
  if (!ledger) {
    // What stands there cannot be believed: a matter of the method, not of the disk.
    if (ledger.error().kind == ErrorClass::invalid) ledger.error().kind = ErrorClass::refused;
    return fail(ledger.error());
  }
  if (auto const ok = check_head(*folder, *ledger); !ok) return fail(ok.error());
  if (ledger->has("verdict"))
    return fail(ErrorClass::refused,
                fmt::format("experiment `{}` is concluded: its test set was opened, and that is done once",
                            plan.name),
                fmt::format("read {}; a new question is a new experiment with fresh test rows",
                            (folder->root / "conclusion.md").string()));
  if (auto const ok = check_state(*folder, *ledger); !ok) return fail(ok.error());
  if (auto const ok = make(*folder); !ok) return fail(ok.error());
  auto seal = split::Seal::in(folder->state());
  if (!seal) return fail(seal.error());
  Lab lab{plan, with, *folder, std::move(*ledger), std::move(*seal)};

  with.progress.phase("frame");
  auto const again = frame_phase(lab);
  if (!again) return fail(again.error());
  if (lab.ledger.has("unsealed"))
    return close_as_invalid(lab, "the pass on test was cut short, and this version cannot resume it");
  if (options.until == Until::frame) return stopped(lab, "frame");

  with.progress.phase("source");
  if (auto const ok = source_phase(lab, *again); !ok) return fail(ok.error());
  if (options.until == Until::source) return stopped(lab, "source");

  auto const train = lab.seal.open(split::Part::train, bound_to(lab));
  if (!train) return fail(train.error());
  with.progress.phase("pilot");
  auto cast = cast_phase(lab, *train);
  if (!cast) return fail(cast.error());
  if (auto const ok = pilot_phase(lab, *cast, *train, options.until != Until::pilot); !ok)
    return fail(ok.error());
  if (options.until == Until::pilot) return stopped(lab, "pilot");

  auto const dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  with.progress.phase("dev");
  if (auto const ok = dev_phase(lab, *cast, *dev); !ok) return fail(ok.error());
  if (options.until == Until::dev) return stopped(lab, "dev");

  with.progress.phase("test");
  return conclude_phase(lab, *cast, *dev);
}

}  // namespace itera::engine
