#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
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
/// write_file() for bytes that come piece by piece: the target changes at commit(), and never if it is not
/// called.
class FileWriter {
 public:
  static Result<FileWriter> create(std::filesystem::path const& file, unsigned mode = 0644);
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();
  /// Held back until a good deal has come together; the first failure stays and is told by commit().
  void add(std::string_view bytes);
  Status commit();

 private:
  FileWriter(std::filesystem::path file, std::filesystem::path part, int fd);
  void flush();
  std::filesystem::path file_, part_;
  int fd_;
  std::string held_;
  Status trouble_;
};
/// Whole lines of a file, a good deal of them at a time; what follows the last line break comes last. Stops
/// at the first Error of `visit`.
Status read_lines(std::filesystem::path const& file,
                  std::function<Status(std::string_view lines)> const& visit);
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
