#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/actors.hpp"
#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"

namespace itera::support {

/// A catalog without libraries: the sources `csv` and `postgres`, the arms `process`, `openai`, `anthropic`
/// and `recorded`, the judges `exact` and `llm`, the reporters `markdown`, `html` and `charts`, and an arm
/// `broken` that never loads. `use` knows any `.so` but `missing.so`, as a judge without settings.
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

/// Names and types of the columns of the fake sources `typed` and `wide`; `unreadable` fails, every other
/// source is not asked.
Result<std::optional<std::vector<ports::Column>>> fake_columns(ports::PluginInfo const& info,
                                                               spec::Actor const& actor);

}  // namespace itera::support
