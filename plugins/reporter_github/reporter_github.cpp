#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "pages.hpp"

namespace {

using namespace itera::sdk;  // NOLINT(google-build-using-namespace): the way plugins are written

class GithubReporter final : public ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<GithubReporter>(
        {.id = "dev.itera.reporter.github",
         .short_name = "github",
         .version = "1.0.0",
         .summary = "github/: step summary, pull-request comment, outputs and annotations of a workflow",
         .settings_schema = R"({"type": "object", "properties": {
           "spec": {"type": "string", "default": "",
                    "description": "the spec's path in the repository, at which annotations are shown"}
         }})"});
  }

  GithubReporter(Host, Settings const& settings) : spec_(settings.text("spec")) {}

  void write(Call const& call, std::string_view evidence_json) override {
    auto const evidence = nlohmann::json::parse(evidence_json, nullptr, false);
    if (evidence.is_discarded()) throw Error(ITERA_INVALID, "the evidence is not JSON");
    call.file("github/summary.md", summary(evidence));
    call.file("github/comment.md", comment(evidence));
    call.file("github/outputs.txt", outputs(evidence));
    call.file("github/annotations.txt", annotations(evidence, spec_));
  }

 private:
  std::string spec_;
};

}  // namespace

ITERA_PLUGINS(GithubReporter)
