#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/result.hpp"
#include "core/base/source_map.hpp"
#include "core/ports/actors.hpp"
#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl {

/// Names and types of a source's columns, without any row. Nothing for a source that should not be asked here
/// (it needs the network, or a secret that is not set); an Error if it was asked and could not tell.
using ColumnReader = std::function<Result<std::optional<std::vector<ports::Column>>>(ports::PluginInfo const&,
                                                                                     spec::Actor const&)>;

/// Tree -> meaning. Reports every mistake of the file, also beside mistakes of its syntax that `problems` has
/// already; what follows from another mistake is not reported. `base_folder` is where the spec's relative
/// paths start; files that arms and judges name must exist there, rows are never read. Without `columns`,
/// columns are not looked up. The result is empty if `problems` has any error.
std::vector<spec::Experiment> check(syntax::File const& file, SourceMap const& source,
                                    ports::Catalog& catalog, std::filesystem::path const& base_folder,
                                    Diagnostics& problems, ColumnReader const& columns = {});

}  // namespace itera::dsl
