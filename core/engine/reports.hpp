#pragma once
#include <filesystem>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/engine/folder.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"
#include "core/ports/surroundings.hpp"

namespace itera::engine {

/// Every reporter's files into the experiment's folder. The verdict stands whatever becomes of a report, so
/// that a failed one is a warning. Gives the first file that was written, else data.json: what to open.
std::filesystem::path write_reports(Folder const& folder, std::vector<plan::PinnedActor> const& reporters,
                                    ports::Actors& actors, ports::Progress& progress,
                                    nlohmann::json const& evidence);

}  // namespace itera::engine
