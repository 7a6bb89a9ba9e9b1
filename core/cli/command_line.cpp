#include "core/cli/command_line.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

namespace itera::cli {
namespace {

// A command's arguments live as long as the command may be called.
template <class Arguments, class Run>
std::shared_ptr<Arguments> on_parse(CLI::App* command, Chosen& chosen, Run run) {
  auto arguments = std::make_shared<Arguments>();
  command->callback([arguments, run, &chosen] {
    chosen = [=](Context const& context) { return run(context, *arguments); };
  });
  return arguments;
}

void takes_spec(CLI::App* command, std::string& spec) {
  command->add_option("FILE", spec, "the experiment, an .itera file")->required()->type_name("");
}

void takes_experiment(CLI::App* command, std::string& experiment) {
  command->add_option("--experiment", experiment, "which experiment of the file, if it has several")
      ->type_name("NAME");
}

void takes_folder(CLI::App* command, std::string& folder) {
  command->add_option("DIR", folder, "the experiment's folder")->required()->type_name("");
}

void add_check(CLI::App& app, Chosen& chosen) {
  auto* const command = app.add_subcommand(
      "check", "compile a spec and report every mistake in it; reads no row and runs nothing");
  takes_spec(command, *on_parse<std::string>(command, chosen, check));
}

void add_plan(CLI::App& app, Chosen& chosen) {
  auto* const command = app.add_subcommand(
      "plan", "show what would run: rows, arms, the whole rule, what the test could show; runs nothing");
  auto const arguments = on_parse<RunArguments>(
      command, chosen,
      [](Context const& context, RunArguments const& a) { return plan(context, a.spec, a.experiment); });
  takes_spec(command, arguments->spec);
  takes_experiment(command, arguments->experiment);
}

void add_run(CLI::App& app, Chosen& chosen) {
  static std::vector<std::string> const phases{"frame", "source", "pilot", "dev",
                                               "test"};  // in the order of engine::Until
  struct Arguments : RunArguments {
    std::string last = phases.back();
  };
  auto* const command =
      app.add_subcommand("run", "carry the experiment to its verdict, from where it stands");
  auto const arguments = on_parse<Arguments>(command, chosen, [](Context const& context, Arguments a) {
    a.until = static_cast<engine::Until>(std::find(phases.begin(), phases.end(), a.last) - phases.begin());
    return run_experiment(context, a);
  });
  takes_spec(command, arguments->spec);
  takes_experiment(command, arguments->experiment);
  command->add_option("--until", arguments->last, "stop after this phase: frame, source, pilot, dev or test")
      ->check(CLI::IsMember(phases).description(""))
      ->type_name("PHASE");
  command
      ->add_option("--out", arguments->out,
                   "the experiment's folder, chosen at the first lock (default: docs/experiments/DATE-NAME)")
      ->type_name("DIR");
  command
      ->add_option("--workers", arguments->workers,
                   "calls in flight at once (default: by the number of processors)")
      ->check(CLI::Range(1U, 4096U).description(""))
      ->type_name("N");
  auto* const record =
      command
          ->add_option(
              "--record", arguments->record,
              "keep every exchange over HTTP in this file, without secrets; programs are not recorded")
          ->type_name("FILE");
  command
      ->add_option("--replay", arguments->replay,
                   "answer calls over HTTP from such a file and ask nobody; programs are run as ever")
      ->excludes(record)
      ->type_name("FILE");
}

void add_status(CLI::App& app, Chosen& chosen) {
  auto* const command =
      app.add_subcommand("status", "where an experiment stands, also while it runs in another terminal");
  takes_folder(command, *on_parse<std::string>(command, chosen, status));
}

void add_doctor(CLI::App& app, Chosen& chosen) {
  struct Arguments {
    std::string folder;
    bool salvage = false;
  };
  auto* const command =
      app.add_subcommand("doctor", "what of an experiment is whole, and what can be done about the rest");
  auto const arguments = on_parse<Arguments>(command, chosen, [](Context const& context, Arguments const& a) {
    return doctor(context, a.folder, a.salvage);
  });
  takes_folder(command, arguments->folder);
  command->add_flag("--salvage", arguments->salvage,
                    "put a damaged store aside and keep what is provably whole of it");
}

void add_labels(CLI::App& app, Chosen& chosen) {
  struct Arguments {
    std::string folder;
    std::optional<std::string> by;
  };
  auto* const command = app.add_subcommand(
      "labels", "the generated rows that the baseline fails, for their labels to be confirmed and signed");
  auto const arguments = on_parse<Arguments>(command, chosen, [](Context const& context, Arguments const& a) {
    return labels(context, a.folder, a.by);
  });
  takes_folder(command, arguments->folder);
  command->add_option("--sign", arguments->by, "sign the labels of label-audit.csv as they stand")
      ->type_name("NAME");
}

void add_verdict(CLI::App& app, Chosen& chosen) {
  struct Arguments : VerdictArguments {
    std::string mode = "default";
  };
  auto* const command = app.add_subcommand(
      "verdict",
      "decide again from the numbers of a saved data.json, clause by clause, by its rule or another");
  auto const arguments = on_parse<Arguments>(command, chosen, [](Context const& context, Arguments a) {
    a.literal = a.mode == "seed-literal";
    return verdict_of_data(context, a);
  });
  command->add_option("--data", arguments->data, "the file, written by itera or in the same schema")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--rule", arguments->rule,
                   "decide by this rule: 'ship when effect >= 5pp and every tier >= -2pp by interval'")
      ->type_name("RULE");
  command
      ->add_option("--mode", arguments->mode,
                   "default, or seed-literal: the effect need not be shown, and what is not shown is killed")
      ->check(CLI::IsMember({"default", "seed-literal"}).description(""))
      ->type_name("MODE");
}

void add_plugins(CLI::App& app, Chosen& chosen) {
  auto* const command = app.add_subcommand("plugins", "the plugins that a spec can name");
  command->require_subcommand(1);
  command->add_subcommand("list", "every plugin that is found, with its version and what it does")
      ->callback([&chosen] { chosen = list_plugins; });
}

void add_explain(CLI::App& app, Chosen& chosen) {
  auto* const command =
      app.add_subcommand("explain", "what an error code or a rule of the method means, and the way on");
  auto const what = on_parse<std::string>(command, chosen, explain);
  command
      ->add_option("CODE", *what, "an error code (E221), a rule (S8) or `excuses`; without it all are listed")
      ->type_name("");
}

void add_lsp(CLI::App& app, Chosen& chosen) {
  app.add_subcommand("lsp", "a language server for editors, on standard input and output (docs/editors.md)")
      ->callback([&chosen] { chosen = [](Context const&) { return language_server(); }; });
}

void add_fmt(CLI::App& app, Chosen& chosen) {
  auto* const command =
      app.add_subcommand("fmt", "rewrite specs in the one layout; only white space changes, comments stay");
  auto const arguments = on_parse<FormatArguments>(command, chosen, format_files);
  command->add_option("FILE", arguments->files, ".itera files; `-` is standard input to output")
      ->required()
      ->type_name("");
  command->add_flag("--check", arguments->check,
                    "change nothing; exit 1 and name the files that are not formatted");
}

void add_init(CLI::App& app, Chosen& chosen) {
  auto* const command =
      app.add_subcommand("init", "write a spec that passes `check`; asks nothing, overwrites nothing");
  auto const arguments = on_parse<InitArguments>(command, chosen, init);
  command->add_option("NAME", arguments->name, "the experiment's name (default: one is made up)")
      ->type_name("");
  command
      ->add_option("--from", arguments->from,
                   "a CSV file: propose key, inputs, answer, slices, entity and severity from its columns")
      ->type_name("ROWS");
  command->add_option("--out", arguments->out, "the spec to write (default: NAME.itera or experiment.itera)")
      ->type_name("FILE");
}

void add_chart(CLI::App& app, Chosen& chosen) {
  auto* const command =
      app.add_subcommand("chart", "draw a data.json, also one that itera did not write, as SVG or PNG");
  auto const arguments = on_parse<ChartArguments>(command, chosen, chart);
  command->add_option("KIND", arguments->kind, "arm-bar, forest-plot or cost-vs-accuracy")
      ->required()
      ->type_name("");
  command->add_option("--data", arguments->data, "the evidence, a data.json")->required()->type_name("FILE");
  command->add_option("--out", arguments->out, "the picture; its name ends in .svg or .png")
      ->required()
      ->type_name("FILE");
}

}  // namespace

void add_commands(CLI::App& app, Chosen& chosen) {
  for (auto const add : {add_check, add_plan, add_run, add_status, add_doctor, add_labels, add_verdict,
                         add_plugins, add_explain, add_lsp, add_fmt, add_init, add_chart})
    add(app, chosen);
}

}  // namespace itera::cli
