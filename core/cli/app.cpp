#include "core/cli/app.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/cli/context.hpp"

namespace itera::cli {
namespace {

constexpr auto kFooter =
    "Exit codes of `run` and `verdict`: 0 ship, 10 ship narrowly, 20 kill, 30 inconclusive, 40 invalid, 50 "
    "stopped by a "
    "rule of the\n"
    "method, 130 stopped by Ctrl-C; of every command: 1 failure, 2 wrong command line or mistakes in the "
    "spec.";

bool set(char const* name) {
  auto const* const value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

// The parser's own words are made for programmers; a wrong or missing command deserves better.
void say_usage_error(std::ostream& err, CLI::App const& app, CLI::ParseError const& error, int argc,
                     char const* const* argv) {
  std::vector<std::string> commands;
  for (auto const* command : app.get_subcommands({})) commands.push_back(command->get_name());
  std::string written;
  for (int i = 1; i < argc && written.empty(); ++i)
    if (argv[i][0] != '-' && std::string_view(argv[i - 1]) != "--format") written = argv[i];
  if (written.empty()) {
    err << "error: a command is missing\n";
  } else if (std::find(commands.begin(), commands.end(), written) == commands.end()) {
    err << "error: there is no command `" << written << "`\n";
    if (auto const near = did_you_mean(written, commands))
      err << "  = help: did you mean `itera " << *near << "`?\n";
  } else {
    err << "error: " << error.what() << "\n";
  }
  err << "  = help: `itera --help` lists the commands, `itera COMMAND --help` what one takes\n";
}

}  // namespace

int run(int argc, char const* const* argv, std::ostream& out, std::ostream& err) {
  bool const terminal = ::isatty(STDERR_FILENO) == 1 && !set("CI");
  Context context{out, err, false, terminal && !set("NO_COLOR"), terminal};

  CLI::App app{
      "itera carries an AI-engineering decision, written in an .itera file, to a verdict that stands in a "
      "code review.",
      "itera"};
  app.footer(kFooter);
  app.set_version_flag("--version", "itera " ITERA_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  std::string format = "human";
  bool verbose = false;
  app.add_option("--format", format, "human, or json for programs (on standard output)")
      ->check(CLI::IsMember({"human", "json"}).description(""))
      ->type_name("VIEW");
  app.add_flag("-v,--verbose", verbose, "log what happens, on standard error");

  RunArguments arguments;
  auto const spec = [&](CLI::App* command) {
    command->add_option("FILE", arguments.spec, "the experiment, an .itera file")->required()->type_name("");
  };
  auto* const check_command = app.add_subcommand(
      "check", "compile a spec and report every mistake in it; reads no row and runs nothing");
  spec(check_command);
  auto* const plan_command = app.add_subcommand(
      "plan", "show what would run: rows, arms, the whole rule, what the test could show; runs nothing");
  spec(plan_command);
  auto* const run_command =
      app.add_subcommand("run", "carry the experiment to its verdict, from where it stands");
  spec(run_command);
  for (auto* command : {plan_command, run_command})
    command
        ->add_option("--experiment", arguments.experiment, "which experiment of the file, if it has several")
        ->type_name("NAME");
  std::vector<std::string> const phases{"frame", "source", "pilot", "dev",
                                        "test"};  // in the order of engine::Until
  std::string until = phases.back();
  run_command->add_option("--until", until, "stop after this phase: frame, source, pilot, dev or test")
      ->check(CLI::IsMember(phases).description(""))
      ->type_name("PHASE");
  run_command
      ->add_option("--out", arguments.out,
                   "the experiment's folder, chosen at the first lock (default: docs/experiments/DATE-NAME)")
      ->type_name("DIR");
  run_command
      ->add_option("--workers", arguments.workers,
                   "calls in flight at once (default: by the number of processors)")
      ->check(CLI::Range(1U, 4096U).description(""))
      ->type_name("N");
  auto* const status_command =
      app.add_subcommand("status", "where an experiment stands, also while it runs in another terminal");
  std::string folder;
  status_command->add_option("DIR", folder, "the experiment's folder")->required()->type_name("");
  auto* const doctor_command =
      app.add_subcommand("doctor", "what of an experiment is whole, and what can be done about the rest");
  bool salvage = false;
  doctor_command->add_option("DIR", folder, "the experiment's folder")->required()->type_name("");
  doctor_command->add_flag("--salvage", salvage,
                           "put a damaged store aside and keep what is provably whole of it");
  auto* const labels_command = app.add_subcommand(
      "labels", "the generated rows that the baseline fails, for their labels to be confirmed and signed");
  std::optional<std::string> by;
  labels_command->add_option("DIR", folder, "the experiment's folder")->required()->type_name("");
  labels_command->add_option("--sign", by, "sign the labels of label-audit.csv as they stand")
      ->type_name("NAME");
  VerdictArguments verdict;
  std::string mode = "default";
  auto* const verdict_command = app.add_subcommand(
      "verdict",
      "decide again from the numbers of a saved data.json, clause by clause, by its rule or another");
  verdict_command->add_option("--data", verdict.data, "the file, written by itera or in the same schema")
      ->required()
      ->type_name("FILE");
  verdict_command
      ->add_option("--rule", verdict.rule,
                   "decide by this rule: 'ship when effect >= 5pp and every tier >= -2pp by interval'")
      ->type_name("RULE");
  verdict_command
      ->add_option("--mode", mode,
                   "default, or seed-literal: the effect need not be shown, and what is not shown is killed")
      ->check(CLI::IsMember({"default", "seed-literal"}).description(""))
      ->type_name("MODE");
  auto* const plugins_command = app.add_subcommand("plugins", "the plugins that a spec can name");
  plugins_command->require_subcommand(1);
  auto* const list_command = plugins_command->add_subcommand(
      "list", "every plugin that is found, with its version and what it does");
  auto* const explain_command =
      app.add_subcommand("explain", "what an error code or a rule of the method means, and the way on");
  std::string what;
  explain_command
      ->add_option("CODE", what, "an error code (E221), a rule (S8) or `excuses`; without it all are listed")
      ->type_name("");
  auto* const lsp_command = app.add_subcommand(
      "lsp", "a language server for editors, on standard input and output (docs/editors.md)");
  auto* const fmt_command =
      app.add_subcommand("fmt", "rewrite specs in the one layout; only white space changes, comments stay");
  FormatArguments format_arguments;
  fmt_command->add_option("FILE", format_arguments.files, ".itera files; `-` is standard input to output")
      ->required()
      ->type_name("");
  fmt_command->add_flag("--check", format_arguments.check,
                        "change nothing; exit 1 and name the files that are not formatted");
  InitArguments init_arguments;
  auto* const init_command =
      app.add_subcommand("init", "write a spec that passes `check`; asks nothing, overwrites nothing");
  init_command->add_option("NAME", init_arguments.name, "the experiment's name (default: one is made up)")
      ->type_name("");
  init_command
      ->add_option("--from", init_arguments.from,
                   "a CSV file: propose key, inputs, answer, slices, entity and severity from its columns")
      ->type_name("ROWS");
  init_command
      ->add_option("--out", init_arguments.out, "the spec to write (default: NAME.itera or experiment.itera)")
      ->type_name("FILE");
  ChartArguments drawing;
  auto* const chart_command =
      app.add_subcommand("chart", "draw a data.json, also one that itera did not write, as SVG or PNG");
  chart_command->add_option("KIND", drawing.kind, "arm-bar, forest-plot or cost-vs-accuracy")
      ->required()
      ->type_name("");
  chart_command->add_option("--data", drawing.data, "the evidence, a data.json")
      ->required()
      ->type_name("FILE");
  chart_command->add_option("--out", drawing.out, "the picture; its name ends in .svg or .png")
      ->required()
      ->type_name("FILE");

  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& e) {
    if (e.get_exit_code() == 0) return app.exit(e, out, err) == 0 ? exit_code::ok : exit_code::usage;
    say_usage_error(err, app, e, argc, argv);
    return exit_code::usage;
  }
  arguments.until =
      static_cast<engine::Until>(std::find(phases.begin(), phases.end(), until) - phases.begin());
  context.json = format == "json";
  verdict.literal = mode == "seed-literal";
  log::set_level(verbose ? log::Level::debug : log::Level::warning);

  if (init_command->parsed()) return init(context, init_arguments);
  if (check_command->parsed()) return check(context, arguments.spec);
  if (plan_command->parsed()) return plan(context, arguments.spec, arguments.experiment);
  if (run_command->parsed()) return run_experiment(context, arguments);
  if (doctor_command->parsed()) return doctor(context, folder, salvage);
  if (labels_command->parsed()) return labels(context, folder, by);
  if (status_command->parsed()) return status(context, folder);
  if (verdict_command->parsed()) return verdict_of_data(context, verdict);
  if (explain_command->parsed()) return explain(context, what);
  if (fmt_command->parsed()) return format_files(context, format_arguments);
  if (list_command->parsed()) return list_plugins(context);
  if (chart_command->parsed()) return chart(context, drawing);
  if (lsp_command->parsed()) return language_server();
  return exit_code::usage;
}

}  // namespace itera::cli
