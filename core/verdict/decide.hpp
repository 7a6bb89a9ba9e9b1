#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace itera::verdict {

enum class CheckStatus { pass, fail, unproven, not_applicable };
std::string_view to_string(CheckStatus status);

/// Part of the format on disk and of the exit codes: never reorder. From worst to best comes from `rank`.
enum class Outcome { ship, ship_narrowly, kill, inconclusive, invalid };
std::string_view to_string(Outcome outcome);
/// ship > ship narrowly > inconclusive > kill > invalid.
int rank(Outcome outcome);

/// The clauses of the rule as far as they decide. C4 stands for the worst of the slice clauses, C5 for the
/// worst of the categories.
struct Statuses {
  CheckStatus c0 = CheckStatus::pass, c1 = CheckStatus::pass, c2 = CheckStatus::pass, c3 = CheckStatus::pass,
              c4 = CheckStatus::pass, c5 = CheckStatus::pass, c6 = CheckStatus::not_applicable,
              c7 = CheckStatus::not_applicable;
  bool blind = false;                  ///< the test set could not have shown an effect
  bool below_threshold_shown = false;  ///< the interval's high end lies under the threshold
  bool harm_shown = false;             ///< the interval's high end lies under zero
  bool narrow_qualifies = false;       ///< the slices that do not fail carry the decision alone
};

struct Decision {
  Outcome outcome = Outcome::invalid;
  std::string decided_by;  ///< "C3"
};

/// The total verdict order: C0; blind; shown to be below the threshold or harmful; C5, C6, C7; C1, C2, C3;
/// C4; anything unproven; ship. Pure.
Decision decide(Statuses const& s);

}  // namespace itera::verdict
