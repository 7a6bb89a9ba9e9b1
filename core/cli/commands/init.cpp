#include "core/cli/view/init.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/system_clock.hpp"
#include "dsl/draft/column_name.hpp"
#include "dsl/draft/draft.hpp"

namespace itera::cli {
namespace {

namespace fs = std::filesystem;

// A source of rows before there is a spec: the plugin, its settings, and the names of its columns.
struct Rows {
  ports::PluginInfo const* info = nullptr;
  spec::Actor actor;
  std::unique_ptr<ports::Source> source;
  std::vector<ports::Column> columns;

  std::vector<std::pair<std::string, std::string>> settings() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (auto const& setting : actor.settings)
      out.emplace_back(setting.name.value, std::get<std::string>(setting.value.data));
    return out;
  }
};

bool has_setting(ports::PluginInfo const& info, std::string_view name) {
  return std::any_of(info.settings.begin(), info.settings.end(),
                     [&](auto const& s) { return s.name == name; });
}

Status open(Rows& rows, host::PluginCatalog& catalog, fs::path const& folder) {
  auto source = open_source(catalog, *rows.info, rows.actor, folder);
  if (!source) return fail(source.error());
  rows.source = std::move(*source);
  auto columns = rows.source->schema();
  if (!columns) return fail(columns.error());
  rows.columns = std::move(*columns);
  return {};
}

// A file whose ending is the name of a source is read by it, any other as CSV.
Result<Rows> open_rows(host::PluginCatalog& catalog, std::string const& from, fs::path const& folder) {
  std::error_code ec;
  auto path = fs::relative(from, folder, ec).generic_string();
  if (ec || path.empty()) path = fs::absolute(from).generic_string();
  if (!is_valid_utf8(path))
    return fail(ErrorClass::invalid, "the path of the rows is not UTF-8, so no spec can name it",
                "rename it");
  auto ending = fs::path(from).extension().string();
  if (!ending.empty()) ending.erase(0, 1);
  auto const names = catalog.names(ports::PluginKind::source);
  Rows out;
  for (auto const& name : {ending, std::string("csv")}) {
    if (out.info || std::find(names.begin(), names.end(), name) == names.end()) continue;
    auto const info = catalog.find(ports::PluginKind::source, name);
    if (!info) return fail(info.error());
    if (has_setting(**info, "path")) out.info = *info;
  }
  if (!out.info)
    return fail(ErrorClass::unavailable, "no source plugin reads it", "see `itera plugins list`");
  out.actor.plugin.value = out.info->short_name;
  out.actor.settings.push_back({{"path", {}}, {path, {}}});
  if (auto const ok = open(out, catalog, folder); !ok) return fail(ok.error());
  // One column whose name holds a separator is a table with another one.
  if (out.columns.size() == 1 && has_setting(*out.info, "separator"))
    for (auto const* separator : {";", "\t", "|"}) {
      if (out.columns.front().name.find(separator) == std::string::npos) continue;
      out.actor.settings.push_back({{"separator", {}}, {std::string(separator), {}}});
      if (auto const ok = open(out, catalog, folder); !ok) return fail(ok.error());
      break;
    }
  return out;
}

Result<dsl::Profile> profile_of(Rows const& rows) {
  std::vector<std::string> names;
  for (auto const& column : rows.columns) names.push_back(column.name);
  dsl::Profiler profiler(rows.columns);
  auto const report =
      rows.source->read(names, [&](std::vector<ports::Cell>&& cells) { profiler.add(cells); });
  if (!report) return fail(report.error());
  return profiler.finish();
}

// The name of the file that holds the rows, as an experiment's.
std::string name_after(std::string const& from) {
  auto const stem = dsl::identifier_of(fs::path(from).stem().string());
  return stem.empty() ? "first_experiment" : stem + "_experiment";
}

std::string way_on(dsl::DraftFile const& taken, std::vector<dsl::DraftFile> const& files) {
  if (taken.name == files.front().name)
    return "give the new experiment another name, `itera init NAME`, or another file, `--out FILE`";
  return fmt::format(
      "{}a first experiment brings rows and programs of its own: take an empty folder",
      taken.name == "rows.csv" ? "for a spec that fits these rows: `itera init --from rows.csv`; " : "");
}

// All or nothing: what stands there already is never touched.
Status write_new(fs::path const& folder, std::vector<dsl::DraftFile> const& files) {
  std::error_code ec;
  for (auto const& file : files)
    if (fs::exists(fs::symlink_status(folder / file.name, ec)))
      return fail(ErrorClass::unavailable, fmt::format("{} is there already: nothing was written", file.name),
                  way_on(file, files));
  for (auto const& file : files)
    if (auto const ok = write_file(folder / file.name, file.text); !ok)
      return fail(ErrorClass::unavailable, ok.error().what,
                  "choose a place that you may write to: `--out FILE`");
  return {};
}

Status complain_of(Loaded const& checked) {
  for (auto const& problem : checked.problems)
    if (problem.severity == Severity::error)
      return fail(ErrorClass::internal,
                  fmt::format("the draft has a mistake, so it was not written: {}", problem.summary),
                  "this is a bug of itera: tell its authors, with the names of your columns");
  return {};
}

// What goes wrong from here on is no matter of the command line.
int say_failure(Context const& context, Error error) {
  if (error.kind == ErrorClass::invalid) error.kind = ErrorClass::unavailable;
  return say_error(context, error);
}

}  // namespace

int init(Context const& context, InitArguments const& arguments) {
  if (!arguments.name.empty() && !dsl::is_identifier(arguments.name)) {
    auto const near = dsl::identifier_of(arguments.name);
    return say_error(context, {ErrorClass::invalid,
                               fmt::format("`{}` cannot be the name of an experiment", arguments.name),
                               "a name is ASCII letters, digits and `_`, and begins with no digit" +
                                   (near.empty() ? std::string() : fmt::format(": `{}`", near))});
  }
  fs::path const spec = !arguments.out.empty()    ? fs::path(arguments.out)
                        : !arguments.name.empty() ? fs::path(arguments.name + ".itera")
                                                  : fs::path("experiment.itera");
  auto const folder = fs::absolute(spec).parent_path();
  auto const file = spec.filename().string();
  auto catalog = make_catalog();
  view::Initialized done;
  done.folder = spec.parent_path();

  if (arguments.from.empty()) {
    done.files = dsl::first_experiment(arguments.name.empty() ? "first_experiment" : arguments.name, file);
  } else {
    auto const rows = open_rows(catalog, arguments.from, folder);
    if (!rows) return say_failure(context, rows.error());
    auto profile = profile_of(*rows);
    if (!profile) return say_failure(context, profile.error());
    auto proposal = dsl::propose(*profile);
    if (!proposal) return say_failure(context, proposal.error());
    auto today = SystemClock().today_utc();
    today.erase(std::remove(today.begin(), today.end(), '-'), today.end());
    dsl::DraftFrame const frame{arguments.name.empty() ? name_after(arguments.from) : arguments.name,
                                rows->info->short_name, rows->settings(), std::stoull(today)};
    auto const text = dsl::draft(*profile, *proposal, frame);
    auto const checked = load_text(spec.string(), text, catalog);
    if (auto const ok = complain_of(checked); !ok) return say_failure(context, ok.error());
    done.files = {{file, text, fmt::format("a draft for {}", arguments.from)}};
    done.profile = std::move(*profile);
    done.proposal = std::move(*proposal);
  }
  if (auto const ok = write_new(folder, done.files); !ok) return say_failure(context, ok.error());
  context.json ? view::json_init(context.out, done) : view::human_init(context.out, done);
  return exit_code::ok;
}

}  // namespace itera::cli
