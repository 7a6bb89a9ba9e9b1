#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/result.hpp"
#include "core/base/source_map.hpp"
#include "core/cli/context.hpp"

namespace itera::cli::view {

/// What became of one file.
struct FormattedFile {
  enum class Status {
    same,     ///< it had the layout
    changed,  ///< it was rewritten
    differs,  ///< it does not have the layout and was left alone
    refused,  ///< it has `problems` of syntax
    failed,   ///< it cannot be read or written: `error`
  };
  Status status = Status::same;
  SourceMap source;
  std::string text;  ///< in the layout
  bool to_output = false;
  std::vector<Diagnostic> problems;
  std::optional<Error> error;
};

/// Names of files that changed or differ, with the first line that does, and formatted standard input to
/// `out`; problems and errors to `err`.
void human_formatted(Context const& context, FormattedFile const& file);
void json_formatted(std::ostream& out, std::vector<FormattedFile> const& files, bool ok);

}  // namespace itera::cli::view
