#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "conclusion.hpp"

namespace {

using namespace itera::sdk;

class MarkdownReporter final : public ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<MarkdownReporter>({.id = "dev.itera.reporter.markdown",
                                              .short_name = "markdown",
                                              .version = "1.0.0",
                                              .summary = "conclusion.md: the verdict in nine sections",
                                              .settings_schema = R"({"type": "object", "properties": {}})"});
  }

  MarkdownReporter(Host, Settings const&) {}

  void write(Call const& call, std::string_view evidence_json) override {
    auto const evidence = nlohmann::json::parse(evidence_json, nullptr, false);
    if (evidence.is_discarded()) throw Error(ITERA_INVALID, "the evidence is not JSON");
    call.file("conclusion.md", conclusion(evidence));
  }
};

}  // namespace

ITERA_PLUGINS(MarkdownReporter)
