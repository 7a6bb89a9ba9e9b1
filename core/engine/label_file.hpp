#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace itera::engine {

/// What somebody said of a row's label in label-audit.csv.
enum class Label { blank, right, wrong };

/// A row that the baseline fails. Holds no text of the row.
struct FailedRow {
  std::string key, part;  ///< part: "dev" or "test"
  double score = 0;       ///< the baseline's, mean over the trials that have one
  std::vector<std::string> slices;
  Label label = Label::blank;
};

/// label-audit.csv: RFC 4180, a header, then one line a row.
struct LabelFile {
  std::vector<std::string> slice_columns;  ///< sorted
  std::vector<FailedRow> rows;             ///< dev first, then test, each by key
};

/// The rows of rows.jsonl (`records`) that `baseline` failed in one trial or more. Precondition: text that
/// itera wrote.
LabelFile failed_rows(std::string const& records, std::string const& baseline);

/// `key,part,baseline_score,<slices>,label_right`; the last column is empty, yes or no.
std::string to_csv(LabelFile const& file);

/// The marks of a file by (part, key), with the number of the line that each stands in. Errors of class
/// invalid name the line: not this table, a label that is not yes or no, a row twice.
struct Mark {
  Label label = Label::blank;
  std::size_t line = 0;
};
using Marks = std::map<std::pair<std::string, std::string>, Mark>;
Result<Marks> read_marks(std::string_view csv, std::filesystem::path const& file);

/// Puts the marks into the rows; rows without a mark stay blank.
void put_marks(Marks const& marks, LabelFile& file);

}  // namespace itera::engine
