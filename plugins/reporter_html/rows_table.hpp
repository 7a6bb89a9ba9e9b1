#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "rows.hpp"

namespace itera::html {

/// How many rows are in the page before its script runs, and on each of its table's pages after.
inline constexpr std::size_t kRowsPerPage = 100;

/// The filters (for the script to show), the table with its first page, and the rows as data for the script.
/// `arms` are the names of the arms, the baseline first.
std::string rows_table(Selection const& selection, std::vector<std::string> const& arms);

/// The rows for the script: texts cut and with their invisible characters made visible, each text once in
/// `texts` and meant by its place there. Flips are 1 win, -1 loss, 0 same, null none.
nlohmann::json rows_json(Selection const& selection, std::vector<std::string> const& arms);

/// JSON that may stand inside <script>: nothing in it can end the element or start a comment.
std::string script_json(nlohmann::json const& value);

}  // namespace itera::html
