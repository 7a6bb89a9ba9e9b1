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

}  // namespace itera::engine
