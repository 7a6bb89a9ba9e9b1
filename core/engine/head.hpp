#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"
#include "core/engine/folder.hpp"
#include "core/plan/ledger.hpp"
#include "core/ports/surroundings.hpp"

namespace itera::engine {

/// Writes a ledger entry, then its place and digest into state/head, so that a ledger that was cut is
/// noticed. Time and build are added to `meta`.
Status append(plan::Ledger& ledger, Folder const& folder, std::string const& kind, nlohmann::json const& body,
              ports::Clock& clock, std::string const& build, nlohmann::json meta);
Status append(plan::Ledger& ledger, Folder const& folder, std::string const& kind, nlohmann::json const& body,
              ports::Clock& clock, std::string const& build);

/// Opens the ledger as far as state/head says that it reaches. A chain whose last entries are cut off is
/// whole in itself; the head that is kept apart tells: `refused`. Entries after it, whole or torn, are what a
/// crash between the two writes leaves. A chain that is broken is an Error of class invalid. Changes nothing.
Result<plan::Ledger> open_ledger(Folder const& folder);

/// What a run does before it goes on: an unfinished entry is cut off and noted (`torn`), what stands there is
/// synced and becomes the head.
Status settle(plan::Ledger& ledger, Folder const& folder, ports::Clock& clock, std::string const& build);

}  // namespace itera::engine
