#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "dsl/grammar/builder.hpp"
#include "dsl/syntax/codes.hpp"

namespace itera::dsl::grammar {

/// What the grammar's directives share during one parse: the deepest failure with the names of what would
/// have been right there, the tree so far and the problems. Positions are offsets into `text`.
class Trace {
 public:
  Trace(std::string_view text, Diagnostics& problems) : text(text), problems_(problems) {}

  std::string_view text;
  Builder builder;
  bool sound = true;

  /// Forgets the failures before `at`: a new sentence begins.
  void begin(std::size_t at);
  /// What stands before `end` was understood.
  void took(std::size_t end) { taken_ = end; }
  /// `name` would have been right at `at`.
  void expected(std::size_t at, char const* name);
  /// Reports the deepest failure and gives the offset at which to go on: at a `{`, a `}`, a line's end or the
  /// file's, so that one mistake is one error.
  std::size_t recover();

  /// A text, or a name in backquotes, at `at`; gives its end. Mistakes inside are reported, the literal
  /// stands.
  std::size_t literal(std::size_t at);
  /// The brace at `at` opens a block. Braces come in the order of the text.
  void opening_brace(std::size_t at);
  /// The brace at `at` closes the innermost block; at the end of the file there is none.
  void closing_brace(std::size_t at);
  void stray_brace(std::size_t at);
  /// True once so many problems were reported that the rest is skipped.
  bool full() const { return full_; }

 private:
  void report(Code const& code, Span subject, std::string summary, std::string help);
  void unclosed(Code const& code, Span subject, std::string summary, std::string help);
  void unclosed_block();
  /// E113 if the character at `at` is taken for another one; false if it looks like itself.
  bool report_look_alike(std::size_t at);
  /// Gives the offset behind what it reports, or of the brace that it is.
  std::size_t report_deepest();
  /// Behind the character at `at`, or the literal or comment that begins there.
  std::size_t skip(std::size_t at);
  std::string help_for(std::size_t at) const;
  /// Of the line that `at` is in, which is none before that of the call before.
  struct Line {
    std::size_t begin = 0;
    std::size_t indentation = 0;
    std::size_t text = 0;  ///< where something but blanks and tabs begins, maybe in a line below
  };
  Line const& line_of(std::size_t at);

  Diagnostics& problems_;
  std::size_t begin_ = 0;  // of the sentence
  std::size_t taken_ = 0;
  std::size_t deepest_ = 0;
  std::vector<char const*> names_;
  std::size_t reported_ = 0;
  bool full_ = false;
  bool swallowed_ = false;  // a text that is not closed may have taken a brace with it
  std::optional<Span>
      suspect_;  // the first block that ends further left than it began: its own brace may be missing
  // A file may be one line of megabytes, so its beginning is not looked for at each brace again.
  Line line_;
  std::size_t line_known_to_ = 0;  // no further line begins before
  std::vector<Line> opened_;       // the lines of `builder.open_bodies()`
};

}  // namespace itera::dsl::grammar
