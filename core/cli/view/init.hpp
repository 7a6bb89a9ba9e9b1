#pragma once
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

#include "dsl/draft/draft.hpp"

namespace itera::cli::view {

/// What `init` wrote; the spec is the first file.
struct Initialized {
  std::filesystem::path folder;  ///< as it was given; empty: the working folder
  std::vector<dsl::DraftFile> files;
  std::optional<dsl::Profile> profile;  ///< with `--from`
  std::optional<dsl::Proposal> proposal;
};

/// The files, the proposed roles of the columns if rows were read, and what to do next.
void human_init(std::ostream& out, Initialized const& done);
void json_init(std::ostream& out, Initialized const& done);

}  // namespace itera::cli::view
