#include "dsl/grammar/grammar.hpp"

#include "dsl/grammar/furthest.hpp"

namespace itera::dsl::grammar {
namespace {

using syntax::TermKind;
using Taken = std::pair<bool, std::size_t>;

Span span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// --- events: what the tree gets

template <TermKind kind>
constexpr auto term = on{[](Trace& trace, std::size_t begin, std::size_t end) {
  trace.builder.term(kind, span(begin, end), std::string(trace.text.substr(begin, end - begin)));
}};
template <TermKind kind>
constexpr auto opens_from_word =
    on{[](Trace& trace, std::size_t, std::size_t) { trace.builder.open_from_word(kind); }};
constexpr auto opens_list =
    on{[](Trace& trace, std::size_t begin, std::size_t end) { trace.builder.open_list(span(begin, end)); }};
constexpr auto closes = on{
    [](Trace& trace, std::size_t, std::size_t end) { trace.builder.close(static_cast<std::uint32_t>(end)); }};
constexpr auto opens_body =
    on{[](Trace& trace, std::size_t begin, std::size_t) { trace.opening_brace(begin); }};
constexpr auto ends_item = on{[](Trace& trace, std::size_t, std::size_t) { trace.builder.end_item(); }};

// --- terminals. Only char_ and lit: the classifying parsers of X3 abort on bytes above 127 in debug builds.

auto const blank = x3::char_(" \t\r") | (x3::lit("//") >> *(x3::char_ - '\n'));
auto const lines = *x3::lit('\n');
auto const digit = x3::char_("0-9");
auto const name_start = x3::char_("a-zA-Z_");
auto const name_char = x3::char_("a-zA-Z0-9_");
auto const joining_word = x3::lexeme[(x3::lit("and") | "or") >> !name_char];
auto const word = term<TermKind::word>[x3::lexeme[name_start >> *name_char]];
auto const number = term<TermKind::number>[x3::lexeme[-x3::char_("+-") >> -x3::lit('$') >> digit >>
                                                      *((x3::char_("eE") >> x3::char_("+-") >> &digit) |
                                                        name_char | '.' | ('/' >> &digit)) >>
                                                      -x3::lit('%')]];
auto const quoted = HandWritten{[](Trace& trace, std::size_t at) {
  bool const here = at < trace.text.size() && trace.text[at] == '"';
  return Taken{here, here ? trace.literal(at) : at};
}};
auto const column = HandWritten{[](Trace& trace, std::size_t at) {
  bool const here = at < trace.text.size() && trace.text[at] == '`';
  return Taken{here, here ? trace.literal(at) : at};
}};
// A line that ends with one of these goes on in the next.
auto const joining_symbol =
    term<TermKind::symbol>[x3::lexeme[x3::lit(">=") | "<=" | "==" | "!=" | x3::char_("<>,")]];
auto const symbol = term<TermKind::symbol>[x3::char_("()+*/-")];
auto const line_end = &(x3::lit('\n') | '{' | '}' | x3::eoi);

auto const sentence_begins = HandWritten{[](Trace& trace, std::size_t at) {
  bool const here =
      !trace.full() && at < trace.text.size() && trace.text[at] != '}' && trace.text[at] != '\n';
  if (here) {
    trace.begin(at);
    trace.builder.begin_item();
  }
  return Taken{here, at};
}};
auto const closing_brace = HandWritten{[](Trace& trace, std::size_t at) {
  trace.closing_brace(at);
  return Taken{true, std::min(at + 1, trace.text.size())};
}};
auto const stray_brace = HandWritten{[](Trace& trace, std::size_t at) {
  bool const here = at < trace.text.size() && trace.text[at] == '}';
  if (here) trace.stray_brace(at);
  return Taken{here, here ? at + 1 : at};
}};

// --- rules

x3::rule<struct value_rule> const value = "value";
x3::rule<struct item_rule> const item = "item";

auto const list =
    opens_list[x3::lit('[')] >> lines >>
    -(value % (lines >> named{"`,`"}[x3::lit(',')] >> lines >> !x3::lit(']')) >> -(lines >> ',')) >> lines
    >> named{"`]`"}[closes[x3::lit(']')]];
// An alternative that failed must not be followed by one that matches: events are not undone. Hence the look
// ahead.
auto const calls = &(x3::lexeme[name_start >> *name_char] >> '(');
auto const call = calls >> word >> opens_from_word<TermKind::call>[x3::lit('(')] >>
                  named { "a quoted text" }[quoted] >> named{"`)`"}[closes[x3::lit(')')]];
auto const value_def = named{"a value"}[quoted | number | list | call | (!calls >> word)];

auto const assignment =
    opens_from_word<TermKind::assignment>[x3::lit('=') >> !x3::lit('=')] >> value >> closes[x3::eps];
auto const part = quoted | column | number |
                  ((term<TermKind::word>[joining_word] | joining_symbol) >> lines) | symbol |
                  (word >> -assignment);
auto const goes_on = -(+x3::lit('\n') >> &(joining_word | x3::lit('"')));
auto const sentence = named{"a clause or a setting"}[&(name_start | '`')] >>
                      +(goes_on >> part) >> named{"another word, `{` or end of line"}[line_end];
auto const body = lines >> opens_body[x3::lit('{')] >> lines >> *(item >> lines) >> closing_brace;
auto const item_def = sentence_begins >> recovering[sentence] >> -body >> ends_item[x3::eps];

auto const file = lines >> *((item | stray_brace) >> lines) >> x3::eoi;

BOOST_SPIRIT_DEFINE(value, item)

}  // namespace

syntax::File read(std::string_view text, Diagnostics& problems) {
  Trace trace(text, problems);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  It first = text.begin() + (text.starts_with(byte_order_mark) ? 3 : 0);
  bool const whole = x3::phrase_parse(first, text.end(), x3::with<trace_tag>(std::ref(trace))[file], blank);
  return {trace.builder.take(), trace.sound && whole};
}

}  // namespace itera::dsl::grammar
