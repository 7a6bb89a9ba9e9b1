#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/cli.hpp"

namespace itera::test {

using Json = nlohmann::json;

/// A row of the made-up data. `text` holds a token that occurs nowhere else.
struct Row {
  std::string key, text, tier, answer;
};

/// `n` rows, the same at every call: seven tenths of tier `ent`, three tenths of `smb`; answers a, b and c.
std::vector<Row> make_rows(std::size_t n);
std::string csv(std::vector<Row> const& rows);

/// Outputs for `arm_recorded`: one per row and trial.
std::string recording(std::vector<Row> const& rows, unsigned trials,
                      std::function<std::string(Row const&, unsigned)> const& output);

/// A spec, clause by clause; every part can be replaced.
struct Spec {
  std::string name = "router";
  std::string question = "Do the new rules sort better?";
  std::string source = "rows.csv";
  std::string row = "key id  input text  expected answer  slice tier";
  std::string split = "seed 20260412";
  std::string baseline = R"(using recorded { ref "rules.py:1"  deterministic  path = "old.jsonl" })";
  std::string arms = R"(arm new from old "more words" { deterministic  path = "new.jsonl" })";
  std::string metric = "accuracy using exact";
  std::string clauses = R"(failure wrong weight 1 "another answer")";
  std::string rule = "effect >= 5pp\n        and every tier >= -2pp";
  std::string report = "report using markdown";  ///< if `clauses` names no such; the charts take longer
  /// Most experiments here are far too small for their thresholds: they try the program, not a rule.
  std::string accept = R"(accept underpowered "the program is tried here, not the rule")";
  std::string uses;

  std::string text() const;
};

/// The settings of arms that are programs: python3 on `file`, one JSON line in, one out.
std::string program(std::string const& file, std::string const& more = "");

/// Where the split puts a row, and which of how many rows of that part and tier it is.
struct Placed {
  Row row;
  std::string part;
  std::size_t nth = 0, of = 0;
};

/// Found by an experiment of its own that has the same name, seed, shares and rows: the split depends on
/// nothing else. Sorted by key.
std::vector<Placed> placed(std::vector<Row> const& rows, Spec const& spec = {});

/// The same rows without asking where they go, for tests that do not mind: `nth` counts them all.
std::vector<Placed> unplaced(std::vector<Row> const& rows);

/// Right on the first `share` of the rows of each part and tier, so that arms nest and effects are known.
bool among_first(Placed const& row, double share);

/// Writes rows.csv and x.itera, and recordings `old.jsonl` and `new.jsonl` that are right (else "wrong")
/// where the two functions say so.
using Right = std::function<bool(Placed const&)>;
void write_recorded(Workspace const& workspace, std::vector<Placed> const& rows, Right const& old_right,
                    Right const& new_right, Spec const& spec = {});

/// Each line of a file of JSON lines.
std::vector<Json> json_lines(std::string const& text);
/// The ledger's entries of one kind.
std::vector<Json> entries(Workspace const& workspace, std::string const& kind,
                          std::string const& folder = "exp");
std::vector<std::string> kinds(Workspace const& workspace, std::string const& folder = "exp");
Json data(Workspace const& workspace, std::string const& folder = "exp");
/// The check `id` of an arm's verdict; null if there is none.
Json check_of(Json const& data, std::string const& arm, std::string const& id);

/// Every record that must not depend on anything but spec, data and seed, by file name: without `meta` and,
/// in conclusion.md, without the lines on latency.
std::map<std::string, std::string> records(Workspace const& workspace, std::string const& folder = "exp");

/// `run x.itera --out exp` and what else is said.
Outcome run(Workspace const& workspace, std::vector<std::string> const& more = {});

}  // namespace itera::test
