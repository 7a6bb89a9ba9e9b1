#include "dsl/format/format.hpp"

#include <algorithm>
#include <optional>

#include "core/base/text.hpp"
#include "dsl/format/block.hpp"
#include "dsl/format/page.hpp"
#include "dsl/format/spacing.hpp"
#include "dsl/format/written.hpp"

namespace itera::dsl {
namespace {

using layout::Block;
using layout::Clause;
using layout::Gap;
using layout::Table;
using layout::Terms;
using syntax::Body;
using syntax::Term;
using syntax::TermKind;

constexpr std::size_t kStep = 2;          // blanks a block is indented by
constexpr std::size_t kContinuation = 4;  // ... and a line that goes on
constexpr std::size_t kAnd = 6;           // `and` ends where the `when` of `ship when` does

bool joins(Term const& term) {
  return is_word(term, "and") || is_word(term, "or");
}

class Formatter {
 public:
  explicit Formatter(std::string_view source) : written_(source) {}

  std::string format(Body const& file) {
    block(file, layout::file_block(), 0, written_.gap_at_begin(file, written_.size()), written_.size());
    return page_.text();
  }

 private:
  // The block as it stands behind its clause, if it may stand there.
  std::optional<std::string> on_one_line(Body const& body, Block const& inner) const {
    auto const begin = body.open.end, end = body.close.begin;
    if (body.items.empty() && written_.gap(begin, end).comments.empty()) return "{ }";
    if (layout::one_clause_a_line(inner) || body.items.empty() || written_.has_break(begin, end))
      return std::nullopt;
    auto const has_body = [](auto const& item) { return item.body.has_value(); };
    if (std::any_of(body.items.begin(), body.items.end(), has_body)) return std::nullopt;
    auto text = "{ " + written_.flat(layout::clauses_of(body, inner)) + " }";
    if (page_.width() + 1 + display_width(text) > layout::kWidth) return std::nullopt;
    return text;
  }

  /// Where the lines of something belong.
  struct Place {
    std::size_t paragraph = 0;
    std::size_t indent = 0;
  };

  void value(Term const& term, std::size_t indent, bool begins_clause = false) {
    bool const several = term.kind == TermKind::list && written_.has_break(term.span.begin, term.span.end);
    if (term.kind == TermKind::assignment) {
      page_.append(term.items[0].text + (begins_clause ? " = " : "="));
      value(term.items[1], indent);
    } else if (several && !(term.items.empty() && written_.gap_at_end(term).comments.empty())) {
      list(term, indent);
    } else if (term.kind == TermKind::text) {
      page_.append(layout::moved_text(written_.slice(term.span), indent + kStep));
    } else {
      page_.append(written_.flat(term));
    }
  }

  void list(Term const& term, std::size_t indent) {
    Place const inside{page_.new_paragraph(), indent + kStep};
    page_.append("[");
    std::size_t at = term.span.begin + 1;
    for (auto const& item : term.items) {
      bool const first = &item == &term.items.front();
      auto const before = written_.gap(at, item.span.begin);
      if (!first) page_.append(",");
      comments(before, inside);
      if (first || before.line_break)
        page_.begin(inside.paragraph, inside.indent);
      else
        page_.append(" ");
      value(item, inside.indent);
      at = layout::end_of(item);
    }
    auto const behind = written_.gap_at_end(term);
    if (behind.comma) page_.append(",");
    comments(behind, inside);
    page_.begin(inside.paragraph, indent);
    page_.append("]");
  }

  // A sentence goes on in the next line before each guard of the ship rule, and where its author broke it
  // after a `,` or beside `and` and `or`; elsewhere only for a comment.
  bool breaks_before(Terms clause, std::size_t i, bool ship) const {
    auto const before = written_.gap_before(clause, i);
    if (!before.comments.empty()) return true;
    if (!joins(clause[i])) return before.line_break && is_symbol(clause[i - 1], ",");
    bool const broken_behind = i + 1 < clause.size() && written_.gap_before(clause, i + 1).line_break;
    return ship || before.line_break || broken_behind;
  }

  // A clause on lines of its own, of which the first was begun.
  void clause(Clause const& clause, Block const& block) {
    auto const terms = clause.terms;
    auto const table = layout::table_of(block, terms);
    auto const columns = layout::columns_of(table, terms);
    auto column = columns.begin();
    bool in_expression = false;
    bool const ship = layout::is_ship_rule(block, terms);
    Place const head{page_.last().paragraph, page_.last().indent};
    page_.last().table = table;
    first(terms[0], table, head.indent);
    for (std::size_t i = 1; i < terms.size(); ++i) {
      in_expression = layout::leads_expression(terms[i - 1], in_expression);
      bool const begins_column = column != columns.end() && *column == i;
      if (begins_column) ++column;
      if (breaks_before(terms, i, ship)) {
        go_on(written_.gap_before(terms, i), head, table, ship ? kAnd : kContinuation,
              ship && !joins(terms[i]));
      } else if (begins_column && page_.last().table == table) {
        page_.last().cells.emplace_back();
      } else {
        page_.append(layout::separator(terms, i, in_expression));
      }
      value(terms[i], head.indent);
    }
    if (clause.body) body(clause, head);
  }

  void first(Term const& term, Table table, std::size_t indent) {
    bool const setting = table == Table::settings && term.kind == TermKind::assignment;
    if (!setting) return value(term, indent, true);
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
    auto const inner = layout::block_of(clause.terms);
    auto behind_brace = written_.gap_at_begin(body, body.close.begin);
    auto before_brace = written_.gap(layout::end_of(clause.terms.back()), body.open.begin);
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
    auto const clauses = layout::clauses_of(body, block);
    bool const each_its_line = layout::one_clause_a_line(block) || !written_.has_break(body.open.end, end);
    Paragraphs paragraphs{page_.new_paragraph(), block.kind == layout::Kind::experiment};
    for (std::size_t i = 0; i < clauses.size();) {
      auto const stop = each_its_line ? i + 1 : end_of_line(clauses, i);
      auto const line = std::span(clauses).subspan(i, stop - i);
      comments(before, indent, paragraphs);
      bool const blank = begins_paragraph(paragraphs, before.after_blank);
      auto const together = line.size() > 1 ? written_.flat(line) : std::string();
      if (line.size() > 1 && indent + display_width(together) <= layout::kWidth) {
        page_.begin(paragraphs.current, indent, blank).several_clauses = true;
        page_.append(together);
      } else {
        for (auto const& one : line) {
          page_.begin(paragraphs.current, indent, blank && &one == &line.front());
          clause(one, block);
        }
      }
      before = written_.gap(line.back().end(), stop < clauses.size() ? clauses[stop].begin() : end);
      i = stop;
    }
    comments(before, indent, paragraphs);
  }

  // Behind the clauses that stand on the line of `clauses[i]` with it.
  std::size_t end_of_line(std::span<Clause const> clauses, std::size_t i) const {
    auto const alone = [&](Clause const& c) { return c.body || written_.has_break(c.begin(), c.end()); };
    while (++i < clauses.size() && !alone(clauses[i - 1]) && !alone(clauses[i]))
      if (written_.gap(clauses[i - 1].end(), clauses[i].begin()).line_break) break;
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

  layout::Written written_;
  layout::Page page_;
};

bool is_whole(Body const& body) {
  return std::all_of(body.items.begin(), body.items.end(), [](auto const& item) {
    return !item.broken && !item.terms.empty() && (!item.body || is_whole(*item.body));
  });
}

}  // namespace

std::string format(syntax::File const& file, SourceMap const& source) {
  if (!file.sound || !is_whole(file.body)) return source.text();
  return Formatter(source.text()).format(file.body);
}

}  // namespace itera::dsl
