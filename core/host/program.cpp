#include "core/host/program.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

namespace itera::host {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

std::string search_path(Environment const& added) {
  for (auto const& [name, value] : added)
    if (name == "PATH") return value;
  auto const* const own = std::getenv("PATH");
  return own ? own : std::string(kDefaultPath);
}

bool is_program(fs::path const& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

tl::expected<std::string, std::string> find_program(std::string const& name, fs::path const& folder,
                                                    Environment const& added) {
  std::error_code ignored;
  auto const not_executable = [](fs::path const& file) {
    return tl::unexpected(fmt::format(
        "program `{}` is not executable: chmod +x it, or put its interpreter before it", file.string()));
  };
  if (name.find('/') != name.npos) {
    auto file = folder.empty() ? fs::path(name) : folder / name;
    if (!file.is_absolute()) file = fs::absolute(file, ignored);
    if (!fs::exists(file, ignored))
      return tl::unexpected(fmt::format("program `{}` does not exist", file.string()));
    if (fs::is_directory(file, ignored))
      return tl::unexpected(fmt::format("program `{}` is a folder", file.string()));
    if (!is_program(file)) return not_executable(file);
    return file.string();
  }
  fs::path refused;
  auto const path = search_path(added);
  for (std::string_view rest = path; !rest.empty();) {
    auto const end = std::min(rest.find(':'), rest.size());
    auto const file = fs::path(rest.substr(0, end)) / name;
    if (is_program(file)) return fs::absolute(file, ignored).string();
    if (refused.empty() && fs::is_regular_file(file, ignored)) refused = file;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!refused.empty()) return not_executable(refused);
  return tl::unexpected(fmt::format("no program `{}` in the folders of PATH", name));
}

std::vector<std::string> merged_environment(Environment const& added) {
  std::vector<std::string> out;
  for (char** variable = ::environ; variable && *variable; ++variable) {
    std::string_view const text = *variable;
    auto const name = text.substr(0, text.find('='));
    auto const replaced =
        std::any_of(added.begin(), added.end(), [&](auto const& pair) { return pair.first == name; });
    if (!replaced) out.emplace_back(text);
  }
  for (auto const& [name, value] : added) out.push_back(std::string(name).append("=").append(value));
  return out;
}

}  // namespace itera::host
