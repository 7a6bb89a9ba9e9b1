#include "core/cli/app.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/cli/command_line.hpp"

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

  Chosen chosen;
  add_commands(app, chosen);

  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& e) {
    if (e.get_exit_code() == 0) return app.exit(e, out, err) == 0 ? exit_code::ok : exit_code::usage;
    say_usage_error(err, app, e, argc, argv);
    return exit_code::usage;
  }
  context.json = format == "json";
  log::set_level(verbose ? log::Level::debug : log::Level::warning);
  return chosen ? chosen(context) : exit_code::usage;
}

}  // namespace itera::cli
