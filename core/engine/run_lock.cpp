#include "core/engine/run_lock.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.hpp"
#include "core/engine/status_file.hpp"

namespace itera::engine {
namespace {

namespace fs = std::filesystem;

// Which processes have the file open: a plugin's own process may have inherited it.
std::string holders(fs::path const& file) {
  std::vector<std::string> found;
  std::error_code ec, ignored;
  for (auto it = fs::directory_iterator("/proc", ec); !ec && it != fs::end(it); it.increment(ec)) {
    auto const pid = it->path().filename().string();
    if (pid.find_first_not_of("0123456789") != pid.npos || pid == std::to_string(::getpid())) continue;
    auto fd = fs::directory_iterator(it->path() / "fd", ignored);
    for (; !ignored && fd != fs::end(fd); fd.increment(ignored))
      if (std::error_code one; fs::equivalent(fd->path(), file, one) && !one) {
        found.push_back("process " + pid);
        break;
      }
  }
  return found.empty() ? "a process" : fmt::format("{}", fmt::join(found, ", "));
}

tl::unexpected<Error> taken(fs::path const& file) {
  auto const text = read_file(file);
  auto const who = text && !text->empty() ? *text : std::string("(unknown)");
  if (text && !text->empty() && process_started(std::atoi(text->c_str())) == 0)
    return fail(ErrorClass::unavailable,
                fmt::format("process {} worked on this experiment and has ended, but {} that it left behind "
                            "still holds its lock",
                            who, holders(file)),
                "end that one and run again");
  return fail(ErrorClass::unavailable, fmt::format("process {} works on this experiment already", who),
              fmt::format("wait for it or stop it; `itera status {}` says how far it is",
                          file.parent_path().parent_path().string()));
}

}  // namespace

Status RunLock::nobody_has(std::filesystem::path const& file) {
  RunLock const looked(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (looked.fd_ >= 0 && ::flock(looked.fd_, LOCK_SH | LOCK_NB) != 0) return taken(file);
  return {};
}

Result<RunLock> RunLock::take(std::filesystem::path const& file) {
  RunLock out(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (out.fd_ < 0)
    return fail(ErrorClass::unavailable,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)),
                "make the folder and its files writable, on a disk with room, and run again");
  if (::flock(out.fd_, LOCK_EX | LOCK_NB) != 0) return taken(file);
  auto const pid = std::to_string(::getpid());
  if (::ftruncate(out.fd_, 0) != 0 || ::pwrite(out.fd_, pid.data(), pid.size(), 0) < 0)
    return fail(ErrorClass::unavailable,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)),
                "make the folder and its files writable, on a disk with room, and run again");
  return out;
}

RunLock::RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunLock::~RunLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace itera::engine
