#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "core/run/pass.hpp"

namespace itera::run {

/// What a prepare step left behind. `digest` covers the folder's files and enters the ledger; the folder is
/// made once and used for the pilot, dev and test alike.
struct Prepared {
  std::filesystem::path folder;
  std::string digest;
  double latency_ms = 0;
};

/// Runs the arm's prepare step, if it has one, in `folder` (made empty): the train rows with their expected
/// answers as JSON lines {"key","input","expected"} on standard input, sorted by key, and ITERA_PREPARED
/// naming the folder. A folder that already stands with `known_digest` is taken as it is; one that does not
/// match is an Error.
Result<std::optional<Prepared>> prepare(plan::Plan const& plan, std::size_t arm,
                                        std::vector<split::Row> const& train,
                                        std::filesystem::path const& folder,
                                        std::optional<std::string> const& known_digest, Cast& cast);

}  // namespace itera::run
