#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dsl/draft/propose.hpp"

namespace itera::dsl {

/// What a draft needs beside the columns.
struct DraftFrame {
  std::string name;                                           ///< of the experiment: an identifier
  std::string source;                                         ///< short name of the source plugin
  std::vector<std::pair<std::string, std::string>> settings;  ///< of the source: name and text
  std::uint64_t seed = 0;
};

/// A spec with a comment on every clause, and on every proposed column its evidence. It passes `check`; the
/// programs that it names are the author's to write. Ends with a line break.
std::string draft(Profile const& profile, Proposal const& proposal, DraftFrame const& frame);

struct DraftFile {
  std::string name;  ///< relative to the folder of the spec
  std::string text;
  std::string what;  ///< one line for people
};

/// A first experiment that runs: the shortest legal spec, with comments, and the made-up rows and the two
/// python3 programs that it names. The spec is the first file, `spec_name`. The same at every call.
std::vector<DraftFile> first_experiment(std::string const& experiment, std::string const& spec_name);

}  // namespace itera::dsl
