#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "junit.hpp"

namespace {

using namespace itera::sdk;  // NOLINT(google-build-using-namespace): the way plugins are written

class JunitReporter final : public ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<JunitReporter>(
        {.id = "dev.itera.reporter.junit",
         .short_name = "junit",
         .version = "1.0.0",
         .summary = "junit.xml: one test suite an arm, one test case a clause",
         .settings_schema = R"({"type": "object", "properties": {
           "path": {"type": "string", "default": "junit.xml", "description": "the file, inside the experiment's folder"}
         }})"});
  }

  JunitReporter(Host, Settings const& settings) : path_(settings.text("path")) {
    if (path_.empty()) throw Invalid("setting `path` is empty", "name a file such as `junit.xml`");
  }

  void write(Call const& call, std::string_view evidence_json) override {
    auto const evidence = nlohmann::json::parse(evidence_json, nullptr, false);
    if (evidence.is_discarded()) throw Error(ITERA_INVALID, "the evidence is not JSON");
    call.file(path_, junit(evidence));
  }

 private:
  std::string path_;
};

}  // namespace

ITERA_PLUGINS(JunitReporter)
