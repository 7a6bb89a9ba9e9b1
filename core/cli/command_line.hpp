#pragma once
#include <functional>
#include <string>

#include "core/cli/context.hpp"

namespace CLI {
class App;
}

namespace itera::cli {

/// Adds every command to `app`, with its options. The one that the command line names is put into `chosen`
/// when `app` parses it: call it with the context; it gives the exit code.
using Chosen = std::function<int(Context const&)>;
void add_commands(CLI::App& app, Chosen& chosen);

}  // namespace itera::cli
