#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace itera {

Result<std::string> read_file(std::filesystem::path const& file);
/// Writes beside the target, syncs, renames over it and syncs the folder: a reader sees the old bytes or the
/// new ones, never a part. `mode` is the new file's permission bits.
Status write_file(std::filesystem::path const& file, std::string_view bytes, unsigned mode = 0644);
/// The same, and nothing if the file holds just these bytes already.
Status keep_file(std::filesystem::path const& file, std::string_view bytes, unsigned mode = 0644);
/// Appends one line and syncs before it returns. After an Error the file is as it was, as far as the disk
/// lets it be.
Status append_line(std::filesystem::path const& file, std::string_view line);
/// Cuts a file to its first `size` bytes and syncs.
Status cut_file(std::filesystem::path const& file, std::uint64_t size);
/// What stands in the file, whoever wrote it, outlives the machine afterwards. A missing file is no Error.
Status sync_file(std::filesystem::path const& file);
/// The same for a folder that another program wrote, with all that is in it.
Status sync_tree(std::filesystem::path const& folder);
/// Makes a folder with those above it, so that they outlive the machine.
Status make_folder(std::filesystem::path const& folder);
/// Whether a file can be made and filled in the folder; leaves none behind.
Status try_writing(std::filesystem::path const& folder);

}  // namespace itera
