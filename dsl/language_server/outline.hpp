#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/plugin_info.hpp"
#include "dsl/check/clause.hpp"
#include "dsl/language_server/match.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::language_server {

using meaning::Clause;

/// Something that a text gives a name to.
struct Declared {
  enum class Kind { baseline, arm, control, iteration, metric, secondary, category, column };
  Kind kind = Kind::arm;
  std::string name;
  Span span;           ///< of the name
  Clause clause;       ///< that declares it
  std::string parent;  ///< the arm that it derives from; empty for what derives from nothing
  std::string plugin;  ///< written behind `using`; may be empty
};
bool is_arm(Declared const& declared);  ///< or baseline, control, iteration
std::string_view noun(Declared::Kind kind);

struct ExperimentOutline {
  Clause clause;
  std::string name;
  Span name_span;
  std::vector<Clause> clauses;
  std::vector<Declared> declared;  ///< in the order of the text; a column once for each part of `row`
};

struct UseOutline {
  std::string name;
  Span name_span;
  Clause clause;
};

/// What a text says, as far as it can be told while somebody types. Clauses point into `tree`, so it can be
/// moved but not copied.
struct Outline {
  explicit Outline(std::string_view text);
  Outline(Outline&&) = default;
  Outline& operator=(Outline&&) = default;

  syntax::File tree;
  std::vector<UseOutline> uses;
  std::vector<ExperimentOutline> experiments;
};

/// The clauses of a block that is a `block`.
std::vector<Clause> clauses_in(syntax::Body const& body, Block block);
/// What kind of block the clause has, standing in `where`.
Block block_of(Block where, Clause const& clause);
/// The term that fills `slot` in the clause; null if none does.
syntax::Term const* filled(Match const& match, Clause const& clause, Slot slot);

/// The nearest declaration of `name` that `accept` takes: above `before` if there is one, else below.
Declared const* find(ExperimentOutline const& experiment, std::string_view name,
                     bool (*accept)(Declared const&), std::uint32_t before = static_cast<std::uint32_t>(-1));

/// The plugin whose settings stand in a clause's block.
struct PluginUse {
  ports::PluginKind kind = ports::PluginKind::arm;
  std::string name;                   ///< empty if it is not written
  std::vector<Clause> inherits_from;  ///< of arms: the parents whose settings it has, nearest first
};
/// Nothing if the clause takes no plugin.
std::optional<PluginUse> plugin_of(ExperimentOutline const& experiment, Clause const& clause);

/// The assignments in a clause's block.
std::vector<syntax::Term const*> settings_in(Clause const& clause);

}  // namespace itera::dsl::language_server
