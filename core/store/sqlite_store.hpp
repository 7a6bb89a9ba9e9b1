#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/ports/store.hpp"

namespace itera::store {

/// How a store is opened.
enum class Open {
  existing_or_new,
  existing,   ///< one that is gone is an Error
  read_only,  ///< for a look at a store that may be damaged
};

/// A store in one SQLite file with a write-ahead log, locked against every other process while it is open.
/// `experiment` names whose it is; a file of another experiment, of another program, or one that fails
/// SQLite's own check is refused (class refused), a full or failing disk is `unavailable`.
Result<std::unique_ptr<ports::Store>> open(std::filesystem::path const& file, std::string const& experiment,
                                           Open how);

/// Every entry of a store that SQLite can still read, whatever else is wrong with the file: for a damaged
/// one. Whether an entry is whole is for the caller to say. An Error if nothing at all can be read.
Status visit_readable(
    std::filesystem::path const& file,
    std::function<Status(std::int64_t id, std::string_view key, std::string_view value)> const& visit);

}  // namespace itera::store
