#include "core/host/spawn.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/host/program.hpp"

namespace itera::host {
namespace {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

struct Pipe {
  Fd read;
  Fd write;
};

// Never 0, 1 or 2: dup2() onto itself would leave close-on-exec set in the child.
Fd above_standard(int fd) {
  if (fd > STDERR_FILENO) return Fd(fd);
  Fd const low(fd);
  return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

bool make_pipe(Pipe& out) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  out.read = above_standard(ends[0]);
  out.write = above_standard(ends[1]);
  return out.read.get() >= 0 && out.write.get() >= 0;
}

// Everything that the child needs, ready made: between vfork and exec it may only make system calls.
struct Child {
  char const* file = nullptr;
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  char const* folder = nullptr;
  int input = -1;
  int output = -1;
  int error = -1;
  int report = -1;
  pid_t parent = -1;
};

enum class Stage : int { folder, exec };
struct Failure {
  Stage stage;
  int code;
};

[[noreturn]] void run_child(Child const& child) {
  auto const give_up = [&](Stage stage) {
    Failure const failure{stage, errno};
    (void)!::write(child.report, &failure, sizeof failure);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != child.parent) ::_exit(127);  // the parent died before the line above
  ::dup2(child.input, STDIN_FILENO);
  ::dup2(child.output, STDOUT_FILENO);
  ::dup2(child.error, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);  // whatever other code forgot to mark
  if (*child.folder && ::chdir(child.folder) != 0) give_up(Stage::folder);
  for (int const number : {SIGPIPE, SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGCHLD}) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(child.file, child.argv, child.environment);
  give_up(Stage::exec);
  ::_exit(127);
}

// vfork, because a fork copies the page tables of a host that may hold a million rows. Signals stay blocked
// until the child is another program, so no handler of ours runs in it.
[[gnu::noinline]] pid_t start(Child const& child) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  auto const pid = ::vfork();
  if (pid == 0) run_child(child);
  auto const error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

std::string no_handles(int code) {
  return fmt::format("no file handles left for another program ({})", std::strerror(code));
}

std::string explain(Failure failure, std::string const& file, std::string const& folder) {
  if (failure.stage == Stage::folder)
    return fmt::format("cannot enter the folder `{}`: {}", folder, std::strerror(failure.code));
  switch (failure.code) {
    case ENOENT:
      return fmt::format("program `{}` names an interpreter that does not exist", file);
    case ENOEXEC:
      return fmt::format("program `{}` is neither a binary for this machine nor a script with a #! line",
                         file);
    case EACCES:
      return fmt::format("program `{}` is not executable", file);
    case E2BIG:
      return fmt::format("the command line of `{}` is too long", file);
    default:
      return fmt::format("program `{}` does not start: {}", file, std::strerror(failure.code));
  }
}

// By number: <sys/pidfd.h> of glibc 2.36 declares it without C linkage. -1 where the kernel does not know it.
int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

tl::expected<Spawned, std::string> spawn(ports::ExecCall const& call) {
  if (call.argv.empty()) return tl::unexpected(std::string("the command is empty"));
  auto const file = find_program(call.argv.front(), call.folder, call.environment);
  if (!file) return tl::unexpected(file.error());

  Pipe input, output, error, report;
  if (!make_pipe(input) || !make_pipe(output) || !make_pipe(error) || !make_pipe(report))
    return tl::unexpected(no_handles(errno));
  auto argv = call.argv;
  auto environment = merged_environment(call.environment);
  auto const argv_pointers = pointers(argv);
  auto const environment_pointers = pointers(environment);
  auto const folder = call.folder.string();
  auto const pid =
      start({file->c_str(), argv_pointers.data(), environment_pointers.data(), folder.c_str(),
             input.read.get(), output.write.get(), error.write.get(), report.write.get(), ::getpid()});
  if (pid < 0)
    return tl::unexpected(fmt::format("no processes left to start `{}` ({})", *file, std::strerror(errno)));

  report.write = Fd();
  Failure failure{};
  ssize_t n = 0;
  while ((n = ::read(report.read.get(), &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  if (n == sizeof failure) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return tl::unexpected(explain(failure, *file, folder));
  }
  for (int const fd : {input.write.get(), output.read.get(), error.read.get()})
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return Spawned{pid, input.write.release(), output.read.release(), error.read.release(), open_pidfd(pid)};
}

}  // namespace itera::host
