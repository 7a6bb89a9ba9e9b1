#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/rational.hpp"
#include "core/base/result.hpp"
#include "core/ports/caller.hpp"
#include "core/run/journal.hpp"

namespace itera::run {

/// Money in whole billionths of a dollar, so that sums are exact. What is not whole is rounded up.
using Nano = std::int64_t;
Nano nano(double usd);
double dollars(Nano amount);
/// "$12.30", "$0.0042", "$0".
std::string money(double usd);

/// What an experiment may spend. Every call is paid for before it is made with the most that it can cost, in
/// the journal as well, and settled when its answer has said what it did cost: so the budget holds whatever
/// happens to the process. Used from one thread; the journal must outlive it.
class Purse {
 public:
  /// What the calls of one answer, or of one score, hold. Begins empty; one that is dropped before settle()
  /// stays paid in full.
  struct Hold {
    std::string key;               ///< in the journal
    Nano certain = 0;              ///< of calls that are open or were answered
    Nano sunk = 0;                 ///< of attempts that may be billed and gave no answer
    Nano bound = 0;                ///< the most that all calls together could cost, each tried once
    std::uint32_t paid_again = 0;  ///< attempts of the open call that were paid for after its first
    bool resumed = false;          ///< an earlier process paid for some of the calls that the cost will be of
    std::uint32_t answered = 0;    ///< calls that were made now and answered
  };

  /// Begins with what earlier processes paid.
  Purse(Journal& journal, Rational budget_usd);

  Nano budget() const { return budget_; }
  Nano spent() const { return spent_; }        ///< settled, of earlier processes, or lost with attempts
  Nano reserved() const { return reserved_; }  ///< for calls that are not settled
  Nano left() const { return budget_ - spent_ - reserved_; }
  bool affords(Nano most) const { return most == 0 || most <= left(); }

  /// Before a call is made, which must wait until the journal is synced. Precondition: affords(most).
  Status hold(Hold& hold, Nano most);
  /// Before another attempt of a call; false if there is no money for it. The entry is committed.
  bool hold_again(Hold& hold, Nano most, std::string_view ended);
  Status replied(Hold& hold, Nano most, ports::Reply const& reply);
  /// The answer or score is there, or will never be. `by` names who was paid: it keeps the greatest bound.
  /// Empties the hold.
  Status settle(Hold& hold, std::string const& by, std::optional<double> cost_usd);

  /// The most that one answer or score of `by` could cost so far; 0 if it never made a call that costs.
  Nano bound(std::string const& by) const;
  /// The first one that cost more than its calls could: the sentence; empty if none did.
  std::string const& overdrawn() const { return overdrawn_; }

 private:
  Status write(Hold& hold, std::string const& by);

  Journal* journal_;
  Nano budget_, spent_ = 0, reserved_ = 0;
  std::map<std::string, Nano, std::less<>> bounds_;
  std::string overdrawn_;
};

/// How far a pass is.
struct PaidPass {
  std::string name;
  std::size_t answers = 0, done = 0;
  double done_usd = 0;  ///< what those that are done did cost, judging included
};

/// That the rest does not cover the next call although nothing is under way: what is spent, what is reserved,
/// what the call can cost, what is left to do and about how much that needs.
Error does_not_cover(Purse const& purse, Nano most, PaidPass const& pass);

}  // namespace itera::run
