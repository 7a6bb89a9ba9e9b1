#pragma once
#include <filesystem>

#include "core/base/result.hpp"

namespace itera::engine {

/// One process at a time works on an experiment: a lock of the operating system on state/lock, so that a
/// process that died, however it died, leaves none behind. Freed by the destructor.
class RunLock {
 public:
  /// Error of class unavailable that names the process, if another one has it.
  static Result<RunLock> take(std::filesystem::path const& file);
  /// The same Error, if another process has it now; takes and writes nothing. A lock that cannot be looked at
  /// (no such file, no right to read it) is nobody's.
  static Status nobody_has(std::filesystem::path const& file);
  ~RunLock();
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;

 private:
  explicit RunLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace itera::engine
