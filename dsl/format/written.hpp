#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "dsl/format/block.hpp"
#include "dsl/format/gap.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::layout {

/// The source that a tree was made of, for what the tree does not keep. Refers to the text; owns nothing.
class Written {
 public:
  explicit Written(std::string_view source) : source_(source) {}

  std::size_t size() const { return source_.size(); }
  std::string_view slice(Span span) const { return source_.substr(span.begin, span.end - span.begin); }
  bool has_break(std::size_t begin, std::size_t end) const;
  Gap gap(std::size_t begin, std::size_t end) const { return gap_between(source_, begin, end); }
  /// What stands before `terms[i]`, i > 0.
  Gap gap_before(Terms terms, std::size_t i) const { return gap(end_of(terms[i - 1]), terms[i].span.begin); }
  /// Before what closes a list, behind its last element.
  Gap gap_at_end(syntax::Term const& list) const;
  /// Behind the `{` of a block, or the beginning of a file.
  Gap gap_at_begin(syntax::Body const& body, std::size_t end) const;

  /// On one line, texts as they are written. Within a sentence `name=value` has no blanks.
  std::string flat(syntax::Term const& term, bool begins_clause = false) const;
  std::string flat(Terms clause) const;
  /// Two blanks apart.
  std::string flat(std::span<Clause const> clauses) const;

 private:
  std::string_view source_;
};

}  // namespace itera::dsl::layout
