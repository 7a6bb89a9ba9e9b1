#include "tests/support/cli.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace itera::test {
namespace fs = std::filesystem;

namespace {

std::string slurp(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// What the tester's shell happens to say must not reach the program.
void plain_environment() {
  for (auto const* name : {"CI", "NO_COLOR", "ITERA_PLUGIN_PATH"}) ::unsetenv(name);
}

void replace_stream(fs::path const& file, int stream, int flags) {
  auto const opened = ::open(file.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, stream) < 0) ::_exit(126);
}

}  // namespace

Child::Child(std::vector<std::string> const& argv, fs::path const& folder, fs::path const& out,
             fs::path const& err)
    : pid_(::fork()) {
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ > 0) return;
  ::setpgid(0, 0);
  plain_environment();
  replace_stream("/dev/null", STDIN_FILENO, O_RDONLY);
  replace_stream(out, STDOUT_FILENO, O_WRONLY | O_CREAT | O_TRUNC);
  replace_stream(err, STDERR_FILENO, O_WRONLY | O_CREAT | O_TRUNC);
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  std::vector<char*> words;
  for (auto const& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(words.front(), words.data());
  ::_exit(127);
}

Child::~Child() {
  if (waited_) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Child::signal(int number) const {
  ::kill(pid_, number);
}

int Child::wait(std::chrono::seconds bound) {
  auto const end = std::chrono::steady_clock::now() + bound;
  int status = 0;
  pid_t done = 0;
  while ((done = ::waitpid(pid_, &status, WNOHANG)) == 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  if (done == 0) {
    ADD_FAILURE() << "the program did not end within " << bound.count() << " s";
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, &status, 0);
  }
  waited_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Workspace::Workspace() {
  auto name = (fs::temp_directory_path() / "itera-e2e-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  // Symbolic links on the way would make reported paths differ from ours.
  folder_ = fs::canonical(name);
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Workspace::write(std::string const& name, std::string_view bytes) const {
  fs::create_directories(at(name).parent_path());
  std::ofstream(at(name), std::ios::binary | std::ios::trunc) << bytes;
}

std::string Workspace::read(std::string const& name) const {
  return slurp(at(name));
}

void Workspace::copy(std::string const& from, std::string const& to) const {
  fs::copy(at(from), at(to), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

void Workspace::edit(std::string const& name, std::string_view from, std::string_view to) const {
  auto text = read(name);
  auto const place = text.find(from);
  if (place == std::string::npos) {
    ADD_FAILURE() << "`" << from << "` does not stand in " << name;
    return;
  }
  write(name, text.replace(place, from.size(), to));
}

Outcome Workspace::itera(std::vector<std::string> const& arguments) const {
  // Beside the workspace's own files, not among them.
  fs::path const out = folder_.string() + ".out", err = folder_.string() + ".err";
  Outcome outcome;
  {
    Child child(itera_command(arguments), folder_, out, err);
    outcome.code = child.wait();
  }
  outcome.out = slurp(out);
  outcome.err = slurp(err);
  fs::remove(out);
  fs::remove(err);
  return outcome;
}

std::vector<std::string> itera_command(std::vector<std::string> const& arguments) {
  std::vector<std::string> out{ITERA_BIN};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

}  // namespace itera::test
