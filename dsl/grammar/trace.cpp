#include "dsl/grammar/trace.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/grammar/literals.hpp"
#include "dsl/grammar/look_alike.hpp"
#include "dsl/syntax/codes.hpp"

namespace itera::dsl::grammar {
namespace {

constexpr std::size_t kShown = 50;

Span span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The token, or the one character, that stands at `at`.
std::size_t token_end(std::string_view text, std::size_t at) {
  if (text[at] == '"') return end_of_text(text, at).end;
  if (text[at] == '`') return end_of_column(text, at).end;
  auto end = at + 1;
  if (is_name(text[at])) {
    while (end < text.size() && (is_name(text[end]) || text[end] == '.' || text[end] == '%')) ++end;
  } else {
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  }
  return end;
}

std::string shown(std::string_view token) {
  constexpr std::size_t limit = 40;
  token = token.substr(0, token.find('\n'));
  if (token.size() <= limit) return fmt::format("`{}`", token);
  auto end = limit;
  while ((static_cast<unsigned char>(token[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("`{}...`", token.substr(0, end));
}

}  // namespace

void Trace::report(Code const& code, Span subject, std::string summary, std::string help) {
  if (full_) return;
  if (++reported_ > kShown) {
    full_ = true;
    sound = false;
    problems_.error(codes::too_many.id, subject,
                    fmt::format("there are more than {} errors, the rest is not shown", kShown));
    return;
  }
  problems_.error(code.id, subject, std::move(summary), std::move(help));
}

void Trace::begin(std::size_t at) {
  begin_ = at;
  taken_ = at;
  deepest_ = at;
  names_.clear();
}

void Trace::expected(std::size_t at, char const* name) {
  if (at < deepest_) return;
  if (at > deepest_) names_.clear();
  deepest_ = at;
  if (std::find(names_.begin(), names_.end(), std::string_view(name)) == names_.end()) names_.push_back(name);
}

std::string Trace::help_for(std::size_t at) const {
  if (at >= text.size()) return {};
  switch (text[at]) {
    case ':':
      return "settings are written `name = value`, clauses without a sign: `question \"...\"`";
    case ';':
      return "a clause ends with its line";
    case '#':
      return "comments start with `//`";
    case '\'':
      return "texts stand in double quotes";
    case '=':
      return "a setting is written `name = value`";
    default:
      break;
  }
  if (static_cast<unsigned char>(text[at]) >= 0x80U)
    return "names are ASCII letters, digits and `_`; a column with other characters stands in backquotes";
  return {};
}

bool Trace::report_look_alike(std::size_t at) {
  if (static_cast<unsigned char>(text[at]) < 0x80U) return false;
  auto const c = character_at(text, at);
  if (turns_text(c.code)) return true;  // was reported before the grammar began
  auto const like = looks_like(c.code);
  if (!like) return false;
  auto const where = span(at, at + c.length);
  if (like->empty())
    report(codes::look_alike, where, fmt::format("the character {} is invisible", code_name(c.code)),
           "delete it");
  else if (*like == " ")
    report(codes::look_alike, where,
           fmt::format("the character {} looks like a blank and is none", code_name(c.code)), "type a blank");
  else
    report(codes::look_alike, where,
           fmt::format("the character `{}` ({}) only looks like `{}`", text.substr(at, c.length),
                       code_name(c.code), *like),
           fmt::format("type it again: `{}`", as_it_looks(text, at)));
  return true;
}

std::size_t Trace::report_deepest() {
  auto const bad = std::min(deepest_, text.size());
  auto const gap = std::min(taken_, bad);
  std::vector<std::string> const names(names_.begin(), names_.end());
  auto const expected = join_words(names, "or");
  // A word that is missing at the end of a line is reported there, not where the next line begins.
  bool const eof = bad == text.size();
  if (gap > begin_ && (eof || text.substr(gap, bad + 1 - gap).find('\n') != text.npos)) {
    bool const last = eof && text.substr(gap).find('\n') == text.npos;
    if (!builder.is_broken())
      report(codes::unexpected, span(gap, gap),
             fmt::format("expected {}, found end of {}", expected, last ? "file" : "line"), {});
    return gap;
  }
  auto const end = token_end(text, bad);
  if (!builder.is_broken() && !report_look_alike(bad))
    report(codes::unexpected, span(bad, end),
           fmt::format("expected {}, found {}", expected, shown(text.substr(bad, end - bad))), help_for(bad));
  return text[bad] == '{' || text[bad] == '}' ? bad : end;
}

std::size_t Trace::skip(std::size_t at) {
  if (text[at] == '"' || text[at] == '`') {
    auto const extent = text[at] == '"' ? end_of_text(text, at) : end_of_column(text, at);
    if (!extent.closed) swallowed_ = true;
    return extent.end;
  }
  if (text.substr(at).starts_with("//")) return std::min(text.find('\n', at), text.size());
  return at + 1;
}

std::size_t Trace::recover() {
  auto at = report_deepest();
  if (builder.in_list()) {
    // The rest of a broken list is no sentence: go on after its `]`, if that comes before what cannot be in
    // it.
    constexpr std::string_view not_in_a_list = "{}=[";
    auto i = at;
    while (i < text.size() && text[i] != ']' && not_in_a_list.find(text[i]) == text.npos) i = skip(i);
    if (i < text.size() && text[i] == ']') at = i + 1;
  }
  while (at < text.size() && text[at] != '\n' && text[at] != '{' && text[at] != '}') at = skip(at);
  builder.abandon();
  return full_ ? text.size() : at;
}

std::size_t Trace::literal(std::size_t at) {
  if (text[at] == '`') {
    auto const extent = end_of_column(text, at);
    auto const inner = text.substr(at + 1, extent.end - at - (extent.closed ? 2 : 1));
    if (!extent.closed)
      unclosed(codes::bad_column, span(at, extent.end), "the name in backquotes is not closed",
               "write a second backquote behind it, on the same line");
    else if (inner.empty())
      report(codes::bad_column, span(at, extent.end), "there is no name between the backquotes", {});
    took(extent.end);
    builder.term(syntax::TermKind::column, span(at, extent.end), std::string(inner));
    return extent.end;
  }
  auto const extent = end_of_text(text, at);
  if (!extent.closed)
    unclosed(codes::unclosed_text, span(at, extent.end), "the text is not closed",
             extent.block
                 ? "write `\"\"\"` behind it"
                 : "write `\"` behind it; a text of several lines stands between `\"\"\"` and `\"\"\"`");
  std::vector<Span> bad;
  auto value = text_of(text.substr(at, extent.end - at), extent, bad);
  for (auto const& escape : bad) {
    auto const where = span(at + escape.begin, at + escape.end);
    report(codes::unknown_escape, where,
           fmt::format("`{}` is not an escape", text.substr(where.begin, where.end - where.begin)),
           "the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r` and `\\u{...}` with the character's "
           "hexadecimal number");
  }
  took(extent.end);
  builder.term(syntax::TermKind::text, span(at, extent.end), std::move(value));
  return extent.end;
}

void Trace::unclosed(Code const& code, Span subject, std::string summary, std::string help) {
  report(code, subject, std::move(summary), std::move(help));
  builder.broken();
  swallowed_ = true;
}

Trace::Line const& Trace::line_of(std::size_t at) {
  auto const new_part = text.substr(line_known_to_, at - line_known_to_);
  auto const end = new_part.rfind('\n');
  if (end != new_part.npos || line_known_to_ == 0) {
    line_.begin = end == new_part.npos ? 0 : line_known_to_ + end + 1;
    auto first = line_.begin;
    while (first < text.size() && is_blank(text[first])) ++first;
    line_.indentation = first - line_.begin;
    line_.text = text.find_first_not_of(" \t", line_.begin);
  }
  line_known_to_ = at;
  return line_;
}

void Trace::opening_brace(std::size_t at) {
  opened_.push_back(line_of(at));
  builder.open_body(span(at, at + 1));
}

void Trace::closing_brace(std::size_t at) {
  auto const end = std::min(at + 1, text.size());
  if (at == text.size()) {
    unclosed_block();
  } else {
    auto const& here = line_of(at);
    auto const& opened = opened_.back();
    if (!suspect_ && here.text == at && here.begin != opened.begin && here.indentation < opened.indentation)
      suspect_ = builder.open_bodies().back().open;
  }
  opened_.pop_back();
  builder.close_body(span(at, end));
}

void Trace::unclosed_block() {
  // Said once is enough, and a text that was not closed explains it better.
  if (sound && !swallowed_)
    report(codes::unclosed_block, suspect_.value_or(builder.open_bodies().back().open),
           "the block is not closed", "write `}` behind its last line");
  sound = false;
}

void Trace::stray_brace(std::size_t at) {
  if (sound && !swallowed_)
    report(codes::stray_brace, span(at, at + 1), "this `}` closes nothing",
           "delete it, or look for one too many above");
  sound = false;
}

}  // namespace itera::dsl::grammar
