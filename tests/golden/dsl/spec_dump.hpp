#pragma once
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "core/spec/spec.hpp"

namespace itera::golden {

/// What a spec was understood as, for a golden file: one line for each thing.
std::string dump(spec::Experiment const& experiment);

struct Checked {
  std::vector<spec::Experiment> experiments;
  std::vector<Diagnostic> problems;
};

/// Parses and checks with the fake catalog; relative paths start at the folder of the golden files.
Checked read(SourceMap const& source);

/// All problems as the command line prints them, then the experiments.
std::string transcript(SourceMap const& source);

std::string golden_folder();
/// Every `*.itera` of the folder, sorted, without the extension.
std::vector<std::string> golden_cases();

}  // namespace itera::golden
