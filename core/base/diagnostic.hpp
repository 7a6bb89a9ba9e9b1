#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace itera {

/// Half-open range of byte offsets in one spec's text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(Span const&, Span const&) = default;
};

enum class Severity { error, warning };

/// A second place that matters to a problem ("first defined here").
struct Label {
  Span span;
  std::string text;
};

/// One problem of a spec. `summary` is one lower-case clause without a full stop, with names in backquotes;
/// `help` says what to do. A user's mistake is always a Diagnostic, never an exception or an Error.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;  ///< "E101"; stable for ever
  std::string summary;
  Span subject;  ///< the smallest range that is wrong
  std::vector<Label> labels;
  std::string help;
};

/// The problems of one file, in the order found. Not thread-safe; values are copied freely.
class Diagnostics {
 public:
  Diagnostic& error(std::string code, Span subject, std::string summary, std::string help = {});
  Diagnostic& warning(std::string code, Span subject, std::string summary, std::string help = {});
  bool has_errors() const;
  std::size_t error_count() const;
  /// In the order of the text (ties in the order found), whole duplicates dropped.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> items_;
};

}  // namespace itera
