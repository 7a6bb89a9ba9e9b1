#include "tests/faults/experiment.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace itera::test {
namespace {

Outcome run_command(Workspace const& w, std::vector<std::string> const& command) {
  auto const beside = w.path().string();
  Outcome out;
  {
    Child child(command, w.path(), beside + ".out", beside + ".err");
    out.code = child.wait();
  }
  auto const slurp = [](std::string const& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    std::filesystem::remove(file);
    return text.str();
  };
  out.out = slurp(beside + ".out");
  out.err = slurp(beside + ".err");
  return out;
}

}  // namespace

void write_quick_programs(Workspace const& w, std::size_t rows, unsigned pause_us, Spec const& given) {
  auto const arm = [&](char const* name, int per_mille) {
    return fmt::format(R"(command = ["{}", "{}", "{}", "{}"])", ITERA_FAULT_ARM, name, per_mille, pause_us);
  };
  auto spec = given;
  spec.baseline = fmt::format("using process {{ ref \"old.cpp:1\"  {} }}", arm("old", 300));
  spec.arms = fmt::format("arm new from old \"more words\" {{ {} }}", arm("new", 950));
  w.write("rows.csv", csv(make_rows(rows)));
  w.write("x.itera", spec.text());
}

void write_recorded_answers(Workspace const& w, std::size_t rows) {
  write_recorded(
      w, unplaced(make_rows(rows)), [](auto const& r) { return r.nth % 10 < 2; },
      [](auto const& r) { return r.nth % 10 < 9; });
}

std::map<std::string, int> requests(Workspace const& w) {
  std::map<std::string, int> out;
  std::istringstream in(w.read("log"));
  for (std::string line; std::getline(in, line);) ++out[line];
  return out;
}

int asked_again(Workspace const& w) {
  int out = 0;
  for (auto const& [_, times] : requests(w)) out += times - 1;
  return out;
}

std::vector<std::string> faulty_command(Fault const& fault, std::vector<std::string> const& arguments) {
  std::vector<std::string> out{"/usr/bin/env",
                               "LD_PRELOAD=" ITERA_FAULT_SHIM,
                               "ITERA_FAULT_PATH=" + fault.path,
                               "ITERA_FAULT_OPS=" + fault.ops,
                               fmt::format("ITERA_FAULT_AT={}", fault.at),
                               fmt::format("ITERA_FAULT_ERRNO={}", fault.number),
                               fmt::format("ITERA_FAULT_STAYS={}", fault.stays ? 1 : 0)};
  if (!fault.trace.empty()) out.push_back("ITERA_FAULT_TRACE=" + fault.trace);
  if (fault.clock_back != 0) out.push_back(fmt::format("ITERA_CLOCK_BACK={}", fault.clock_back));
  for (auto const& word : itera_command(arguments)) out.push_back(word);
  return out;
}

Outcome faulty(Workspace const& w, Fault const& fault, std::vector<std::string> const& arguments) {
  return run_command(w, faulty_command(fault, arguments));
}

std::vector<std::string> run_arguments(std::vector<std::string> const& more) {
  std::vector<std::string> out{"run", "x.itera", "--out", "exp", "--workers", "2"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

Measured measured(Workspace const& w) {
  Measured out;
  for (auto& line : json_lines(w.read("exp/rows.jsonl"))) {
    line.erase("meta");
    out.rows += line.dump() + "\n";
  }
  auto const evidence = data(w);
  for (auto const* part : {"effect_sizes", "test_set_aggregate", "arm_verdicts", "variance_trials"})
    out.evidence += evidence.value(part, Json()).dump() + "\n";
  out.evidence += evidence.value("verdict", Json::object()).value("outcome", Json()).dump();
  return out;
}

std::string dev_rows(Workspace const& w) {
  std::string out;
  for (auto& line : json_lines(w.read("exp/rows.jsonl")))
    if (line.at("split") == "dev") {
      line.erase("meta");
      out += line.dump() + "\n";
    }
  return out;
}

Running::Running(Workspace const& w, std::vector<std::string> const& more, Fault const& fault)
    : child(
          fault.ops.empty() ? itera_command(run_arguments(more)) : faulty_command(fault, run_arguments(more)),
          w.path(), w.path().string() + ".out", w.path().string() + ".err") {}

}  // namespace itera::test
