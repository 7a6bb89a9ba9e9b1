#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "dsl/draft/profile.hpp"

namespace itera::dsl {

/// A column in a role, and what of the profile speaks for it.
struct Mapped {
  std::string column;
  std::string evidence;
};

/// What the columns most likely mean. A guess from names and counts: whoever takes it looks at each line.
struct Proposal {
  Mapped key;
  std::vector<Mapped> inputs;  ///< one or more
  std::optional<Mapped> expected;
  std::vector<Mapped> slices;  ///< at most three
  std::optional<Mapped> entity;
  std::optional<Mapped> severity;
  std::string severity_cap;    ///< "1250" or "50k"; empty without `severity`
  std::vector<Mapped> others;  ///< every column in no role; `evidence` says what it is
};

/// - key: a column that is never empty and tells every row apart, called like an id rather than not.
/// - expected: called like an answer (label, expected, answer, section, ...), with few values rather than
/// many;
///   else the last text column with 2 to 100 values that is no slice.
/// - slice: 2 to 12 values, none empty, each on 5% of the rows or more.
/// - entity: called like one (vendor, customer, ...), 1.2 to 50 rows a value.
/// - severity: numbers called like an amount, none empty, whose 95th percentile is more than 5 times their
/// median.
/// - input: the texts that are left, at most eight; where there are none, what else is left, or the key.
/// An Error if there is no row, or no column that could be the key.
Result<Proposal> propose(Profile const& profile);

/// "9,612", "1 row", "9,612 rows"
std::string counted(std::uint64_t n);
std::string counted(std::uint64_t n, std::string_view of);
/// "12%", "0.3%", "under 0.1%"
std::string percent(std::uint64_t part, std::uint64_t whole);

}  // namespace itera::dsl
