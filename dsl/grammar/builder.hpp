#pragma once
#include <string>
#include <utility>
#include <vector>

#include "dsl/syntax/tree.hpp"

namespace itera::dsl::grammar {

/// Grows the tree from what the grammar recognises, so that whatever was understood before a mistake is kept.
/// The grammar calls it only for what cannot be taken back: no alternative is tried after an event.
class Builder {
 public:
  void begin_item() { items_.emplace_back(); }

  void term(syntax::TermKind kind, Span span, std::string text) {
    terms().push_back({kind, span, std::move(text), {}});
  }

  /// Starts a list. `]` ends it.
  void open_list(Span span) { open_.push_back({syntax::TermKind::list, span, "", {}}); }

  /// The word before becomes what a call or an assignment begins with.
  void open_from_word(syntax::TermKind kind) {
    auto word = std::move(terms().back());
    terms().pop_back();
    syntax::Term term{kind, word.span, word.text, {}};
    if (kind == syntax::TermKind::assignment) term.items.push_back(std::move(word));
    open_.push_back(std::move(term));
  }

  void close(std::uint32_t end) {
    auto term = std::move(open_.back());
    open_.pop_back();
    term.span.end = end;
    terms().push_back(std::move(term));
  }

  void broken() { items_.back().broken = true; }
  bool is_broken() const { return items_.back().broken; }
  bool in_list() const { return !open_.empty() && open_.back().kind == syntax::TermKind::list; }

  /// The sentence is broken: what was begun and not ended in it is dropped.
  void abandon() {
    open_.clear();
    broken();
  }

  void open_body(Span brace) { bodies_.push_back({{}, brace, {}}); }
  void close_body(Span brace) {
    bodies_.back().close = brace;
    auto body = std::move(bodies_.back());
    bodies_.pop_back();
    items_.back().body = std::move(body);
  }
  std::vector<syntax::Body> const& open_bodies() const { return bodies_; }

  void end_item() {
    auto item = std::move(items_.back());
    items_.pop_back();
    (bodies_.empty() ? file_ : bodies_.back()).items.push_back(std::move(item));
  }

  syntax::Body take() { return std::move(file_); }

 private:
  std::vector<syntax::Term>& terms() { return open_.empty() ? items_.back().terms : open_.back().items; }

  syntax::Body file_;
  std::vector<syntax::Body> bodies_;
  std::vector<syntax::Item> items_;
  std::vector<syntax::Term> open_;
};

}  // namespace itera::dsl::grammar
