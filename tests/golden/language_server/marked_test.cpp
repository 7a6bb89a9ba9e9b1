// Fixtures `<what>_<case>.marked`: a text with `‸` at each place that is asked about. The answers stand in
// `.expect`; ITERA_UPDATE_GOLDENS=1 rewrites them, to be reviewed as a diff.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "dsl/language_server/analysis.hpp"
#include "tests/support/fake_catalog.hpp"

namespace itera::golden {
namespace {

namespace ls = dsl::language_server;

std::string folder() {
  return std::string(ITERA_SOURCE_DIR) + "/tests/golden/language_server";
}

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (auto const& entry : std::filesystem::directory_iterator(folder()))
    if (entry.path().extension() == ".marked") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

struct Marked {
  std::string text;
  std::vector<std::uint32_t> offsets;
};

Marked unmark(std::string const& marked) {
  constexpr std::string_view mark = "‸";
  Marked out;
  for (std::size_t at = 0; at < marked.size();) {
    if (std::string_view(marked).substr(at).starts_with(mark)) {
      out.offsets.push_back(static_cast<std::uint32_t>(out.text.size()));
      at += mark.size();
    } else {
      out.text += marked[at++];
    }
  }
  return out;
}

std::string indented(std::string const& text) {
  std::string out;
  for (auto const& line : split_lines(text)) out += line.empty() ? "\n" : "  " + line + "\n";
  return out;
}

std::string place(SourceMap const& source, std::uint32_t offset) {
  auto const at = source.position(offset);
  auto line = std::string(source.line(at.line));
  line.insert(offset - source.line_begin(at.line), "‸");
  return fmt::format("{}:{} {}\n", at.line, at.column, squeeze(line));
}

std::string name(ls::Completion::Kind kind) {
  constexpr char const* names[] = {"clause", "word", "plugin", "setting", "value", "column", "name"};
  return names[static_cast<int>(kind)];
}

std::string told(SourceMap const& source, ls::Completions const& found) {
  std::string out;
  if (found.replaces.begin != found.replaces.end)
    out += fmt::format("  in place of `{}`\n", source.slice(found.replaces));
  for (auto const& item : found.items)
    out += fmt::format("  {}{}  ({}) {}\n", item.label,
                       item.insert == item.label ? "" : fmt::format(" as `{}`", item.insert), name(item.kind),
                       item.detail);
  return out.empty() ? "  nothing\n" : out;
}

std::string told(SourceMap const& source, ls::Definition const& found, std::filesystem::path const& base) {
  auto const of = fmt::format("  of `{}`: ", source.slice(found.origin));
  if (auto const* file = std::get_if<ls::InFile>(&found.target))
    return fmt::format("{}{}:{}\n", of, file->file.lexically_relative(base).string(), file->line);
  auto const& target = std::get<ls::InText>(found.target);
  EXPECT_LE(target.whole.begin, target.name.begin);
  EXPECT_LE(target.name.end, target.whole.end);
  auto const at = source.position(target.name.begin);
  return fmt::format("{}{}:{} `{}`\n", of, at.line, at.column, source.slice(target.name));
}

void tell(SourceMap const& source, std::vector<ls::Symbol> const& all, std::string const& indent,
          std::string& out) {
  constexpr char const* kinds[] = {"experiment", "source", "arm",       "metric",
                                   "category",   "sprint", "iteration", "rule"};
  for (auto const& symbol : all) {
    EXPECT_LE(symbol.whole.begin, symbol.span.begin);
    EXPECT_LE(symbol.span.end, symbol.whole.end);
    out += fmt::format("{}{} ({}) {} [lines {} to {}]\n", indent, symbol.name,
                       kinds[static_cast<int>(symbol.kind)], symbol.detail,
                       source.position(symbol.whole.begin).line, source.position(symbol.whole.end).line);
    tell(source, symbol.children, indent + "  ", out);
  }
}

std::string told(SourceMap const& source, ls::Problem const& problem) {
  constexpr char const* levels[] = {"error", "warning", "information"};
  auto const& d = problem.diagnostic;
  auto const at = source.position(d.subject.begin);
  auto out =
      fmt::format("{}:{} {}[{}]{} `{}`: {}\n", at.line, at.column, levels[static_cast<int>(problem.level)],
                  d.code, problem.redundant ? " redundant" : "", source.slice(d.subject), d.summary);
  if (auto const fix = ls::fix_of(d, source))
    out += fmt::format("  fix: `{}` for `{}`\n", fix->replacement, source.slice(fix->span));
  return out;
}

std::string transcript(std::string const& what, Marked const& marked) {
  SourceMap const source(what + ".itera", marked.text);
  support::FakeCatalog catalog;
  ls::Lookup const lookup{catalog, folder(), support::fake_columns};
  std::string out;
  if (what.starts_with("diagnose")) {
    for (auto const& problem : ls::diagnose(source, lookup)) out += told(source, problem);
    return out;
  }
  if (what.starts_with("format")) {
    auto const found = ls::formatted(source);
    if (!found) return "nothing\n";
    for (auto const& fix : *found)
      out += fmt::format("in place of\n{}write\n{}", indented(std::string(source.slice(fix.span))),
                         indented(fix.replacement));
    return out.empty() ? "no edit\n" : out;
  }
  ls::Outline const outline(source.text());
  for (auto const& use : outline.uses) catalog.use(use.name, "/plugins/any.so").value();
  if (what.starts_with("symbols")) {
    tell(source, ls::symbols(source, outline), "", out);
    return out;
  }
  for (auto const offset : marked.offsets) {
    out += place(source, offset);
    if (what.starts_with("complete")) {
      out += told(source, ls::complete(source, offset, lookup));
    } else if (what.starts_with("hover")) {
      auto const found = ls::hover(source, outline, offset, lookup);
      out += found ? fmt::format("  on `{}`\n{}", source.slice(found->span), indented(found->markdown))
                   : "  nothing\n";
    } else {
      auto const found = ls::definition(outline, offset, lookup);
      out += found ? told(source, *found, folder()) : "  nothing\n";
    }
    out += "\n";
  }
  return out;
}

class MarkedText : public testing::TestWithParam<std::string> {};

TEST_P(MarkedText, IsAnsweredAsExpected) {
  auto const path = folder() + "/" + GetParam();
  auto const text = read_file(path + ".marked");
  ASSERT_TRUE(text);
  auto const found = transcript(GetParam(), unmark(*text));
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    ASSERT_TRUE(write_file(path + ".expect", found));
    return;
  }
  auto const expected = read_file(path + ".expect");
  ASSERT_TRUE(expected) << "no expectation yet; ITERA_UPDATE_GOLDENS=1 writes it";
  EXPECT_EQ(*expected, found);
}

INSTANTIATE_TEST_SUITE_P(LanguageServer, MarkedText, testing::ValuesIn(cases()),
                         [](auto const& test) { return test.param; });

}  // namespace
}  // namespace itera::golden
