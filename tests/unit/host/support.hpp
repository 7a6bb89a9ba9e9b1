#pragma once
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "core/host/process_caller.hpp"

namespace itera::tests {

using ports::ExecCall, ports::ExecReply;
using ReplyStatus = ports::ExecReply::Status;

/// A folder that lives as long as the test.
class TempFolder {
 public:
  TempFolder() {
    auto name = (std::filesystem::temp_directory_path() / "itera-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(TempFolder const&) = delete;
  TempFolder& operator=(TempFolder const&) = delete;

  std::filesystem::path const& path() const { return path_; }
  std::filesystem::path write(std::string const& name, std::string_view bytes,
                              bool executable = false) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    if (executable) std::filesystem::permissions(path_ / name, std::filesystem::perms::owner_all);
    return path_ / name;
  }
  std::string read(std::string const& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::filesystem::path path_;
};

inline ExecCall sh(std::string const& script, std::string input = {}) {
  ExecCall call;
  call.argv = {"/bin/sh", "-c", script};
  call.input = std::move(input);
  return call;
}

inline ExecReply run(ExecCall const& call, host::CallerOptions options = {}) {
  host::ProcessCaller caller(std::move(options));
  caller.submit(7, call);
  auto const done = caller.wait();
  EXPECT_EQ(done.size(), 1U);
  EXPECT_EQ(done.at(0).first, 7U);
  EXPECT_EQ(caller.in_flight(), 0U);
  return done.at(0).second;
}

/// True once no process with that id is left; waits for the kernel to do it.
inline bool is_gone(pid_t pid) {
  for (int i = 0; i < 200; ++i) {
    if (::kill(pid, 0) != 0) return true;
    // A killed orphan stays in the table until its new parent reaps it.
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string const text{std::istreambuf_iterator<char>(stat), {}};
    if (text.find(") Z") != text.npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace itera::tests
