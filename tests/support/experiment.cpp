#include "tests/support/experiment.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace itera::test {

std::vector<Row> make_rows(std::size_t n) {
  std::vector<Row> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back({fmt::format("k{:04}", i), fmt::format("request tok{:05}q about a parcel", i * 7 + 13),
                   i * 7 % 10 < 7 ? "ent" : "smb", std::string(1, "abc"[i / 10 % 3])});
  return out;
}

std::string csv(std::vector<Row> const& rows) {
  std::string out = "id,text,tier,answer\n";
  for (auto const& row : rows) out += fmt::format("{},{},{},{}\n", row.key, row.text, row.tier, row.answer);
  return out;
}

std::string recording(std::vector<Row> const& rows, unsigned trials,
                      std::function<std::string(Row const&, unsigned)> const& output) {
  std::string out;
  for (auto const& row : rows) {
    Json outputs = Json::array();
    for (unsigned trial = 0; trial < trials; ++trial) outputs.push_back(output(row, trial));
    out += Json{{"key", row.key}, {"outputs", outputs}, {"cost_usd", 0.0005}}.dump() + "\n";
  }
  return out;
}

std::string Spec::text() const {
  return fmt::format(R"({}
experiment {} {{
  question   "{}"
  hypothesis "They know more words."
  rows from csv {{ path = "{}" }}
  origin production
  row {{ {} }}
  split {{ {} }}
  baseline old {}
  {}
  metric {}
  {}{}
  ship when {}
  {}
}}
)",
                     uses, name, question, source, row, split, baseline, arms, metric, clauses,
                     accept.empty() ? "" : "\n  " + accept, rule,
                     clauses.find("report using markdown") == clauses.npos ? report : "");
}

std::string program(std::string const& file, std::string const& more) {
  return fmt::format(R"(command = ["python3", "{}"]  {})", file, more);
}

std::vector<Placed> placed(std::vector<Row> const& rows, Spec const& spec) {
  Workspace twin;
  Spec recorded;
  recorded.name = spec.name;
  recorded.row = spec.row;
  recorded.split = spec.split;
  recorded.rule = "effect >= 5pp";
  twin.write("rows.csv", csv(rows));
  twin.write("old.jsonl", recording(rows, 3, [](auto const&, auto) { return "x"; }));
  twin.write("new.jsonl", recording(rows, 3, [](auto const&, auto) { return "y"; }));
  twin.write("x.itera", recorded.text());
  auto const outcome = run(twin);
  EXPECT_TRUE(twin.has("exp/data.json")) << outcome.err;

  std::map<std::string, std::string> part_of;
  for (auto const& line : json_lines(twin.read("exp/rows.jsonl"))) part_of[line.at("key")] = line.at("split");
  std::vector<Placed> out;
  std::map<std::string, std::size_t> sizes;
  for (auto const& row : rows) {
    auto const found = part_of.find(row.key);
    Placed one{row, found == part_of.end() ? "train" : found->second, 0, 0};
    one.nth = sizes[one.part + one.row.tier]++;
    out.push_back(one);
  }
  for (auto& one : out) one.of = sizes[one.part + one.row.tier];
  return out;
}

std::vector<Placed> unplaced(std::vector<Row> const& rows) {
  std::vector<Placed> out;
  for (auto const& row : rows) out.push_back({row, "", out.size(), rows.size()});
  return out;
}

bool among_first(Placed const& row, double share) {
  return static_cast<double>(row.nth) < std::round(share * static_cast<double>(row.of));
}

void write_recorded(Workspace const& workspace, std::vector<Placed> const& rows, Right const& old_right,
                    Right const& new_right, Spec const& spec) {
  std::vector<Row> plain;
  std::map<std::string, Placed const*> by_key;
  for (auto const& row : rows) {
    plain.push_back(row.row);
    by_key[row.row.key] = &row;
  }
  auto const recorded = [&](Right const& right) {
    return recording(plain, 3, [&](Row const& row, unsigned) {
      return right(*by_key.at(row.key)) ? row.answer : std::string("wrong");
    });
  };
  workspace.write("rows.csv", csv(plain));
  workspace.write("old.jsonl", recorded(old_right));
  workspace.write("new.jsonl", recorded(new_right));
  workspace.write("x.itera", spec.text());
}

std::vector<Json> json_lines(std::string const& text) {
  std::vector<Json> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(Json::parse(line));
  return out;
}

std::vector<Json> entries(Workspace const& workspace, std::string const& kind, std::string const& folder) {
  std::vector<Json> out;
  for (auto const& entry : json_lines(workspace.read(folder + "/ledger.jsonl")))
    if (entry.at("kind") == kind) out.push_back(entry);
  return out;
}

std::vector<std::string> kinds(Workspace const& workspace, std::string const& folder) {
  std::vector<std::string> out;
  for (auto const& entry : json_lines(workspace.read(folder + "/ledger.jsonl")))
    out.push_back(entry.at("kind"));
  return out;
}

Json data(Workspace const& workspace, std::string const& folder) {
  auto const text = workspace.read(folder + "/data.json");
  EXPECT_FALSE(text.empty()) << "no data.json";
  return text.empty() ? Json::object() : Json::parse(text);
}

Json check_of(Json const& data, std::string const& arm, std::string const& id) {
  for (auto const& check : data.at("arm_verdicts").at(arm).at("checks"))
    if (check.at("id") == id) return check;
  return nullptr;
}

std::map<std::string, std::string> records(Workspace const& workspace, std::string const& folder) {
  std::map<std::string, std::string> out;
  for (auto const* file : {"plan.json", "frame.md"}) out[file] = workspace.read(folder + "/" + file);
  for (auto const* file : {"ledger.jsonl", "rows.jsonl"})
    for (auto& line : json_lines(workspace.read(folder + "/" + file))) {
      line.erase("meta");
      out[file] += line.dump() + "\n";
    }
  auto evidence = data(workspace, folder);
  evidence.erase("meta");
  out["data.json"] = evidence.dump(1);
  std::istringstream conclusion(workspace.read(folder + "/conclusion.md"));
  for (std::string line; std::getline(conclusion, line);)
    if (!line.starts_with("Latency of ")) out["conclusion.md"] += line + "\n";
  return out;
}

Outcome run(Workspace const& workspace, std::vector<std::string> const& more) {
  std::vector<std::string> arguments{"run", "x.itera", "--out", "exp"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return workspace.itera(arguments);
}

}  // namespace itera::test
