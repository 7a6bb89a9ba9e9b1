#pragma once
#include <optional>
#include <vector>

#include "core/verdict/reread.hpp"

namespace itera::verdict {

/// Numbers of a file are decimals that were rounded in binary: what differs by less is equal.
constexpr double kSlack = 1e-12;
inline bool reaches(double value, double bound) {
  return value >= bound - kSlack;
}
inline CheckStatus pass_if(bool ok) {
  return ok ? CheckStatus::pass : CheckStatus::fail;
}

/// The effect of an arm, or the difference of the two scores where the file gives no effect.
ImportedEffect effect_of(Imported const& data, std::size_t arm);
/// The same on one slice.
ImportedEffect effect_of(Imported const& data, std::size_t arm, std::string const& slice);
/// "+3.1pp [-0.4pp, +6.6pp] on 212 rows"
std::string describe(ImportedEffect const& effect);
/// The threshold on the effect as a fraction; a relative one needs the baseline's score.
std::optional<double> threshold_of(Imported const& data, spec::ShipRule const& rule);
/// Whether the evidence is tested against the threshold, and not against no effect: so under non-inferiority
/// and by interval.
bool at_threshold(spec::ShipRule const& rule);
/// One-sided p of "no effect" as recorded or, better, from the interval's parts; `at_threshold`: of "no
/// effect beyond the threshold" of the file's own rule.
std::optional<double> p_of(ImportedArm const& arm, bool at_threshold);
/// What C3 goes by: nothing where the file holds no p of what the rule asks.
std::optional<double> deciding_p(RereadRule const& rule, ImportedArm const& arm);
/// The distance from the threshold, where the file has that of this rule.
ImportedDistance const* distance_of(RereadRule const& rule, ImportedArm const& arm);
/// The noise floor, as recorded or from the trials; nothing if neither is there.
struct ImportedNoise {
  double floor = 0;
  bool enough_trials = false;
};
std::optional<ImportedNoise> noise_of(Imported const& data, std::size_t arm);

/// Each gives the clauses of one check on one arm. `p_adjusted` is Holm's over the arms.
RereadClause reread_integrity(Imported const& data, std::size_t arm);
RereadClause reread_effect(Imported const& data, RereadRule const& rule, std::size_t arm);
RereadClause reread_noise(Imported const& data, RereadRule const& rule, std::size_t arm);
RereadClause reread_evidence(Imported const& data, RereadRule const& rule, std::size_t arm,
                             std::optional<double> p_adjusted);
/// `failing` gets the ids of the slices that fail.
std::vector<RereadClause> reread_slices(Imported const& data, RereadRule const& rule, std::size_t arm,
                                        std::vector<std::string>& failing);
std::vector<RereadClause> reread_categories(Imported const& data, RereadRule const& rule, std::size_t arm);
/// The sum of severity weight x failures, of own files whose rule has it; nothing otherwise.
std::optional<RereadClause> reread_sum(Imported const& data, RereadRule const& rule, std::size_t arm);
/// The sum against other arms that ship and lie within the threshold; nothing where the arm's is not higher.
std::optional<RereadClause> reread_milder(Imported const& data, RereadRule const& rule, std::size_t arm,
                                          std::vector<std::size_t> const& shipping);
RereadClause reread_severity(Imported const& data, std::size_t arm);
std::vector<RereadClause> reread_guards(Imported const& data, RereadRule const& rule, std::size_t arm);

spec::SliceMode mode_of(spec::ShipRule const& rule, std::string const& category);
/// Of a count that rose: whether the recorded exact test shows it. Nothing is assessed without its p.
void judge_rise(RereadClause& clause, std::optional<double> p_rise);

/// The categories that a rule guards: the heaviest, and those that it names.
std::vector<ImportedCategory const*> guarded(Imported const& data, spec::ShipRule const& rule);

}  // namespace itera::verdict
