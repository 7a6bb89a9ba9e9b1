#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "core/cli/context.hpp"
#include "core/host/catalog.hpp"
#include "core/spec/spec.hpp"
#include "dsl/check/check.hpp"

namespace itera::cli {

/// A spec that was read and checked. `experiments` is empty if there is an error among the problems.
struct Loaded {
  SourceMap source;
  std::filesystem::path folder;
  std::vector<Diagnostic> problems;
  std::vector<spec::Experiment> experiments;
};

host::PluginCatalog make_catalog();

/// Opens a source for the names of its columns alone; no row is read. Both arguments must outlive the reader.
dsl::ColumnReader column_reader(host::PluginCatalog& catalog, std::filesystem::path const& folder);

/// Nothing if the file cannot be read, which was said then.
std::optional<Loaded> load(Context const& context, std::string const& file, host::PluginCatalog& catalog);

/// The experiment called `name`, or the only one if it is empty; nothing if there is no such, which was said
/// then.
spec::Experiment const* choose(Context const& context, Loaded const& loaded, std::string const& name);

/// An operation's failure in the chosen view; gives the exit code.
int say_error(Context const& context, Error const& error);

}  // namespace itera::cli
