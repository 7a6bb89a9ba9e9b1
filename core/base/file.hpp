#pragma once
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
/// The same for bytes that come piece by piece: the target changes at commit(), and never if it is not
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
/// Appends one line and syncs before it returns.
Status append_line(std::filesystem::path const& file, std::string_view line);

}  // namespace itera
