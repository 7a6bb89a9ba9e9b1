#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/verdict/decide.hpp"
#include "core/verdict/imported.hpp"

namespace itera::verdict {

enum class Evidence {
  needed,   ///< the effect must be shown: C3 is a clause
  literal,  ///< the rule's first wording: what is not shown is killed, and there is no C3
};

/// The rule that a file is judged by, and where it comes from.
struct RereadRule {
  spec::ShipRule rule;
  Evidence evidence = Evidence::needed;
  std::string from;            ///< "/rule", "--rule", "the defaults for a file without its rule"
  bool registered = false;     ///< the file's own, so that its recorded checks are of the same clauses
  std::string threshold_from;  ///< "/experiment/threshold_pct"
};

/// One clause on one arm.
struct RereadClause {
  std::string check;                  ///< "C4"
  std::string clause;                 ///< "tier=smb >= -2pp by interval"
  std::optional<CheckStatus> status;  ///< nothing: the file does not hold what it takes
  std::string evidence;               ///< the numbers, or what is missing
  std::vector<std::string> from;      ///< JSON paths of the numbers
  bool no_benefit = false;            ///< it holds, and shows no gain all the same
};

struct RereadArm {
  std::size_t arm = 0;  ///< index into Imported::arms
  std::vector<RereadClause> clauses;
  Decision decision;
  bool whole = false;    ///< every clause could be judged
  bool unshown = false;  ///< killed for what is not shown, which only the first wording does
  std::vector<std::string> ships_for, not_for;
};

struct Reread {
  Outcome outcome = Outcome::inconclusive;
  std::optional<std::size_t> winner;     ///< index into `arms`
  std::size_t speaker = 0;               ///< index into `arms`: whose decision is the experiment's
  std::vector<RereadArm> arms;           ///< candidates, in the file's order
  std::vector<std::string> differences;  ///< from the verdict that stands in the file, one sentence each
};

/// The rule for a file that does not say its own for programs: effect >= threshold_pct, every slice's
/// interval above -2pp. Nothing without a threshold.
std::optional<RereadRule> default_rule(Imported const& data);

/// Decides the file's arms again, clause by clause, from the numbers in it and nothing else. The order of
/// the verdict is that of `decide`; a clause that cannot be judged stops nothing, but for the effect and its
/// evidence: without them nothing ships. Pure.
Reread reread(Imported const& file, RereadRule const& rule);

/// How often an arm that only churns ships by the rule's first wording, at the nearest sizes that were
/// simulated; nothing without a number of test rows.
std::optional<std::string> false_ships(Imported const& data);

}  // namespace itera::verdict
