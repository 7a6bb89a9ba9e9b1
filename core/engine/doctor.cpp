#include "core/engine/doctor.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/engine/folder.hpp"
#include "core/engine/head.hpp"
#include "core/engine/run_lock.hpp"
#include "core/plan/ledger.hpp"
#include "core/run/journal.hpp"
#include "core/run/records.hpp"
#include "core/split/seal.hpp"
#include "core/store/sqlite_store.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

struct Count {
  std::uint64_t whole = 0, broken = 0;
};

Count count(std::filesystem::path const& file, split::Seal const& seal, Status& readable) {
  Count out;
  readable = store::visit_readable(
      file, [&](std::int64_t id, std::string_view key, std::string_view value) -> Status {
        ++(run::Journal::whole(seal, id, key, value) ? out.whole : out.broken);
        return {};
      });
  return out;
}

Finding ledger_finding(Result<plan::Ledger> const& ledger) {
  Finding out{"ledger.jsonl", false, {}, "restore it from version control; it is never rebuilt"};
  if (!ledger) {
    out.found = ledger.error().what;
  } else {
    out.whole = true;
    out.found = fmt::format("{} entries, the chain holds", ledger->entries().size());
    if (ledger->torn() > 0)
      out.found +=
          fmt::format("; {} bytes of one that was never finished: `itera run` cuts them off", ledger->torn());
  }
  return out;
}

Finding rows_finding(split::Seal const& seal, split::Part part, std::string const& experiment) {
  auto const name = fmt::format("state/{}.sealed", split::to_string(part));
  auto const rows = seal.open(part, experiment);
  if (rows) return {name, true, fmt::format("{} rows, the seal holds", rows->size()), {}};
  return {name, false, rows.error().what, "restore it, or start a new experiment with fresh test rows"};
}

Finding store_finding(Folder const& folder, split::Seal const& seal, std::string const& experiment,
                      bool begun) {
  Finding out{
      "state/run.db",
      false,
      {},
      fmt::format("`itera doctor {} --salvage` keeps what is whole; the rest is made and paid for again",
                  folder.root.string())};
  std::error_code ec;
  if (!std::filesystem::exists(folder.store(), ec)) {
    out.whole = !begun;
    out.found =
        begun ? "gone: it held every answer that was paid for" : "not there yet: nothing was paid for";
    return out;
  }
  auto const store = store::open(folder.store(), experiment, store::Open::read_only);
  Status readable;
  auto const n = count(folder.store(), seal, readable);
  // A process that could not even make it: the next one does.
  if (!begun && n.whole + n.broken == 0) return {out.what, true, "not there yet: nothing was paid for", {}};
  out.whole = store && readable && n.broken == 0;
  out.found = !readable   ? readable.error().what
              : out.whole ? fmt::format("{} entries, all whole", n.whole)
                          : fmt::format("{} entries are whole, {} are not{}", n.whole, n.broken,
                                        store ? "" : "; " + store.error().what);
  return out;
}

Finding records_finding(Folder const& folder, plan::Ledger const& ledger) {
  Finding out{"rows.jsonl", false, {}, "restore it from version control"};
  auto const* entry = ledger.last("verdict") ? ledger.last("verdict") : ledger.last("dev_pass");
  auto const digest = entry ? Json::parse(entry->body_json).value("records_digest", "") : std::string();
  auto const text = read_file(folder.rows());
  if (digest.empty()) {
    out.whole = true;
    out.found = "not written yet";
  } else if (!text) {
    out.found = text.error().what;
  } else {
    bool const concluded = entry->kind == "verdict";
    run::RecordsDigest made;
    if (concluded)
      made.add(*text);
    else
      run::records_of(split::Part::dev, *text, [&](auto line) { made.add(line); });
    out.whole = made.hex() == digest;
    out.found = out.whole ? fmt::format("what `{}` wrote", entry->kind)
                          : fmt::format("not what `{}` wrote", entry->kind);
  }
  return out;
}

Result<plan::Ledger> ledger_of(Folder const& folder) {
  if (auto const ok = check_is_experiment(folder); !ok) return fail(ok.error());
  return open_ledger(folder);
}

std::string name_of(plan::Ledger const& ledger) {
  auto const* framed = ledger.last("framed");
  return framed ? Json::parse(framed->body_json).value("name", "") : std::string();
}

std::filesystem::path free_name(std::filesystem::path const& file) {
  std::error_code ec;
  for (int i = 1;; ++i) {
    auto out = std::filesystem::path(fmt::format("{}.damaged-{}", file.string(), i));
    if (!std::filesystem::exists(out, ec)) return out;
  }
}

}  // namespace

Result<Health> examine(std::filesystem::path const& root) {
  Folder const folder{root, {}};
  auto const ledger = ledger_of(folder);
  std::error_code ec;
  if (!ledger && !std::filesystem::exists(folder.ledger(), ec)) return fail(ledger.error());
  // A store that somebody writes to cannot be read, which is no damage.
  if (auto const free = RunLock::nobody_has(folder.lock()); !free) return fail(free.error());
  Health out;
  out.findings.push_back(ledger_finding(ledger));
  if (!ledger) return out;
  out.experiment = name_of(*ledger);
  if (!std::filesystem::exists(folder.state() / "seal.key", ec)) {
    out.findings.push_back({"state/seal.key", !ledger->has("split"),
                            ledger->has("split") ? "gone" : "not there yet",
                            "this is a copy, or its key is lost: it can be read, never run"});
    out.findings.push_back(records_finding(folder, *ledger));
    return out;
  }
  auto const seal = split::Seal::in(folder.state());
  if (!seal) {
    out.findings.push_back({"state/seal.key", false, seal.error().what, seal.error().help});
    return out;
  }
  if (ledger->has("sealed"))
    for (auto const part : {split::Part::train, split::Part::dev, split::Part::test})
      out.findings.push_back(rows_finding(*seal, part, out.experiment));
  out.findings.push_back(store_finding(folder, *seal, out.experiment, ledger->has("pilot")));
  out.can_salvage = out.findings.front().whole && !out.findings.back().whole && !ledger->has("verdict");
  out.findings.push_back(records_finding(folder, *ledger));
  return out;
}

Result<Salvage> salvage(std::filesystem::path const& root, ports::Clock& clock, std::string const& build) {
  auto const health = examine(root);
  if (!health) return fail(health.error());
  if (!health->can_salvage)
    return fail(ErrorClass::invalid, fmt::format("there is nothing to salvage in {}", root.string()),
                "`itera doctor` without --salvage says what is whole and what is not");
  Folder const folder{root, {}};
  auto const lock = RunLock::take(folder.lock());
  if (!lock) return fail(lock.error());
  auto ledger = ledger_of(folder);
  if (!ledger) return fail(ledger.error());
  auto const seal = split::Seal::in(folder.state());
  if (!seal) return fail(seal.error());

  Salvage out;
  auto const fresh = std::filesystem::path(folder.store().string() + ".salvaged");
  std::error_code ec;
  for (auto const* more : {"", "-wal", "-shm", ".count"}) std::filesystem::remove(fresh.string() + more, ec);
  {
    auto const store = store::open(fresh, health->experiment, store::Open::existing_or_new);
    if (!store) return fail(store.error());
    auto journal = run::Journal::open(**store, *seal);
    if (!journal) return fail(journal.error());
    if (std::filesystem::exists(folder.store(), ec)) {
      out.aside = free_name(folder.store());
      // A file of which nothing can be read gives nothing.
      (void)store::visit_readable(folder.store(),
                                  [&](std::int64_t id, std::string_view key, std::string_view value) {
                                    bool const whole = run::Journal::whole(*seal, id, key, value);
                                    ++(whole ? out.kept : out.lost);
                                    return whole ? journal->copy(id, key, value) : Status{};
                                  });
    }
    if (auto const ok = journal->commit(); !ok) return fail(ok.error());
  }
  if (auto const ok =
          append(*ledger, folder, "salvaged",
                 {{"kept", out.kept}, {"lost", out.lost}, {"was_gone", out.aside.empty()}}, clock, build);
      !ok)
    return fail(ok.error());
  if (!out.aside.empty())
    for (auto const* more : {"-wal", "-shm", ".count", ""})
      std::filesystem::rename(folder.store().string() + more, out.aside.string() + more, ec);
  // What was counted of the damaged one says nothing of the new one.
  std::filesystem::remove(folder.store().string() + ".count", ec);
  std::filesystem::remove(fresh.string() + ".count", ec);
  std::filesystem::rename(fresh, folder.store(), ec);
  if (ec)
    return fail(ErrorClass::unavailable,
                fmt::format("cannot put {} in place: {}", fresh.string(), ec.message()), "rename it by hand");
  return out;
}

}  // namespace itera::engine
