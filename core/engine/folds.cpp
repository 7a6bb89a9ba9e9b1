#include "core/engine/folds.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/split/assign.hpp"

namespace itera::engine {

void use(run::Cast& cast, Learnt const& learnt) {
  // A program that stays up has read ITERA_PREPARED: it would answer with what it learnt from other rows.
  if (cast.prepared != learnt.prepared) cast.caller->close_pools();
  cast.prepared = learnt.prepared;
  cast.who = learnt.who;
}

bool in_folds(plan::Ledger const& ledger) {
  auto const* entry = ledger.last("split");
  return entry && nlohmann::json::parse(entry->body_json).contains("folds");
}

Status run_folds(plan::Plan const& plan, std::vector<split::Row> const& dev,
                 std::vector<run::Task> const& tasks, run::Cast& cast, Folds const& folds,
                 run::PassOptions const& options, std::vector<run::Cell>& cells) {
  // Without a prepare step every fold is answered by the same arms.
  if (!folds.differ) return run::run_pass(plan, dev, tasks, cast, options, cells);
  for (std::size_t fold = 2; fold <= split::kFolds; ++fold) {
    std::vector<run::Task> mine;
    std::copy_if(tasks.begin(), tasks.end(), std::back_inserter(mine),
                 [&](run::Task const& task) { return folds.of_dev[task.row] == fold; });
    use(cast, folds.without[fold]);
    auto one = options;
    one.name = fmt::format("{}, fold {} of {}", options.name, fold, split::kFolds);
    if (auto const ok = run::run_pass(plan, dev, mine, cast, one, cells); !ok) return ok;
  }
  return {};
}

}  // namespace itera::engine
