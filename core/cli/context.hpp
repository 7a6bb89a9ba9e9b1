#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"

namespace itera::cli {

/// What every command gets. `json` chooses the view.
struct Context {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  bool colour = false;    ///< standard error is a terminal that wants it
  bool terminal = false;  ///< progress may rewrite its line
};

struct RunArguments {
  std::string spec;
  std::string experiment;  ///< which of the file's; empty: its only one
  engine::Until until = engine::Until::test;
  std::optional<std::string> out;
  unsigned workers = 0;  ///< calls in flight; 0: chosen by the number of processors
};

struct FormatArguments {
  std::vector<std::string> files;  ///< `-`: from standard input to standard output
  bool check = false;              ///< only say which are not formatted
};

/// One function a command; each gives the exit code.
int check(Context const& context, std::string const& spec);
int plan(Context const& context, std::string const& spec, std::string const& experiment);
int run_experiment(Context const& context, RunArguments const& arguments);
int list_plugins(Context const& context);
/// `what` is an error code, a rule of the method, "excuses", or empty for the list.
int explain(Context const& context, std::string const& what);
/// Speaks the language server protocol on the process's own standard streams until the client ends it.
int language_server();
int format_files(Context const& context, FormatArguments const& arguments);

}  // namespace itera::cli
