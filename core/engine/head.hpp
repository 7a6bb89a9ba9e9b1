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

/// A chain whose last entries are cut off is whole in itself; the head that is kept apart tells. Entries
/// after it are what a crash between the two writes leaves.
Status check_head(Folder const& folder, plan::Ledger const& ledger);

}  // namespace itera::engine
