#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"

namespace itera {

/// The one byte form of a document that digests are taken of: keys sorted by bytes, no white space, UTF-8
/// unescaped, shortest round-trip numbers. Never change it: it is part of the format on disk.
std::string canonical(nlohmann::json const& document);

/// Parses untrusted text. `where` names it in the error ("reply of arm `x`"). Nesting deeper than 200,
/// invalid UTF-8 and duplicate keys' earlier values follow the parser of the tree (last key wins).
Result<nlohmann::json> parse_json(std::string_view text, std::string_view where);

/// What moved between two documents, one human line each: `/rule/effect: "5pp" -> "3pp"`. Sorted by path.
std::vector<std::string> describe_changes(nlohmann::json const& from, nlohmann::json const& to);

}  // namespace itera
