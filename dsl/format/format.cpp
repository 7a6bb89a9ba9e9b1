#include "dsl/format/format.hpp"

#include <algorithm>
#include <optional>

#include "core/base/text.hpp"
#include "dsl/format/gap.hpp"
#include "dsl/format/page.hpp"
#include "dsl/format/spacing.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl {
namespace {

using layout::Comment;
using layout::Gap;
using layout::Line;
using layout::Table;
using syntax::Body;
using syntax::Term;
using syntax::TermKind;
using Terms = std::span<Term const>;

constexpr std::size_t kStep = 2;          // blanks a block is indented by
constexpr std::size_t kContinuation = 4;  // ... and a line that goes on
constexpr std::size_t kAnd = 6;           // `and` ends where the `when` of `ship when` does
constexpr std::string_view kBetweenClauses = "  ";

enum class Kind { file, experiment, words, settings, sprint };

/// What a block is, by the clause it belongs to. Its sentences are cut into clauses as the checker cuts them.
struct Block {
  Kind kind = Kind::settings;
  std::span<std::string_view const> heads;
};

bool one_clause_a_line(Block const& block) {
  return block.kind == Kind::file || block.kind == Kind::experiment || block.kind == Kind::sprint;
}

Block block_of(Terms clause) {
  namespace words = syntax::words;
  auto const is = [&](std::string_view word) { return is_word(clause.front(), word); };
  if (is("experiment")) return {Kind::experiment, words::experiment};
  if (is("row")) return {Kind::words, words::row};
  if (is("split")) return {Kind::words, words::split};
  if (is("traffic")) return {Kind::words, {}};
  if (is("sprint")) return {Kind::sprint, words::sprint};
  if (is("baseline") || is("arm") || is("control") || is("iteration")) return {Kind::settings, words::arm};
  return {Kind::settings, {}};
}

struct Clause {
  Terms terms;
  Body const* body = nullptr;

  std::size_t begin() const { return terms.front().span.begin; }
  std::size_t end() const { return body ? body->close.end : layout::end_of(terms.back()); }
};

std::vector<Clause> clauses_of(Body const& body, Block const& block) {
  std::vector<Clause> out;
  bool const settings = block.kind != Kind::experiment;
  for (auto const& item : body.items) {
    Terms const terms = item.terms;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= terms.size(); ++i) {
      if (i < terms.size() && !syntax::begins_clause(terms, i, block.heads, settings)) continue;
      out.push_back(
          {terms.subspan(begin, i - begin), i == terms.size() && item.body ? &*item.body : nullptr});
      begin = i;
    }
  }
  return out;
}

Table table_of(Block const& block, Terms clause) {
  if (clause.size() == 1 && clause.front().kind == TermKind::assignment) return Table::settings;
  if (clause.size() < 2) return Table::none;
  bool const says_text = clause[1].kind == TermKind::text;
  if (block.kind == Kind::words) return Table::words;
  if (block.kind == Kind::settings && is_word(clause[0], "ref") && says_text) return Table::settings;
  if (block.kind != Kind::experiment) return Table::none;
  if (is_word(clause[0], "failure")) return Table::failures;
  bool const asks = is_word(clause[0], "question") || is_word(clause[0], "hypothesis");
  return asks && says_text ? Table::words : Table::none;
}

// Whether a column of the table begins with `clause[i]`, i > 0.
bool begins_column(Table table, Terms clause, std::size_t i) {
  if (table != Table::failures) return table != Table::none && i == 1;
  auto const is_when = [](Term const& term) { return is_word(term, "when"); };
  if (i < 2 || std::any_of(clause.begin() + 2, clause.begin() + static_cast<std::ptrdiff_t>(i), is_when))
    return false;
  return is_when(clause[i]) || is_word(clause[i], "weight") || clause[i].kind == TermKind::text;
}

bool joins(Term const& term) {
  return is_word(term, "and") || is_word(term, "or");
}

class Formatter {
 public:
  explicit Formatter(std::string_view source) : source_(source) {}

  std::string format(Body const& file) {
    block(file, {Kind::file, syntax::words::file}, 0, gap(0, first_of(file, source_.size())), source_.size());
    return page_.text();
  }

 private:
  // --- the source

  std::string_view slice(std::size_t begin, std::size_t end) const {
    return source_.substr(begin, end - begin);
  }
  bool has_break(std::size_t begin, std::size_t end) const {
    return slice(begin, end).find('\n') != std::string_view::npos;
  }
  Gap gap(std::size_t begin, std::size_t end) const { return layout::gap_between(source_, begin, end); }
  Gap gap_before(Terms terms, std::size_t i) const {
    return gap(layout::end_of(terms[i - 1]), terms[i].span.begin);
  }
  static std::size_t first_of(Body const& body, std::size_t end) {
    return body.items.empty() ? end : body.items.front().terms.front().span.begin;
  }

  // --- on one line

  std::string flat(Term const& term, bool tight = false) const {
    if (term.kind == TermKind::assignment)
      return term.items[0].text + (tight ? "=" : " = ") + flat(term.items[1]);
    if (term.kind == TermKind::call) return term.text + "(" + flat(term.items[0]) + ")";
    if (term.kind != TermKind::list) return std::string(slice(term.span.begin, term.span.end));
    std::string out = "[";
    std::size_t at = term.span.begin + 1;
    for (auto const& item : term.items) {
      out += (out.size() > 1 ? ", " : "") + flat(item);
      at = layout::end_of(item);
    }
    return out + (gap(at, term.span.end - 1).comma ? ",]" : "]");
  }

  std::string flat(Terms clause) const {
    auto out = flat(clause[0]);
    for (std::size_t i = 1; i < clause.size(); ++i)
      out.append(layout::separator(clause, i)).append(flat(clause[i]));
    return out;
  }

  std::string flat(std::span<Clause const> clauses) const {
    std::string out;
    for (auto const& clause : clauses)
      out.append(out.empty() ? std::string_view() : kBetweenClauses).append(flat(clause.terms));
    return out;
  }

  // The block as it stands behind its clause, if it may stand there.
  std::optional<std::string> on_one_line(Body const& body, Block const& inner) const {
    auto const begin = body.open.end, end = body.close.begin;
    if (body.items.empty() && gap(begin, end).comments.empty()) return "{ }";
    if (one_clause_a_line(inner) || body.items.empty() || has_break(begin, end)) return std::nullopt;
    auto const has_body = [](auto const& item) { return item.body.has_value(); };
    if (std::any_of(body.items.begin(), body.items.end(), has_body)) return std::nullopt;
    auto text = "{ " + flat(clauses_of(body, inner)) + " }";
    if (page_.width() + 1 + display_width(text) > layout::kWidth) return std::nullopt;
    return text;
  }

  // --- on several lines

  /// Where the lines of something belong.
  struct Place {
    std::size_t paragraph = 0;
    std::size_t indent = 0;
  };

  void value(Term const& term, std::size_t indent, bool tight = false) {
    bool const several = term.kind == TermKind::list && has_break(term.span.begin, term.span.end);
    if (term.kind == TermKind::assignment) {
      page_.append(term.items[0].text + (tight ? "=" : " = "));
      value(term.items[1], indent);
    } else if (several &&
               !(term.items.empty() && gap(term.span.begin + 1, term.span.end - 1).comments.empty())) {
      list(term, indent);
    } else if (term.kind == TermKind::text) {
      page_.append(layout::moved_text(slice(term.span.begin, term.span.end), indent + kStep));
    } else {
      page_.append(flat(term));
    }
  }

  void list(Term const& term, std::size_t indent) {
    Place const inside{page_.new_paragraph(), indent + kStep};
    page_.append("[");
    std::size_t at = term.span.begin + 1;
    for (auto const& item : term.items) {
      bool const first = &item == &term.items.front();
      auto const before = gap(at, item.span.begin);
      if (!first) page_.append(",");
      comments(before, inside);
      if (first || before.line_break)
        page_.begin(inside.paragraph, inside.indent);
      else
        page_.append(" ");
      value(item, inside.indent);
      at = layout::end_of(item);
    }
    auto const behind = gap(at, term.span.end - 1);
    if (behind.comma) page_.append(",");
    comments(behind, inside);
    page_.begin(inside.paragraph, indent);
    page_.append("]");
  }

  // A sentence goes on in the next line before each guard of the ship rule, and where its author broke it
  // after a `,` or beside `and` and `or`; elsewhere only for a comment.
  bool breaks_before(Terms clause, std::size_t i, bool ship) const {
    auto const before = gap_before(clause, i);
    if (!before.comments.empty()) return true;
    if (!joins(clause[i])) return before.line_break && is_symbol(clause[i - 1], ",");
    bool const broken_behind = i + 1 < clause.size() && gap_before(clause, i + 1).line_break;
    return ship || before.line_break || broken_behind;
  }

  // A clause on lines of its own, of which the first was begun.
  void clause(Clause const& clause, Block const& block) {
    auto const terms = clause.terms;
    auto const table = table_of(block, terms);
    bool const ship = block.kind == Kind::experiment && is_word(terms[0], "ship");
    Place const head{page_.last().paragraph, page_.last().indent};
    page_.last().table = table;
    first(terms[0], table, head.indent);
    for (std::size_t i = 1; i < terms.size(); ++i) {
      if (breaks_before(terms, i, ship)) {
        go_on(gap_before(terms, i), head, table, ship ? kAnd : kContinuation, ship && !joins(terms[i]));
      } else if (page_.last().table == table && begins_column(table, terms, i)) {
        page_.last().cells.emplace_back();
      } else {
        page_.append(layout::separator(terms, i));
      }
      value(terms[i], head.indent, ship);
    }
    if (clause.body) body(clause, head);
  }

  void first(Term const& term, Table table, std::size_t indent) {
    bool const setting = table == Table::settings && term.kind == TermKind::assignment;
    if (!setting) return value(term, indent);
    page_.append(term.items[0].text);
    page_.last().cells.emplace_back("= ");
    value(term.items[1], indent);
  }

  // Begins a further line of a clause: below its value, or `step` blanks further right than its head.
  void go_on(Gap const& gap, Place head, Table table, std::size_t step, bool within_guard) {
    auto const begin = [&](std::size_t indent) {
      page_.begin(head.paragraph, table == Table::words ? head.indent : indent);
      if (table != Table::words) return;
      page_.last().table = table;
      page_.last().cells.emplace_back();
    };
    for (auto const& comment : gap.comments) {
      if (page_.comment_behind(comment)) continue;
      begin(head.indent + step);
      page_.append(comment.text);
    }
    begin(head.indent + step + (within_guard ? kContinuation : 0));
  }

  void body(Clause const& clause, Place head) {
    auto const& body = *clause.body;
    auto const inner = block_of(clause.terms);
    auto behind_brace = gap(body.open.end, first_of(body, body.close.begin));
    auto before_brace = gap(layout::end_of(clause.terms.back()), body.open.begin);
    if (before_brace.comments.empty()) {
      if (auto const line = on_one_line(body, inner)) return page_.append(" " + *line);
    }
    page_.append(" {");
    auto& all = behind_brace.comments;
    all.insert(all.begin(), before_brace.comments.begin(), before_brace.comments.end());
    block(body, inner, head.indent + kStep, behind_brace, body.close.begin);
    page_.begin(head.paragraph, head.indent);
    page_.append("}");
  }

  // The clauses of a block. `before` is the gap before the first, or before `end` if there is none.
  void block(Body const& body, Block const& block, std::size_t indent, Gap before, std::size_t end) {
    auto const clauses = clauses_of(body, block);
    bool const each_its_line = one_clause_a_line(block) || !has_break(body.open.end, end);
    Paragraphs paragraphs{page_.new_paragraph(), block.kind == Kind::experiment};
    for (std::size_t i = 0; i < clauses.size();) {
      auto const stop = each_its_line ? i + 1 : end_of_line(clauses, i);
      auto const line = std::span(clauses).subspan(i, stop - i);
      comments(before, indent, paragraphs);
      bool const blank = begins_paragraph(paragraphs, before.after_blank);
      auto const together = line.size() > 1 ? flat(line) : std::string();
      if (line.size() > 1 && indent + display_width(together) <= layout::kWidth) {
        page_.begin(paragraphs.current, indent, blank).several_clauses = true;
        page_.append(together);
      } else {
        for (auto const& one : line) {
          page_.begin(paragraphs.current, indent, blank && &one == &line.front());
          clause(one, block);
        }
      }
      before = gap(line.back().end(), stop < clauses.size() ? clauses[stop].begin() : end);
      i = stop;
    }
    comments(before, indent, paragraphs);
  }

  // Behind the clauses that stand on the line of `clauses[i]` with it.
  std::size_t end_of_line(std::span<Clause const> clauses, std::size_t i) const {
    auto const alone = [&](Clause const& c) { return c.body || has_break(c.begin(), c.end()); };
    while (++i < clauses.size() && !alone(clauses[i - 1]) && !alone(clauses[i]))
      if (gap(clauses[i - 1].end(), clauses[i].begin()).line_break) break;
    return i;
  }

  /// Blank lines are kept, one of each run, but at the edges of a block; an experiment may begin with one.
  struct Paragraphs {
    std::size_t current = 0;
    bool may_begin = false;
  };

  bool begins_paragraph(Paragraphs& paragraphs, bool after_blank) {
    bool const begins = after_blank && paragraphs.may_begin;
    if (begins) paragraphs.current = page_.new_paragraph();
    paragraphs.may_begin = true;
    return begins;
  }

  void comments(Gap const& gap, std::size_t indent, Paragraphs& paragraphs) {
    for (auto const& comment : gap.comments) {
      if (page_.comment_behind(comment)) continue;
      bool const blank = begins_paragraph(paragraphs, comment.after_blank);
      page_.comment_line(comment, paragraphs.current, indent, blank);
    }
  }

  void comments(Gap const& gap, Place place) {
    for (auto const& comment : gap.comments)
      if (!page_.comment_behind(comment)) page_.comment_line(comment, place.paragraph, place.indent, false);
  }

  std::string_view source_;
  layout::Page page_;
};

}  // namespace

std::string format(syntax::File const& file, SourceMap const& source) {
  return Formatter(source.text()).format(file.body);
}

}  // namespace itera::dsl
