#include "core/engine/head.hpp"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"

namespace itera::engine {

Status append(plan::Ledger& ledger, Folder const& folder, std::string const& kind, nlohmann::json const& body,
              ports::Clock& clock, std::string const& build, nlohmann::json meta) {
  meta["at"] = clock.now_utc();
  meta["itera"] = build;
  if (auto const ok = ledger.append(kind, body, meta); !ok) return ok;
  return write_file(folder.head(), fmt::format("{} {}\n", ledger.entries().size(), ledger.head()));
}

Status append(plan::Ledger& ledger, Folder const& folder, std::string const& kind, nlohmann::json const& body,
              ports::Clock& clock, std::string const& build) {
  return append(ledger, folder, kind, body, clock, build, nlohmann::json::object());
}

Result<plan::Ledger> open_ledger(Folder const& folder) {
  // The head first: an entry that a living process adds meanwhile is then behind it and not missing.
  auto const head = read_file(folder.head());
  auto const n = head ? std::strtoull(head->c_str(), nullptr, 10) : 0ULL;
  auto ledger = plan::Ledger::open(folder.ledger(), n);
  if (!ledger) return fail(ledger.error());
  auto const& entries = ledger->entries();
  auto const refused = [](std::string what) {
    return fail(ErrorClass::refused, std::move(what), "restore it from version control; it is never rebuilt");
  };
  if (head && (n == 0 || n > entries.size() || *head != fmt::format("{} {}\n", n, entries[n - 1].digest)))
    return refused(
        fmt::format("{} does not hold the {} entries that were written to it", folder.ledger().string(), n));
  // Without a head but with the key beside it: not a copy, and not the very first moment of an experiment.
  std::error_code ec;
  if (!head && entries.size() > 1 && std::filesystem::exists(folder.state() / "seal.key", ec))
    return fail(ErrorClass::refused,
                fmt::format("{} is gone: whether {} lost its last entries cannot be told",
                            folder.head().string(), folder.ledger().string()),
                fmt::format("if version control has the same ledger, write `{} {}` and a line break into it",
                            entries.size(), ledger->head()));
  return ledger;
}

Status settle(plan::Ledger& ledger, Folder const& folder, ports::Clock& clock, std::string const& build) {
  if (auto const bytes = ledger.torn(); bytes > 0) {
    if (auto const ok = ledger.cut_torn(); !ok) return ok;
    return append(ledger, folder, "torn", {{"bytes", bytes}}, clock, build);
  }
  if (ledger.entries().empty()) return {};
  // An entry whose process died between writing and syncing it.
  if (auto const ok = sync_file(folder.ledger()); !ok) return ok;
  return keep_file(folder.head(), fmt::format("{} {}\n", ledger.entries().size(), ledger.head()));
}

}  // namespace itera::engine
