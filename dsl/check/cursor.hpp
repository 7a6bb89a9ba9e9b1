#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/spec/value.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {

/// Reads a clause from left to right. The first thing that is not as expected is reported; after that, and in
/// a clause that was broken already, nothing is found and nothing more is reported.
class Cursor {
 public:
  /// Starts behind the clause's word.
  Cursor(Report& report, Clause const& clause);

  bool ok() const { return !failed_; }
  bool at_end() const { return at_ == clause_.terms.size(); }
  syntax::Term const* peek(std::size_t ahead = 0) const;
  bool sees(std::string_view word) const { return peek() && is_word(*peek(), word); }
  bool sees(syntax::TermKind kind) const { return peek() && peek()->kind == kind; }
  bool sees_symbol(std::string_view symbol) const { return peek() && is_symbol(*peek(), symbol); }
  /// Takes the word, or the symbol, if it comes next.
  bool take(std::string_view word);
  bool take_symbol(std::string_view symbol);
  syntax::Term const* take();

  bool expect(std::string_view word);
  bool expect_symbol(std::string_view symbol);
  std::optional<spec::Name> expect_name(std::string_view what);
  /// A name or a name in backquotes.
  std::optional<spec::Name> expect_column(std::string_view what = "a column");
  std::optional<spec::At<std::string>> expect_text(std::string_view what);
  std::optional<spec::At<spec::Quantity>> expect_number(std::string_view what);
  std::optional<spec::At<std::uint64_t>> expect_count(std::string_view what, std::uint64_t least,
                                                      std::uint64_t most);
  /// Nothing more may come, except the block if `may_have_block`.
  void finish(bool may_have_block = false);
  /// Reports that `expected` should have come next.
  void unexpected(std::string_view expected, std::string help = {});
  void fail() { failed_ = true; }

 private:
  Report& report_;
  Clause const& clause_;
  std::size_t at_ = 1;
  bool failed_;
};

}  // namespace itera::dsl::meaning
