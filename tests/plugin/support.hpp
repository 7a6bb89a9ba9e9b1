#pragma once
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/host/actors.hpp"
#include "core/host/catalog.hpp"

namespace itera::tests {

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
  std::filesystem::path write(std::string const& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::filesystem::path module(std::string const& name) {
  return std::filesystem::path(ITERA_TEST_MODULES) / (name + ".so");
}

/// The plugins of the build tree, and those of the tests.
struct Plugins {
  host::PluginCatalog catalog{{ITERA_PLUGIN_FOLDER, ITERA_TEST_MODULES}};
  host::PluginActors actors{catalog};

  ports::PluginInfo const& info(ports::PluginKind kind, std::string const& name) {
    auto const found = catalog.find(kind, name);
    if (!found) throw std::runtime_error(found.error().what);
    return **found;
  }
  Result<std::unique_ptr<ports::Source>> source(std::string const& name, std::string const& settings) {
    return actors.source(info(ports::PluginKind::source, name), settings);
  }
  Result<std::unique_ptr<ports::Arm>> arm(std::string const& name, std::string const& settings) {
    return actors.arm(info(ports::PluginKind::arm, name), settings);
  }
  Result<std::unique_ptr<ports::Judge>> judge(std::string const& name, std::string const& settings) {
    return actors.judge(info(ports::PluginKind::judge, name), settings);
  }
  Result<std::unique_ptr<ports::Reporter>> reporter(std::string const& name, std::string const& settings) {
    return actors.reporter(info(ports::PluginKind::reporter, name), settings);
  }
};

/// Steps over one item; the failure's text if there is one.
template <class Stepper>
ports::StepResult step_one(Stepper& stepper, ports::StepItem const& item) {
  auto out = stepper.step({&item, 1});
  EXPECT_TRUE(out) << (out ? "" : out.error().what);
  return out ? out->at(0) : ports::StepResult{};
}

}  // namespace itera::tests
