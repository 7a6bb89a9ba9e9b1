#pragma once
#include <iosfwd>

namespace itera::cli {

/// Exit codes; part of the command line's contract.
namespace exit_code {
constexpr int ok = 0;       ///< ship, or the command did what was asked
constexpr int failure = 1;  ///< something outside failed
constexpr int usage = 2;    ///< wrong command line, or mistakes in the spec
constexpr int narrow = 10, kill = 20, inconclusive = 30, invalid = 40;
constexpr int stopped = 50;       ///< a rule of the method stopped the run
constexpr int interrupted = 130;  ///< Ctrl-C, as shells have it
}  // namespace exit_code

/// The whole program. May be called more than once in a process. Results go to `out`, everything else to
/// `err`.
int run(int argc, char const* const* argv, std::ostream& out, std::ostream& err);

}  // namespace itera::cli
