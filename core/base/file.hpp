#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace itera {

Result<std::string> read_file(std::filesystem::path const& file);
/// Writes beside the target, syncs, renames over it and syncs the folder: a reader sees the old bytes or the
/// new ones, never a part. `mode` is the new file's permission bits.
Status write_file(std::filesystem::path const& file, std::string_view bytes, unsigned mode = 0644);
/// Appends one line and syncs before it returns.
Status append_line(std::filesystem::path const& file, std::string_view line);

}  // namespace itera
