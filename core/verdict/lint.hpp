#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/verdict/imported.hpp"

namespace itera::verdict {

/// One place of a file that does not agree with another.
struct Finding {
  struct Side {
    std::string path;             ///< JSON pointer
    std::optional<double> value;  ///< what stands there; nothing where it is no number
  };
  std::string id;    ///< "delta", stable
  std::string text;  ///< one sentence, both numbers in it
  std::vector<Side> sides;
};

/// Where the document contradicts itself: effects that are not the difference of the scores, slices that do
/// not add up, intervals that leave their effect out or are too narrow for their rows, trials, counts and
/// thresholds that disagree, arms that are winner and killed. Numbers are compared as exactly as the file
/// rounds them. A finding changes no verdict. Pure.
std::vector<Finding> lint(Imported const& data);

}  // namespace itera::verdict
