#include "core/cli/load.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "core/cli/app.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/host/actors.hpp"
#include "core/plan/pin.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/grammar/scan.hpp"

namespace itera::cli {
dsl::ColumnReader column_reader(host::PluginCatalog& catalog, std::filesystem::path const& folder) {
  return [&](ports::PluginInfo const& info,
             spec::Actor const& actor) -> Result<std::optional<std::vector<ports::Column>>> {
    if (!may_be_looked_at(info, actor)) return std::nullopt;
    auto const source = open_source(catalog, info, actor, folder);
    if (!source) return fail(source.error());
    auto columns = (*source)->schema();
    if (!columns) return fail(columns.error());
    return std::move(*columns);
  };
}

host::PluginCatalog make_catalog() {
  return host::PluginCatalog(host::plugin_folders(host::running_executable()));
}

Result<std::unique_ptr<ports::Source>> open_source(host::PluginCatalog& catalog,
                                                   ports::PluginInfo const& info, spec::Actor const& actor,
                                                   std::filesystem::path const& folder) {
  auto const pinned = plan::pin(actor, info, folder, "rows", false, false);
  if (!pinned) return fail(pinned.error());
  host::PluginActors actors(catalog, [] { return false; });
  return actors.source(info, pinned->settings_json);
}

// A source that takes a secret talks to something outside, which no check of a text should do.
bool may_be_looked_at(ports::PluginInfo const& info, spec::Actor const& actor) {
  return !ports::has_trait(info, "network") &&
         std::none_of(actor.settings.begin(), actor.settings.end(),
                      [](auto const& s) { return std::holds_alternative<spec::EnvRef>(s.value.data); });
}

Loaded load_text(std::string const& file, std::string text, host::PluginCatalog& catalog) {
  Diagnostics problems;
  auto folder = std::filesystem::absolute(file).parent_path();
  Loaded out{SourceMap(file, std::move(text)), std::move(folder), {}, {}};
  auto const tree = dsl::parse(out.source, problems);
  out.experiments =
      dsl::check(tree, out.source, catalog, out.folder, problems, column_reader(catalog, out.folder));
  out.problems = problems.sorted();
  return out;
}

std::optional<Loaded> load(Context const& context, std::string const& file, host::PluginCatalog& catalog) {
  Diagnostics problems;
  std::error_code unknown;
  if (auto const size = std::filesystem::file_size(file, unknown);
      !unknown && size > dsl::grammar::kMaxBytes) {
    dsl::grammar::refuse_size(size, problems);
    return Loaded{SourceMap(file, ""), {}, problems.sorted(), {}};
  }
  auto text = read_file(file);
  if (!text) {
    text.error().kind = ErrorClass::invalid;
    say_error(context, text.error());
    return std::nullopt;
  }
  return load_text(file, std::move(*text), catalog);
}

spec::Experiment const* choose(Context const& context, Loaded const& loaded, std::string const& name) {
  auto const& all = loaded.experiments;
  if (name.empty() && all.size() == 1) return &all.front();
  std::vector<std::string> names, quoted;
  for (auto const& experiment : all) {
    if (experiment.name.value == name) return &experiment;
    names.push_back(experiment.name.value);
    quoted.push_back("`" + names.back() + "`");
  }
  auto const list = join_words(quoted);
  if (name.empty()) {
    say_error(context, {ErrorClass::invalid,
                        fmt::format("{} has {} experiments: {}", loaded.source.path(), all.size(), list),
                        fmt::format("say which one: --experiment {}", names.front())});
  } else {
    auto const near = did_you_mean(name, names);
    say_error(context,
              {ErrorClass::invalid, fmt::format("{} has no experiment `{}`", loaded.source.path(), name),
               near ? fmt::format("did you mean `{}`?", *near) : fmt::format("it has {}", list)});
  }
  return nullptr;
}

int say_error(Context const& context, Error const& error) {
  auto const exit = error.kind == ErrorClass::refused   ? exit_code::stopped
                    : error.kind == ErrorClass::invalid ? exit_code::usage
                                                        : exit_code::failure;
  context.json ? view::json_error(context.out, error, exit) : view::human_error(context.err, error);
  return exit;
}

}  // namespace itera::cli
