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

// What can be done about it; nothing where the cause says all.
char const* way_on(int code) {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return "make room and give the command again";
    case EROFS:
    case EACCES:
    case EPERM:
      return "make the folder and its files writable and give the command again";
    case EIO:
      return "the disk reports an error, the system's log has more; mend it and give the command again";
    default:
      return "";
  }
}

tl::unexpected<Error> failed(char const* act, std::filesystem::path const& file) {
  auto const code = errno;
  return fail(ErrorClass::unavailable,
              fmt::format("cannot {} {}: {}", act, file.string(), std::strerror(code)), way_on(code));
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

// What was renamed or made in it outlives the machine from then on. Some file systems have no such thing.
Status sync_folder(std::filesystem::path const& folder) {
  auto const name = folder.empty() ? std::filesystem::path(".") : folder;
  Descriptor const fd(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return {};
  if (::fsync(fd.get()) != 0 && errno != EINVAL && errno != EROFS) return failed("sync", name);
  return {};
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
  if (::rename(part_.c_str(), file_.c_str()) != 0) {
    auto const error = failed("replace", file_);
    ::unlink(part_.c_str());
    return error;
  }
  return sync_folder(file_.parent_path());
}

Status keep_file(std::filesystem::path const& file, std::string_view bytes, unsigned mode) {
  if (auto const there = read_file(file); there && *there == bytes) return {};
  return write_file(file, bytes, mode);
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
  bool const fresh = ::access(file.c_str(), F_OK) != 0;
  Descriptor const fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (fd.get() < 0) return failed("append to", file);
  auto const before = ::lseek(fd.get(), 0, SEEK_END);
  if (write_all(fd.get(), std::string(line) + "\n") && ::fsync(fd.get()) == 0)
    return fresh ? sync_folder(file.parent_path()) : Status{};
  auto const error = failed("append to", file);
  // What is not known to be on the disk must not be read as if it were.
  if (before >= 0 && ::ftruncate(fd.get(), before) == 0) ::fsync(fd.get());
  return error;
}

Status cut_file(std::filesystem::path const& file, std::uint64_t size) {
  Descriptor const fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0 || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 || ::fsync(fd.get()) != 0)
    return failed("cut", file);
  return {};
}

Status sync_file(std::filesystem::path const& file) {
  Descriptor const fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return errno == ENOENT ? Status{} : failed("sync", file);
  if (::fsync(fd.get()) != 0 && errno != EROFS) return failed("sync", file);
  return {};
}

Status sync_tree(std::filesystem::path const& folder) {
  Descriptor const fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::syncfs(fd.get()) != 0) return failed("sync", folder);
  return {};
}

Status make_folder(std::filesystem::path const& folder) {
  std::error_code ec;
  if (folder.empty() || std::filesystem::is_directory(folder, ec)) return {};
  if (auto const ok = make_folder(folder.parent_path()); !ok) return ok;
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return failed("make", folder);
  return sync_folder(folder.parent_path());
}

Status try_writing(std::filesystem::path const& folder) {
  auto const file = folder / ".itera-tries-to-write";
  Descriptor const fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (fd.get() < 0) return failed("write in", folder);
  bool const written = write_all(fd.get(), std::string(4096, ' '));
  auto const error = written ? Status{} : Status{failed("write in", folder)};
  ::unlink(file.c_str());
  return error;
}

}  // namespace itera
