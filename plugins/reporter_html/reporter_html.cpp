#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "page.hpp"

namespace {

namespace sdk = itera::sdk;
using Json = nlohmann::json;

itera::html::Selection rows_of(Json const& evidence, std::size_t most) {
  itera::html::Selection none;
  none.problem = "this report was given no row records";
  if (!evidence.contains("records")) return none;
  std::vector<std::string> arms;
  for (auto const& arm : evidence.at("arms")) arms.push_back(arm.at("name").get<std::string>());
  return itera::html::select_rows(evidence.at("records").at("path").get<std::string>(), arms, most);
}

class HtmlReporter final : public sdk::ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return sdk::make_descriptor<HtmlReporter>(
        {.id = "dev.itera.reporter.html",
         .short_name = "html",
         .version = "1.0.0",
         .summary = "conclusion.html: the verdict, its clauses, charts and rows in one file for a browser",
         .settings_schema = R"({"type": "object", "properties": {
           "rows": {"type": "integer", "default": 2000, "minimum": 0, "maximum": 20000,
                    "description": "how many rows the table of rows has at most; rows.jsonl has all"}
         }})"});
  }

  HtmlReporter(sdk::Host host, sdk::Settings const& settings)
      : host_(host), most_(static_cast<std::size_t>(settings.integer("rows"))) {}

  void write(sdk::Call const& call, std::string_view evidence_json) override {
    auto const evidence = Json::parse(evidence_json, nullptr, false);
    if (evidence.is_discarded()) throw sdk::Error(ITERA_INVALID, "the evidence is not JSON");
    auto const rows = rows_of(evidence, most_);
    // The verdict is worth having without its rows.
    if (!rows.problem.empty())
      host_.log(sdk::LogLevel::warning, "conclusion.html has no table of rows: " + rows.problem);
    call.file("conclusion.html", itera::html::page(evidence, rows));
  }

 private:
  sdk::Host host_;
  std::size_t most_;
};

}  // namespace

ITERA_PLUGINS(HtmlReporter)
