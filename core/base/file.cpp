#include "core/base/file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace itera {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

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
  auto writer = FileWriter::create(file, mode);
  if (!writer) return fail(writer.error());
  writer->add(bytes);
  return writer->commit();
}

FileWriter::FileWriter(std::filesystem::path file, std::filesystem::path part, int fd)
    : file_(std::move(file)), part_(std::move(part)), fd_(fd) {}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : file_(std::move(other.file_)),
      part_(std::move(other.part_)),
      fd_(std::exchange(other.fd_, -1)),
      held_(std::move(other.held_)),
      trouble_(std::move(other.trouble_)) {}

FileWriter::~FileWriter() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(part_.c_str());
}

Result<FileWriter> FileWriter::create(std::filesystem::path const& file, unsigned mode) {
  auto part = std::filesystem::path(file.string() + ".part");
  auto const fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode));
  if (fd < 0) return failed("write", part);
  return FileWriter(file, std::move(part), fd);
}

void FileWriter::add(std::string_view bytes) {
  if (held_.size() + bytes.size() > kPiece) flush();
  if (bytes.size() > kPiece) {
    if (trouble_ && !write_all(fd_, bytes)) trouble_ = failed("write", part_);
  } else {
    held_ += bytes;
  }
}

void FileWriter::flush() {
  if (trouble_ && !write_all(fd_, held_)) trouble_ = failed("write", part_);
  held_.clear();
}

Status FileWriter::commit() {
  flush();
  if (trouble_ && ::fsync(fd_) != 0) trouble_ = failed("write", part_);
  if (!trouble_) return trouble_;
  ::close(std::exchange(fd_, -1));
  if (::rename(part_.c_str(), file_.c_str()) != 0) return failed("replace", file_);
  sync_folder(file_.parent_path());
  return {};
}

Status read_lines(std::filesystem::path const& file,
                  std::function<Status(std::string_view lines)> const& visit) {
  Descriptor const fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return failed("read", file);
  std::string held;
  for (;;) {
    auto const begun = held.size();
    held.resize(begun + kPiece);
    auto const n = ::read(fd.get(), held.data() + begun, kPiece);
    if (n < 0 && errno == EINTR) {
      held.resize(begun);
      continue;
    }
    if (n < 0) return failed("read", file);
    held.resize(begun + static_cast<std::size_t>(n));
    if (n == 0) return held.empty() ? Status{} : visit(held);
    auto const end = held.rfind('\n');
    if (end == held.npos) continue;
    if (auto const ok = visit(std::string_view(held).substr(0, end + 1)); !ok) return ok;
    held.erase(0, end + 1);
  }
}

Status append_line(std::filesystem::path const& file, std::string_view line) {
  Descriptor const fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (fd.get() < 0) return failed("append to", file);
  if (!write_all(fd.get(), std::string(line) + "\n") || ::fsync(fd.get()) != 0)
    return failed("append to", file);
  return {};
}

}  // namespace itera
