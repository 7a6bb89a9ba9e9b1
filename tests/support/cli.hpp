#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace itera::test {

/// How a program ended. `code` is its exit code, or minus the signal that ended it.
struct Outcome {
  int code = 0;
  std::string out, err;
};

/// A program that runs. Killed with its process group if it is still there at the end.
class Child {
 public:
  /// Both outputs go to files; the streams that were there before are the caller's.
  Child(std::vector<std::string> const& argv, std::filesystem::path const& folder,
        std::filesystem::path const& out, std::filesystem::path const& err);
  ~Child();
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;

  void signal(int number) const;
  /// Its exit code, or minus a signal. A program that is not done by then is killed and the test fails.
  int wait(std::chrono::seconds bound = std::chrono::seconds(60));

 private:
  pid_t pid_;
  bool waited_ = false;
};

/// A temporary folder in which itera is run as a user runs it. Removed with everything in it.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace const&) = delete;
  Workspace& operator=(Workspace const&) = delete;

  std::filesystem::path at(std::string const& name) const { return folder_ / name; }
  std::filesystem::path const& path() const { return folder_; }
  void write(std::string const& name, std::string_view bytes) const;
  /// Empty if there is no such file.
  std::string read(std::string const& name) const;
  bool has(std::string const& name) const { return std::filesystem::exists(at(name)); }
  void copy(std::string const& from, std::string const& to) const;
  void remove(std::string const& name) const { std::filesystem::remove_all(at(name)); }
  /// Replaces the one place where `from` stands in a file; the test fails if there is none.
  void edit(std::string const& name, std::string_view from, std::string_view to) const;

  /// Runs the itera of this build and waits for it.
  Outcome itera(std::vector<std::string> const& arguments) const;

 private:
  std::filesystem::path folder_;
};

/// The command line of this build's itera.
std::vector<std::string> itera_command(std::vector<std::string> const& arguments);

}  // namespace itera::test
