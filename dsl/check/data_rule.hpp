#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "core/spec/spec.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl {

/// What a rule can speak of when it is not part of a spec: the names that a data file declares.
struct RuleNames {
  std::map<std::string, std::vector<std::string>> slices;  ///< by column its values
  std::vector<std::string> categories;
};

/// A ship rule that stands alone: `ship when effect >= 5pp and ...`. Every mistake is reported, a slice, a
/// value or a category that is not among the names included; a clause on a secondary metric is taken as
/// written. The result is empty if `problems` has any error.
std::optional<spec::ShipRule> check_rule(syntax::File const& file, SourceMap const& source,
                                         RuleNames const& names, Diagnostics& problems);

}  // namespace itera::dsl
