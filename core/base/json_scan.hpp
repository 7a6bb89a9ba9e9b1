#pragma once
#include <optional>
#include <string_view>

#include <simdjson.h>

namespace itera {

/// The fast reader for JSON objects that come once a row or a cell: the fields of `text` in their order, a
/// name that stands twice twice. The whole text is checked. Nothing for what is no object or not JSON, and
/// for a few things that are (numbers of more than 64 bits, nesting deeper than 64): then parse_json()
/// decides and says why. Valid until the next call of this function on the same thread.
std::optional<simdjson::dom::object> scan_object(std::string_view text);

}  // namespace itera
