#pragma once
#include <optional>
#include <utility>
#include <vector>

#include "dsl/check/arms.hpp"
#include "dsl/check/report.hpp"

/// What can only be said of an experiment when all of its clauses were read.
namespace itera::dsl::meaning {

/// The plugins that a spec names, beside its arms; nothing where a clause has a mistake.
struct NamedPlugins {
  ports::PluginInfo const* source = nullptr;
  ports::PluginInfo const* judge = nullptr;
  ports::PluginInfo const* second_judge = nullptr;  ///< of the crosscheck
  std::vector<std::pair<ports::PluginInfo const*, spec::Actor>> secondary_judges;
};

/// R4: a mean and its noise need three trials wherever chance has a part. `written`: where the spec says how
/// many.
void enough_trials(Report& report, spec::Experiment const& experiment, std::vector<ArmDraft> const& arms,
                   NamedPlugins const& plugins, std::optional<Span> written);

/// M5. Whether the answers are a closed set only the rows could tell, and those are not read here.
void judge_by_chance(Report& report, spec::Experiment const& experiment, NamedPlugins const& plugins);

/// R8. A judge that is a model does not judge arms of its own family alone, and its second is of another.
void another_family(Report& report, spec::Experiment const& experiment, std::vector<ArmDraft> const& arms,
                    NamedPlugins const& plugins);

/// Looks up the columns of the source and holds the spec against them. Names of columns may be read at any
/// time; rows never here. `row_known`: the clause `row` was read without a mistake.
void look_up_columns(Report& report, spec::Experiment const& experiment, std::vector<ArmDraft> const& arms,
                     NamedPlugins const& plugins, bool row_known);

}  // namespace itera::dsl::meaning
