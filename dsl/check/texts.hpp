#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/spec.hpp"
#include "dsl/check/arms.hpp"
#include "dsl/check/report.hpp"

namespace itera::dsl::meaning {

/// The text that a setting of type `text` stands for: as written, or what is in the file it names. Empty if
/// the file cannot be read (which is reported elsewhere) or is larger than 4 MiB.
std::string text_of(std::filesystem::path const& folder, spec::Value const& value);

/// In how many separate places `after` differs from `before`: runs of lines that were added, changed or
/// removed, with at least one line between them that stayed. White space is folded and blank lines do not
/// count.
std::size_t changed_places(std::string_view before, std::string_view after);

/// E314 for each `{{name}}`, in a setting that is a template, that names no input of `row` and none of
/// `others`. `columns` are those of the source, empty if not known.
void check_templates(Report& report, ports::PluginInfo const& info, std::span<spec::Setting const> settings,
                     spec::RowMapping const& row, std::vector<std::string> const& columns,
                     std::span<std::string_view const> others = {});

}  // namespace itera::dsl::meaning
