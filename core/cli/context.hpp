#pragma once
#include <iosfwd>
#include <optional>
#include <string>

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
  engine::Until until = engine::Until::test;
  std::optional<std::string> out;
  unsigned workers = 0;  ///< calls in flight; 0: chosen by the number of processors
};

/// One function a command; each gives the exit code.
int check(Context const& context, std::string const& spec);
int plan(Context const& context, std::string const& spec);
int run_experiment(Context const& context, RunArguments const& arguments);
int list_plugins(Context const& context);

}  // namespace itera::cli
