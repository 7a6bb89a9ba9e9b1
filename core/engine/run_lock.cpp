#include "core/engine/run_lock.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.hpp"

namespace itera::engine {

Result<RunLock> RunLock::take(std::filesystem::path const& file) {
  RunLock out(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (out.fd_ < 0)
    return fail(ErrorClass::unavailable,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  if (::flock(out.fd_, LOCK_EX | LOCK_NB) != 0) {
    auto const who = read_file(file);
    return fail(
        ErrorClass::unavailable,
        fmt::format("process {} works on this experiment already", who && !who->empty() ? *who : "(unknown)"),
        fmt::format("wait for it or stop it; `itera status {}` says how far it is",
                    file.parent_path().parent_path().string()));
  }
  auto const pid = std::to_string(::getpid());
  if (::ftruncate(out.fd_, 0) != 0 || ::pwrite(out.fd_, pid.data(), pid.size(), 0) < 0)
    return fail(ErrorClass::unavailable,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  return out;
}

RunLock::RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunLock::~RunLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace itera::engine
