#include "core/cli/load.hpp"

#include "core/base/file.hpp"
#include "core/cli/app.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "dsl/check/check.hpp"
#include "dsl/grammar/parse.hpp"

namespace itera::cli {

host::PluginCatalog make_catalog() { return host::PluginCatalog(host::plugin_folders(host::running_executable())); }

std::optional<Loaded> load(Context const& context, std::string const& file, host::PluginCatalog& catalog) {
  auto text = read_file(file);
  if (!text) {
    text.error().kind = ErrorClass::invalid;
    say_error(context, text.error());
    return std::nullopt;
  }
  auto folder = std::filesystem::absolute(file).parent_path();
  Loaded out{SourceMap(file, std::move(*text)), std::move(folder), {}, {}};
  Diagnostics problems;
  auto const tree = dsl::parse(out.source, problems);
  out.experiments = dsl::check(tree, out.source, catalog, out.folder, problems);
  out.problems = problems.sorted();
  return out;
}

int say_error(Context const& context, Error const& error) {
  context.json ? view::json_error(context.out, error) : view::human_error(context.err, error);
  switch (error.kind) {
    case ErrorClass::refused: return exit_code::stopped;
    case ErrorClass::invalid: return exit_code::usage;
    default: return exit_code::failure;
  }
}

}  // namespace itera::cli
