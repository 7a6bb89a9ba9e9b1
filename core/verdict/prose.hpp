#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace itera::verdict {

/// The numbers of a text that stand before `pp`, `%` or "percentage points", in their order; signs kept.
std::vector<double> percentages(std::string_view text);
/// 30 of "SMB tenants (n=30)": rows that a slice's name gives; nothing if it gives none.
std::optional<double> rows_in_name(std::string_view name);

}  // namespace itera::verdict
