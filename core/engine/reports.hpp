#pragma once
#include <filesystem>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"
#include "core/engine/folder.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"
#include "core/ports/surroundings.hpp"

namespace itera::engine {

/// Every reporter's files into the experiment's folder. The verdict stands whatever becomes of a report, so
/// that one which its plugin does not make is a warning. One that the disk does not take is an Error: it is
/// written by the next run. Gives the first file that was written, else data.json: what to open.
Result<std::filesystem::path> write_reports(Folder const& folder,
                                            std::vector<plan::PinnedActor> const& reporters,
                                            ports::Actors& actors, ports::Progress& progress,
                                            nlohmann::json const& evidence);

}  // namespace itera::engine
