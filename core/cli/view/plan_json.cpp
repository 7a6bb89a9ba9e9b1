#include "core/plan/plan_json.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/cli/view/json.hpp"
#include "core/cli/view/outlook.hpp"
#include "core/cli/view/plan.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;

template <class T>
Json maybe(std::optional<T> const& value) {
  return value ? Json(*value) : Json();
}

Json from(engine::RowsFrom rows) {
  constexpr char const* words[] = {nullptr, "sample", "source", "traffic", "split"};
  auto const* word = words[static_cast<int>(rows)];
  return word ? Json(word) : Json();
}

Json standing_json(std::optional<engine::Standing> const& standing) {
  if (!standing) return nullptr;
  constexpr std::string_view phases[] = {"frame", "source", "pilot", "dev", "test"};
  auto const done = static_cast<std::size_t>(standing->done);
  return {{"folder", standing->folder.string()},
          {"done", phases[done]},
          {"next", done + 1 < std::size(phases) ? Json(phases[done + 1]) : Json()},
          {"moved", {{"frame", standing->moved_frame}, {"registration", standing->moved_registration}}}};
}

Json slices_json(engine::Preview const& preview) {
  Json out = Json::array();
  for (auto const& slice : preview.slices)
    out.push_back({{"column", slice.column},
                   {"value", slice.value},
                   {"train", slice.train},
                   {"dev", slice.dev},
                   {"test", slice.test}});
  return out;
}

Json entities_json(engine::Preview const& preview) {
  if (!preview.entities) return nullptr;
  auto const& [train, dev, test] = *preview.entities;
  return {{"train", train}, {"dev", dev}, {"test", test}};
}

Json calls_json(engine::Preview const& preview) {
  Json out = Json::array();
  for (auto const& arm : preview.calls)
    out.push_back({{"arm", arm.arm},
                   {"trials", arm.trials},
                   {"pilot", arm.pilot},
                   {"determinism", maybe(arm.determinism)},
                   {"dev", maybe(arm.dev)},
                   {"test", maybe(arm.test)},
                   {"answers", maybe(arm.answers)},
                   {"judged", maybe(arm.judged)}});
  return out;
}

Json power_json(engine::Preview const& preview) {
  Json out = Json::array();
  for (auto const& line : preview.power) {
    Json slices = Json::array();
    for (auto const& least : line.by_slice) slices.push_back(maybe(least));
    out.push_back({{"discordance", line.discordance},
                   {"least_effect", maybe(line.detectable)},
                   {"rows_for_threshold", maybe(line.rows_needed)},
                   {"least_effect_by_slice", slices}});
  }
  return out;
}

Json locks_json(engine::Preview const& preview) {
  Json out = Json::array();
  for (auto const& lock : preview.locks)
    out.push_back({{"name", lock.name},
                   {"when", lock.when},
                   {"covers", lock.covers},
                   {"digest", lock.digest.empty() ? Json() : Json(lock.digest)},
                   {"entry", maybe(lock.entry)}});
  return out;
}

}  // namespace

void json_plan(std::ostream& out, PlanView const& view, SourceMap const& source,
               std::vector<Diagnostic> const& not_executed) {
  auto const& preview = view.preview;
  out << canonical(
             {{"ok", true},
              {"plan", plan::to_json(view.plan)},
              {"rule", rule_json(view.plan)},
              {"standing", standing_json(view.standing)},
              {"rows",
               {{"train", maybe(preview.train)}, {"dev", maybe(preview.dev)}, {"test", maybe(preview.test)}}},
              {"entities", entities_json(preview)},
              {"rows_from", from(preview.rows_from)},
              {"folds", preview.folds ? Json(5) : Json()},
              {"distribution", view.standing && view.standing->split
                                   ? Json::parse(view.standing->split->distribution_json)
                                   : Json::array()},
              {"source_rows", maybe(preview.source_rows)},
              {"slices", slices_json(preview)},
              {"slices_from", from(preview.slices_from)},
              {"calls", calls_json(preview)},
              {"answers", maybe(preview.answers)},
              {"power", power_json(preview)},
              {"rule_of_thumb", preview.heuristic},
              {"outlook", outlook_json(view)},
              {"locks", locks_json(preview)},
              {"not_executed", diagnostics_json(source, not_executed)}})
      << "\n";
}

}  // namespace itera::cli::view
