// render EVIDENCE.json ROWS.jsonl OUT.html [SETTINGS]: one page by the reporter as the host loads it, so that
// the browser's tests can choose what is in it.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "core/host/actors.hpp"
#include "core/host/catalog.hpp"

int main(int argc, char** argv) {
  using namespace itera;
  if (argc < 4) {
    std::cerr << "usage: render EVIDENCE.json ROWS.jsonl OUT.html [SETTINGS]\n";
    return 2;
  }
  auto evidence = nlohmann::json::parse(std::ifstream(argv[1]));
  evidence["records"] = {{"path", std::filesystem::absolute(argv[2]).string()}};
  host::PluginCatalog catalog{{ITERA_PLUGIN_FOLDER}};
  host::PluginActors actors{catalog};
  auto const info = catalog.find(ports::PluginKind::reporter, "html");
  auto const reporter = info ? actors.reporter(**info, argc > 4 ? argv[4] : R"({"rows": 2000})")
                             : Result<std::unique_ptr<ports::Reporter>>(fail(info.error()));
  auto const files = reporter ? (*reporter)->write(evidence.dump())
                              : Result<std::vector<ports::ReportFile>>(fail(reporter.error()));
  if (!files) {
    std::cerr << files.error().what << "\n";
    return 1;
  }
  std::ofstream(argv[3], std::ios::binary) << files->at(0).bytes;
}
