// What is said of a template that cannot be used: template_mistakes.expect. ITERA_UPDATE_GOLDENS=1 rewrites
// it.
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "plugins/reporter_markdown/template.hpp"

namespace itera {
namespace {

constexpr auto kGolden = ITERA_SOURCE_DIR "/tests/golden/report/template_mistakes.expect";

std::string repeated(std::string const& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string const kTemplates[] = {
    "{{verdict.outcome}} {{experiment.name}} {{{verdict.summary}}} {{& verdict.next}} {{! {{nothing}}",
    "{{#arms}}{{name}} {{effect_sizes.aggregate.delta_pp}} {{#changed}}{{.}}{{/changed}}{{/arms}}",
    "{{^reports}}{{verdict.next}}{{/reports}}{{#verdict.killed}}{{.}}{{/verdict.killed}}",
    "no tag at all, and a } or two }} and a {",
    "",
    " \n",
    "{{verdict.outcom}}",
    "two\nlines, \xC3\xA9\xC3\xA9 {{ verdikt.outcome }}\nand {{nam}}",
    "{{something_else_altogether}}",
    "{{#arms}}{{nam}} {{deltas}}{{/arms}} {{name}}",
    "{{#armz}}{{name}} {{.}} {{#deeper}}{{x}}{{/deeper}}{{/armz}} {{wrong}}",
    "{{^armz}}{{name}}{{/armz}}",
    "{{arms}} {{experiment}} {{arms.name}} {{arms.effect_sizes.aggregate.delta}}",
    "{{.}} {{#arms}}{{.}}{{/arms}}",
    "{{verdict.outcome",
    "{{{verdict.outcome}}",
    "{{#arms}}{{name}}",
    "{{#arms}}{{#changed}}{{/arms}}",
    "{{/arms}}",
    "{{}} {{#}}{{/}} {{ }}",
    "{{> header}} {{=<% %>=}} <%verdict.outcome%>",
    "{{<parent}} {{$block}}",
    "{{verdict..outcome}} {{.verdict}} {{verdict.}}",
    repeated("{{#arms}}", 40) + repeated("{{/arms}}", 40),
    repeated("{{wrong}}", 50),
    "{{" + repeated("x", 60000) + "}}",
    "{{" + repeated("x.", 30000) + "}}",
    repeated("x", 10'000'000),
    repeated("{{#arms}}", 7000),
    std::string("{{verdict.outcome\0}}", 20),
};

std::string shown() {
  std::string out;
  for (auto const& text : kTemplates) {
    std::string head;
    for (char const c : text.substr(0, 100)) head += c == '\0' ? std::string("\\0") : std::string(1, c);
    out += fmt::format("# {}{}\n", head, text.size() > 100 ? fmt::format("... ({} bytes)", text.size()) : "");
    auto const mistakes = template_mistakes(text);
    for (auto const& m : mistakes) {
      std::string what;
      for (char const c : m.what) what += c == '\0' ? std::string("\\0") : std::string(1, c);
      out += fmt::format("{}:{}: {}\n", m.line, m.column, what);
    }
    if (mistakes.empty()) out += "no mistake\n";
    out += "\n";
  }
  return out;
}

TEST(TemplateMistakes, AreThoseOfTheGolden) {
  auto const begin = std::chrono::steady_clock::now();
  auto const now = shown();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20))
      << "bounded, whatever the template";
  if (auto const* update = std::getenv("ITERA_UPDATE_GOLDENS"); update && *update) {
    ASSERT_TRUE(write_file(kGolden, now));
    return;
  }
  EXPECT_EQ(now, read_file(kGolden).value_or("")) << "ITERA_UPDATE_GOLDENS=1 rewrites " << kGolden;
}

}  // namespace
}  // namespace itera
