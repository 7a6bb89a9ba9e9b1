#pragma once
#include <filesystem>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl {

/// Tree -> meaning. Reports every mistake of the file, also beside mistakes of its syntax that `problems` has
/// already; what follows from another mistake is not reported. `base_folder` is where the spec's relative
/// paths start; files that arms and judges name must exist there, rows are never read. The result is empty if
/// `problems` has any error.
std::vector<spec::Experiment> check(syntax::File const& file, SourceMap const& source,
                                    ports::Catalog& catalog, std::filesystem::path const& base_folder,
                                    Diagnostics& problems);

}  // namespace itera::dsl
