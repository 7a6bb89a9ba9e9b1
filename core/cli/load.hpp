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
#include "core/ports/actors.hpp"
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

/// Opened to look at: names of columns, numbers of rows or, before anything is framed, a profile. Errors:
/// settings that the plugin refuses, a source that is not there.
Result<std::unique_ptr<ports::Source>> open_source(host::PluginCatalog& catalog,
                                                   ports::PluginInfo const& info, spec::Actor const& actor,
                                                   std::filesystem::path const& folder);

/// Whether a source may be looked at when nothing is to be run: it needs neither a secret nor the network.
bool may_be_looked_at(ports::PluginInfo const& info, spec::Actor const& actor);

/// Reads and checks the text of a spec that stands, or will stand, in `file`.
Loaded load_text(std::string const& file, std::string text, host::PluginCatalog& catalog);

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
