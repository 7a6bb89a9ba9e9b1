#pragma once
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {

// Scored by the first letter, so that manners are free.
inline Spec spec_with(Workspace const& w, std::string const& also) {
  std::filesystem::create_directories(w.at("team"));
  std::filesystem::copy_file(ITERA_TEAM_JUDGE, w.at("team/judge_prefix.so"));
  std::filesystem::copy_file(ITERA_POLITE_JUDGE, w.at("team/judge_polite.so"));
  Spec spec;
  spec.uses = "use prefix from \"team/judge_prefix.so\"\nuse polite_words from \"team/judge_polite.so\"";
  spec.metric = "start using prefix { length = 1 }\n  " + also;
  spec.clauses = "failure wrong_start weight 1 \"begins with another letter\"";
  spec.rule = "effect >= 5pp";
  return spec;
}

struct Story {
  std::string name, rule;
  double old_polite = .5, new_polite = .5;  ///< shares of the rows, nested
  double right = .75;                       ///< share that `new` has right, where `old` has six tenths
  int code = 0;
  double unreadable = 0;  ///< share of the rows on which `new` is not to be read
};

class Secondaries : public ::testing::Test {
 protected:
  static std::vector<Placed> const& rows() {
    static auto const all = placed(make_rows(600));
    return all;
  }

  static void write(Workspace const& w, Story const& story) {
    auto spec = spec_with(w, "also polite using polite_words");
    spec.rule = story.rule;
    spec.clauses += "\n  report using markdown\n  report using html";
    auto const right = [](double share) {
      return [share](Placed const& r) { return among_first(r, share); };
    };
    write_recorded(w, rows(), right(.6), right(story.right), spec);
    std::map<std::string, Placed const*> by_key;
    for (auto const& row : rows()) by_key[row.row.key] = &row;
    for (auto const& [file, share, unreadable] : {std::tuple{"old.jsonl", story.old_polite, 0.0},
                                                  {"new.jsonl", story.new_polite, story.unreadable}}) {
      std::string out;
      for (auto line : json_lines(w.read(file))) {
        auto const& row = *by_key.at(line.at("key"));
        for (auto& output : line.at("outputs")) {
          auto said = output.get<std::string>();
          // From the other end, so that manners do not go with being right.
          if (static_cast<double>(row.of - row.nth) <= std::round(share * static_cast<double>(row.of)))
            said += ", please";
          if (row.part == "test" && among_first(row, unreadable)) said += " unreadable";
          output = said;
        }
        out += line.dump() + "\n";
      }
      w.write(file, out);
    }
  }
};

}  // namespace itera::test
