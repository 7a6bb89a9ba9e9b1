#include <optional>

#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "conclusion.hpp"
#include "template.hpp"

namespace {

using namespace itera::sdk;

constexpr auto kSettings = R"({"type": "object", "properties": {
  "template": {"type": "string", "description": "a Mustache template for conclusion.md, see docs/report-templates.md"}
}})";

// All of them at once, each at its place; the host puts the file's name where the setting's stands.
void check(std::string const& layout) {
  auto const mistakes = template_mistakes(layout);
  if (mistakes.empty()) return;
  auto what = mistakes.size() == 1 ? std::string("a mistake in its template")
                                   : std::to_string(mistakes.size()) + " mistakes in its template";
  if (mistakes.size() == kMostMistakes) what = "many mistakes in its template, the first of them";
  for (auto const& m : mistakes)
    what += "\n  `template`:" + std::to_string(m.line) + ":" + std::to_string(m.column) + ": " + m.what;
  throw Invalid(what, "docs/report-templates.md has every key and an example");
}

class MarkdownReporter final : public ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<MarkdownReporter>(
        {.id = "dev.itera.reporter.markdown",
         .short_name = "markdown",
         .version = "1.1.0",
         .summary = "conclusion.md: the verdict in nine sections, or by a template",
         .settings_schema = kSettings});
  }

  MarkdownReporter(Host host, Settings const& settings) : host_(host) {
    if (!settings.has("template")) return;
    template_ = settings.text("template");
    check(*template_);
  }

  void write(Call const& call, std::string_view evidence_json) override {
    auto const evidence = nlohmann::json::parse(evidence_json, nullptr, false);
    if (evidence.is_discarded()) throw Error(ITERA_INVALID, "the evidence is not JSON");
    call.file("conclusion.md", template_ ? by_template(evidence) : conclusion(evidence));
  }

 private:
  // A verdict without its document would be worse than one in another layout.
  std::string by_template(nlohmann::json const& evidence) const {
    try {
      return render_template(*template_, evidence);
    } catch (TooMuch const& e) {
      host_.log(LogLevel::warning, std::string("the template was not used: ") + e.what() +
                                       "; conclusion.md has the built-in layout");
      return conclusion(evidence);
    }
  }

  Host host_;
  std::optional<std::string> template_;
};

}  // namespace

ITERA_PLUGINS(MarkdownReporter)
