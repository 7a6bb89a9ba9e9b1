#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"

namespace itera {

/// One problem for a person: `path:line:column`, the source line, carets under the whole span (measured in
/// terminal cells, so wide characters and tabs line up), labels, help. Ends with a line break.
std::string render(Diagnostic const& problem, SourceMap const& source, bool colour);

/// The same for a program: code, severity, message, help, and ranges as 1-based line and column.
nlohmann::json to_json(Diagnostic const& problem, SourceMap const& source);

}  // namespace itera
