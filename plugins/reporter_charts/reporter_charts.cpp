#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/drawing/charts.hpp"
#include "png.hpp"

namespace {

namespace drawing = itera::drawing;
using itera::sdk::Call, itera::sdk::Host, itera::sdk::Settings, itera::sdk::Invalid;

constexpr double kPixels = 2;  ///< of the PNG for each of the SVG's: sharp on paper and on fine screens

class ChartsReporter final : public itera::sdk::ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return itera::sdk::make_descriptor<ChartsReporter>(
        {.id = "dev.itera.reporter.charts",
         .short_name = "charts",
         .version = "1.0.0",
         .summary = "charts/: scores by arm, effects with intervals, score over cost",
         .settings_schema = R"({"type": "object", "properties": {
  "formats": {"type": "array", "default": ["svg", "png"], "help": "file formats: svg, png"},
  "kinds": {"type": "array", "default": ["arm-bar", "forest-plot", "cost-vs-accuracy"],
            "help": "charts: arm-bar, forest-plot, cost-vs-accuracy"}}})"});
  }

  ChartsReporter(Host, Settings const& settings)
      : svg_(has(settings.words("formats"), "svg")), png_(has(settings.words("formats"), "png")) {
    for (auto const& format : settings.words("formats"))
      if (format != "svg" && format != "png")
        throw Invalid(fmt::format("`formats` names `{}`", format), "the formats are svg and png");
    if (!svg_ && !png_) throw Invalid("`formats` is empty", "the formats are svg and png");
    // In the table's order, and each once, whatever the setting says twice.
    auto const& wanted = settings.words("kinds");
    for (auto const& name : wanted)
      if (!drawing::find_kind(name))
        throw Invalid(fmt::format("`kinds` names `{}`", name),
                      "the kinds are arm-bar, forest-plot and cost-vs-accuracy");
    for (auto const& kind : drawing::kinds())
      if (has(wanted, kind.name)) kinds_.push_back(&kind);
    if (kinds_.empty())
      throw Invalid("`kinds` is empty", "the kinds are arm-bar, forest-plot and cost-vs-accuracy");
  }

  void write(Call const& call, std::string_view evidence_json) override {
    auto const evidence = nlohmann::json::parse(evidence_json, nullptr, false);
    if (evidence.is_discarded()) throw Invalid("the evidence is not JSON");
    if (has_no_test(evidence)) return;
    for (auto const* kind : kinds_) {
      auto const svg = kind->draw(evidence, {});
      if (svg_) call.file(fmt::format("charts/{}.svg", kind->name), svg);
      if (png_) call.file(fmt::format("charts/{}.png", kind->name), png_of(svg, kPixels));
      call.check();
    }
  }

 private:
  // An experiment that ended as invalid, or whose test was blind and not opened, shows nothing of its test,
  // and that is no fault of the report.
  static bool has_no_test(nlohmann::json const& evidence) {
    if (!evidence.is_object() || evidence.contains("test_set_aggregate")) return false;
    auto const verdict = evidence.value("verdict", nlohmann::json());
    return verdict.is_object() && (verdict.value("outcome", nlohmann::json()) == "invalid" ||
                                   verdict.value("decided_by", nlohmann::json()) == "blind");
  }

  static bool has(std::vector<std::string> const& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  bool svg_, png_;
  std::vector<drawing::Kind const*> kinds_;
};

}  // namespace

ITERA_PLUGINS(ChartsReporter)
