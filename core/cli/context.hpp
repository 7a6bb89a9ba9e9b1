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
  unsigned workers = 0;                       ///< calls in flight; 0: chosen by the number of processors
  std::optional<std::string> record, replay;  ///< files of calls over HTTP; at most one of them
};

struct FormatArguments {
  std::vector<std::string> files;  ///< `-`: from standard input to standard output
  bool check = false;              ///< only say which are not formatted
};

struct InitArguments {
  std::string name;  ///< of the experiment; empty: one is made up
  std::string from;  ///< a file with rows to draft for; empty: a first experiment with rows of its own
  std::string out;   ///< the spec's file; empty: by the name
};

struct ChartArguments {
  std::string kind;  ///< "forest-plot"
  std::string data;  ///< a data.json
  std::string out;   ///< ends in .svg or .png
};

struct VerdictArguments {
  std::string data;
  std::optional<std::string> rule;  ///< `ship when ...`; nothing: the file's own, or the defaults
  bool literal = false;             ///< the rule's first wording: the effect need not be shown
};

/// One function a command; each gives the exit code.
int init(Context const& context, InitArguments const& arguments);
int check(Context const& context, std::string const& spec);
int plan(Context const& context, std::string const& spec, std::string const& experiment);
int run_experiment(Context const& context, RunArguments const& arguments);
/// Where the experiment in `folder` stands, also while another process works on it.
int status(Context const& context, std::string const& folder);
/// Whether what the experiment in `folder` stands on is whole; `salvage` keeps what is whole of a damaged
/// store.
int doctor(Context const& context, std::string const& folder, bool salvage);
/// The labels of generated rows that the baseline fails, in the experiment of `folder`; `by` signs them.
int labels(Context const& context, std::string const& folder, std::optional<std::string> const& by);
int verdict_of_data(Context const& context, VerdictArguments const& arguments);
int list_plugins(Context const& context);
/// `what` is an error code, a rule of the method, "excuses", or empty for the list.
int explain(Context const& context, std::string const& what);
/// Speaks the language server protocol on the process's own standard streams until the client ends it.
int language_server();
int format_files(Context const& context, FormatArguments const& arguments);
int chart(Context const& context, ChartArguments const& arguments);

}  // namespace itera::cli
