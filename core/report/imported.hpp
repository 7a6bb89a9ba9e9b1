#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "core/verdict/imported.hpp"

namespace itera::report {

/// Why a document is not one that can be judged.
struct Misread {
  std::string path;  ///< JSON pointer; empty for the document itself
  std::string what;
  std::string help;  ///< may be empty
};

struct ReadData {
  verdict::Imported data;
  std::vector<std::string> ignored;  ///< JSON pointers of members that nothing is known of
};

/// Reads a data.json, of itera or of the field's earlier tool (docs/internals/formats.md). Any text may come
/// in: what is not JSON, has another type, is out of its range or names an arm, slice or category that is
/// not declared is a Misread. Members that are missing or null are absent in the result.
tl::expected<ReadData, Misread> read_data(std::string_view text);

}  // namespace itera::report
