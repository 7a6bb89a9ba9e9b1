#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/source_map.hpp"
#include "dsl/language_server/lookup.hpp"
#include "dsl/language_server/outline.hpp"

// What an editor asks of a text, as plain values: no JSON, no protocol. All offsets are bytes. Every function
// takes any text, however broken, and never throws; none keeps state. The catalog is asked for the plugins
// that the text names, the column reader for the columns of its source.

namespace itera::dsl::language_server {

struct Problem {
  enum class Level { error, warning, information };
  Diagnostic diagnostic;
  Level level = Level::error;
  bool redundant = false;  ///< the text may simply go: it says again what holds already
};
/// What check() reports and, where it reports no error, what this version does not execute; in the order of
/// the text.
std::vector<Problem> diagnose(SourceMap const& source, Lookup const& lookup);

struct Hover {
  Span span;
  std::string markdown;
};
std::optional<Hover> hover(SourceMap const& source, Outline const& outline, std::uint32_t offset,
                           Lookup const& lookup);

struct Completion {
  enum class Kind { clause, word, plugin, setting, value, column, name };
  Kind kind = Kind::word;
  std::string label;
  std::string insert;
  std::string detail;         ///< one line
  std::string documentation;  ///< Markdown
  std::string filter{};       ///< what is typed to find it; empty: the label
};
struct Completions {
  Span replaces;                  ///< what is typed already of the word, up to the offset; within one line
  std::vector<Completion> items;  ///< the likeliest first
};
Completions complete(SourceMap const& source, std::uint32_t offset, Lookup const& lookup);

struct InText {
  Span name;
  Span whole;
};
struct InFile {
  std::filesystem::path file;
  std::uint32_t line = 1;
};
using Target = std::variant<InText, InFile>;
struct Definition {
  Span origin;  ///< what was asked about
  Target target;
};
std::optional<Definition> definition(Outline const& outline, std::uint32_t offset, Lookup const& lookup);

struct Symbol {
  enum class Kind { experiment, source, arm, metric, category, sprint, iteration, rule };
  Kind kind = Kind::arm;
  std::string name;
  std::string detail;
  Span whole;
  Span span;  ///< of the name, within `whole`
  std::vector<Symbol> children;
};
std::vector<Symbol> symbols(SourceMap const& source, Outline const& outline);

struct Fix {
  Span span;
  std::string replacement;
};
/// The correction that a problem's help offers as "did you mean", if it is one of the word it points at.
std::optional<Fix> fix_of(Diagnostic const& problem, SourceMap const& source);

/// What makes the text into its one layout: nothing if it has a mistake of syntax, no fix if it has the
/// layout already, else one of whole lines, so that a cursor elsewhere stays where it is.
std::optional<std::vector<Fix>> formatted(SourceMap const& source);

}  // namespace itera::dsl::language_server
