#include "core/host/http_part.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <system_error>

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/host/catalog.hpp"
#include "core/host/library.hpp"

namespace itera::host {
namespace fs = std::filesystem;
namespace dll = boost::dll;

namespace {
constexpr auto kFile = "itera_http.so";
constexpr auto kInstall = "install itera again, as a whole: its parts must be of one version";
}  // namespace

std::vector<fs::path> http_library_files() {
  std::vector<fs::path> out;
  for (auto const& folder : plugin_folders(running_executable())) out.push_back(folder.parent_path() / kFile);
  return out;
}

Result<std::unique_ptr<HttpPart>> load_http_part(ports::HttpOptions const& options,
                                                 std::vector<fs::path> const& files) {
  auto const cannot = [](std::string what, char const* help) {
    return fail(ErrorClass::unavailable, std::move(what), help);
  };
  std::error_code ignored;
  auto const file = std::find_if(files.begin(), files.end(),
                                 [&](auto const& each) { return fs::is_regular_file(each, ignored); });
  if (file == files.end()) {
    std::vector<std::string> places;
    for (auto const& each : files) places.push_back("`" + each.string() + "`");
    return cannot(fmt::format("no HTTP call can be made: the library `{}` is not there (looked for {})",
                              kFile, join_words(places)),
                  kInstall);
  }
  try {
    dll::shared_library library(*file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    if (!library.has(ports::kHttpPartSymbol))
      return cannot(fmt::format("no HTTP call can be made: `{}` is not the library of itera", file->string()),
                    kInstall);
    auto& open = library.get<ports::OpenHttpPart>(ports::kHttpPartSymbol);
    auto part = std::unique_ptr<HttpPart>(open(&options, ports::kHttpPartLayout));
    if (!part)
      return cannot(fmt::format("no HTTP call can be made: `{}` is of another version of itera, or libcurl "
                                "did not start",
                                file->string()),
                    kInstall);
    return part;  // the library stays loaded: it is linked so that it cannot be unloaded
  } catch (std::exception const& e) {
    return cannot(fmt::format("no HTTP call can be made: `{}` cannot be loaded: {}", file->string(),
                              dlerror_text(e.what())),
                  "install libcurl (Debian and Ubuntu: `apt install libcurl4`)");
  }
}

}  // namespace itera::host
