#pragma once
#include <iosfwd>
#include <string>

#include "core/report/reread_text.hpp"

namespace itera::cli::view {

/// The clauses of every arm with their evidence and where it stands in the file, what stands in the file
/// itself, where the file contradicts itself, and the verdict.
void human_reread(std::ostream& out, report::RereadReport const& report, std::string const& file);
void json_reread(std::ostream& out, report::RereadReport const& report, std::string const& file, int exit);

}  // namespace itera::cli::view
