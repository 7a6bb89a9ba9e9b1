#include "core/base/render.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"

namespace itera {
namespace {

constexpr std::uint32_t kTab = 4;

struct Paint {
  bool on;
  std::string operator()(char const* sgr, std::string_view text) const {
    return on ? fmt::format("\033[{}m{}\033[0m", sgr, text) : std::string(text);
  }
};

std::string spaces_for_tabs(std::string_view text) {
  std::string out;
  for (char const c : text) c == '\t' ? out.append(kTab, ' ') : out.append(1, c);
  return out;
}

std::size_t cells(std::string_view text) {
  return display_width(spaces_for_tabs(text));
}

// A line of a machine-made file may be megabytes long: of such a one only what is around the span is shown.
constexpr std::size_t kLongLine = 400;
constexpr std::size_t kBefore = 80;
constexpr std::size_t kShown = 200;

struct Window {
  std::string text;    // with "..." where it was cut
  std::size_t offset;  // of the span in it
  std::size_t length;
};

Window window(std::string_view line, std::size_t offset, std::size_t length) {
  if (line.size() <= kLongLine) return {std::string(line), offset, length};
  auto const inside = [&](std::size_t at) {
    return at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U;
  };
  auto begin = offset > kBefore ? offset - kBefore : 0;
  while (begin > 0 && inside(begin)) --begin;  // the text need not be UTF-8
  auto end = std::min(line.size(), begin + kShown);
  while (inside(end)) ++end;
  std::string const head = begin > 0 ? "..." : "";
  return {head + std::string(line.substr(begin, end - begin)) + (end < line.size() ? "..." : ""),
          head.size() + offset - begin, std::min(length, end - std::min(end, offset))};
}

// The source line with a marker under the part of `span` that lies on it.
std::string snippet(Span span, SourceMap const& source, std::size_t gutter, char mark, std::string_view note,
                    Paint const& paint, char const* sgr) {
  auto const at = source.position(span.begin);
  auto const whole = source.line(at.line);
  auto const from = std::min<std::size_t>(span.begin - source.line_begin(at.line), whole.size());
  auto const [text, offset, length] =
      window(whole, from,
             std::min<std::size_t>(span.end > span.begin ? span.end - span.begin : 0, whole.size() - from));
  std::string_view const line = text;
  auto const width = std::max<std::size_t>(1, cells(line.substr(offset, length)));
  auto const under = fmt::format("{}{}{}{}", std::string(cells(line.substr(0, offset)), ' '),
                                 std::string(width, mark), note.empty() ? "" : " ", note);
  return fmt::format("{:>{}} {} {}\n{:>{}} {} {}\n", paint("34", std::to_string(at.line)),
                     gutter + (paint.on ? 9 : 0), paint("34", "|"), spaces_for_tabs(line), "", gutter,
                     paint("34", "|"), paint(sgr, under));
}

std::size_t digits(std::uint32_t number) {
  return std::to_string(number).size();
}

}  // namespace

std::string render(Diagnostic const& problem, SourceMap const& source, bool colour) {
  Paint const paint{colour};
  bool const error = problem.severity == Severity::error;
  char const* const sgr = error ? "1;31" : "1;33";
  auto const at = source.position(problem.subject.begin);
  auto gutter = digits(at.line);
  for (auto const& label : problem.labels)
    gutter = std::max(gutter, digits(source.position(label.span.begin).line));

  auto out =
      fmt::format("{}: {}\n", paint(sgr, fmt::format("{}[{}]", error ? "error" : "warning", problem.code)),
                  paint("1", problem.summary));
  out += fmt::format("{:>{}}{} {}:{}:{}\n{:>{}} {}\n", "", gutter, paint("34", "-->"), source.path(), at.line,
                     at.column, "", gutter, paint("34", "|"));
  out += snippet(problem.subject, source, gutter, '^', "", paint, sgr);
  for (auto const& label : problem.labels)
    out += snippet(label.span, source, gutter, '-', label.text, paint, "34");
  if (!problem.help.empty()) {
    bool first = true;
    for (auto const& line : split_lines(problem.help)) {
      out += fmt::format("{:>{}} {} {}{}\n", "", gutter, paint("34", first ? "=" : " "),
                         first ? "help: " : "      ", line);
      first = false;
    }
  }
  return out;
}

nlohmann::json to_json(Diagnostic const& problem, SourceMap const& source) {
  auto const range = [&](Span span) {
    auto const from = source.position(span.begin);
    auto const to = source.position(span.end);
    return nlohmann::json{
        {"line", from.line}, {"column", from.column}, {"end_line", to.line}, {"end_column", to.column}};
  };
  auto labels = nlohmann::json::array();
  for (auto const& label : problem.labels)
    labels.push_back({{"range", range(label.span)}, {"message", label.text}});
  return {{"code", problem.code},
          {"severity", problem.severity == Severity::error ? "error" : "warning"},
          {"message", problem.summary},
          {"help", problem.help},
          {"file", source.path()},
          {"range", range(problem.subject)},
          {"labels", labels}};
}

}  // namespace itera
