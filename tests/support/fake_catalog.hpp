#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/ports/plugin_info.hpp"

namespace itera::support {

/// A catalog without libraries: a source `csv`, the arms `process`, `openai` and `recorded`, the judges
/// `exact` and `llm`, the reporters `markdown` and `charts`, and an arm `broken` that never loads. `use`
/// knows any `.so` but `missing.so`, as a judge without settings.
class FakeCatalog : public ports::Catalog {
 public:
  FakeCatalog();
  Result<ports::PluginInfo const*> find(ports::PluginKind kind, std::string const& short_name) override;
  std::vector<std::string> names(ports::PluginKind kind) override;
  Result<ports::PluginInfo const*> use(std::string const& short_name,
                                       std::filesystem::path const& library) override;

 private:
  void add(ports::PluginInfo info);
  std::map<std::pair<ports::PluginKind, std::string>, ports::PluginInfo> plugins_;
};

}  // namespace itera::support
