#pragma once
#include <map>
#include <string>
#include <vector>

#include "tests/support/experiment.hpp"

namespace itera::test {

/// Two arms that are quick programs; each request that they get is a line of `log` ("old k0001/0").
/// `pause_us` is how long they think.
void write_quick_programs(Workspace const& workspace, std::size_t rows, unsigned pause_us = 0,
                          Spec const& spec = {});
/// Two arms whose answers were recorded: no program, the least writing.
void write_recorded_answers(Workspace const& workspace, std::size_t rows);

/// How often each (arm, row, trial) was asked for.
std::map<std::string, int> requests(Workspace const& workspace);
/// Requests beyond the first of each.
int asked_again(Workspace const& workspace);

/// What goes wrong in a process, see shim.c.
struct Fault {
  std::string path, ops;
  long at = 0;
  int number = 0;  ///< of errno; 0: power is lost
  bool stays = false;
  std::string trace{};
  long clock_back = 0;
};
/// The command line of `itera` with a fault.
std::vector<std::string> faulty_command(Fault const& fault, std::vector<std::string> const& arguments);
Outcome faulty(Workspace const& workspace, Fault const& fault, std::vector<std::string> const& arguments);
/// The arguments of run().
std::vector<std::string> run_arguments(std::vector<std::string> const& more = {});

/// What was measured and decided, without the times and without the ledger's own story: it is the same
/// however often a run was cut short.
struct Measured {
  std::string rows, evidence;
  friend bool operator==(Measured const&, Measured const&) = default;
};
Measured measured(Workspace const& workspace);
/// The same with only dev answered.
std::string dev_rows(Workspace const& workspace);

/// Runs until the process is told to stop by the test; for kills.
struct Running {
  Running(Workspace const& workspace, std::vector<std::string> const& more = {}, Fault const& fault = {});
  Child child;
};

}  // namespace itera::test
