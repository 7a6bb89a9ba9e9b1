#include "core/base/file.hpp"

#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace itera {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> failed(char const* act, std::filesystem::path const& file) {
  return fail(ErrorClass::unavailable,
              fmt::format("cannot {} {}: {}", act, file.string(), std::strerror(errno)));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void sync_folder(std::filesystem::path const& folder) {
  Descriptor const fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0) ::fsync(fd.get());
}

}  // namespace

Result<std::string> read_file(std::filesystem::path const& file) {
  Descriptor const fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return failed("read", file);
  std::string out;
  std::vector<char> buffer(std::size_t{1} << 16);
  for (;;) {
    auto const n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("read", file);
    if (n == 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

Status write_file(std::filesystem::path const& file, std::string_view bytes, unsigned mode) {
  auto const part = std::filesystem::path(file.string() + ".part");
  {
    Descriptor const fd(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (fd.get() < 0) return failed("write", part);
    if (!write_all(fd.get(), bytes) || ::fsync(fd.get()) != 0) {
      auto const error = failed("write", part);
      ::unlink(part.c_str());
      return error;
    }
  }
  if (::rename(part.c_str(), file.c_str()) != 0) return failed("replace", file);
  sync_folder(file.parent_path());
  return {};
}

Status append_line(std::filesystem::path const& file, std::string_view line) {
  Descriptor const fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (fd.get() < 0) return failed("append to", file);
  if (!write_all(fd.get(), std::string(line) + "\n") || ::fsync(fd.get()) != 0)
    return failed("append to", file);
  return {};
}

}  // namespace itera
