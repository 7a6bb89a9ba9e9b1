#include <algorithm>
#include <memory>
#include <ostream>
#include <thread>

#include <fmt/format.h>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/outcome_code.hpp"
#include "core/cli/system_clock.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/json.hpp"
#include "core/cli/view/terminal_progress.hpp"
#include "core/host/actors.hpp"
#include "core/host/caller.hpp"
#include "core/host/recording.hpp"
#include "core/host/whereabouts.hpp"
#include "core/plan/compile.hpp"
#include "core/plan/pin.hpp"
#include "dsl/check/executable.hpp"

namespace itera::cli {
namespace {

int code_of(engine::RunResult const& result) {
  if (result.interrupted) return exit_code::interrupted;
  return result.outcome ? cli::code_of(*result.outcome) : exit_code::ok;
}

// After the spec itself is found right, what fails is a failure of the run, not of the command line.
int say_run_error(Context const& context, Error error) {
  if (error.kind == ErrorClass::invalid) error.kind = ErrorClass::unavailable;
  return say_error(context, error);
}

// Settings that a plugin refuses would be found when the frame is locked, and a report that cannot be written
// when the money is spent and the test set is open. So the actors are made once, before anything else, and
// let go; an arm that reads its outputs from a file is made when they are wanted.
Status try_actors(plan::Plan const& plan, ports::Actors& actors) {
  auto const tried = [](plan::PinnedActor const& pinned, auto const& made) -> Status {
    if (made) return {};
    return fail(made.error().kind, plan::with_file_names(pinned, made.error().what), made.error().help);
  };
  for (auto const& pinned : plan.reporters)
    if (auto const ok = tried(pinned, actors.reporter(pinned.info, pinned.settings_json)); !ok) return ok;
  for (auto const& arm : plan.arms)
    if (!ports::has_trait(arm.actor.info, "recorded"))
      if (auto const ok = tried(arm.actor, actors.arm(arm.actor.info, arm.actor.settings_json)); !ok)
        return ok;
  for (auto const& metric : plan.secondaries)
    if (auto const ok = tried(metric.judge, actors.judge(metric.judge.info, metric.judge.settings_json)); !ok)
      return ok;
  if (plan.crosscheck) {
    auto const& second = plan.crosscheck->judge;
    if (auto const ok = tried(second, actors.judge(second.info, second.settings_json)); !ok) return ok;
  }
  return tried(plan.judge, actors.judge(plan.judge.info, plan.judge.settings_json));
}

}  // namespace

int run_experiment(Context const& context, RunArguments const& arguments) {
  host::name_crashes();
  auto catalog = make_catalog();
  auto const loaded = load(context, arguments.spec, catalog);
  if (!loaded) return exit_code::usage;
  if (!context.json) view::human_problems(context, loaded->source, loaded->problems);
  if (loaded->experiments.empty()) {
    if (context.json) view::json_problems(context.out, loaded->source, loaded->problems);
    return exit_code::usage;
  }
  auto const* chosen = choose(context, *loaded, arguments.experiment);
  if (!chosen) return exit_code::usage;
  // A clause that would be read over in silence would be a promise broken: nothing is locked then.
  if (auto const refused = dsl::not_executed(*chosen).sorted(); !refused.empty()) {
    context.json ? view::json_problems(context.out, loaded->source, refused)
                 : view::human_problems(context, loaded->source, refused);
    return exit_code::usage;
  }
  auto const compiled = plan::compile(*chosen, catalog, loaded->folder, !arguments.replay);
  if (!compiled) return say_error(context, compiled.error());

  view::TerminalProgress progress(context.err, context.terminal);
  host::CallerOptions options;
  options.capacity =
      arguments.workers > 0 ? arguments.workers : std::max(1U, std::thread::hardware_concurrency());
  options.cancelled = [&] { return progress.stop_requested(); };
  host::HostCaller caller(options, plan::secrets_of(*compiled));
  host::PluginActors actors(catalog, [&] { return progress.stop_requested(); });
  if (auto const ok = try_actors(*compiled, actors); !ok) return say_error(context, ok.error());
  SystemClock clock;
  std::unique_ptr<host::RecordingCaller> recording;
  std::unique_ptr<host::ReplayingCaller> replaying;
  ports::Caller* asked = &caller;
  if (arguments.record) {
    auto opened = host::RecordingCaller::open(*arguments.record, compiled->name, clock.now_utc(),
                                              plan::secrets_of(*compiled), caller);
    if (!opened) return say_error(context, opened.error());
    asked = (recording = std::move(*opened)).get();
  }
  if (arguments.replay) {
    auto opened = host::ReplayingCaller::open(*arguments.replay, caller);
    if (!opened) return say_error(context, opened.error());
    asked = (replaying = std::move(*opened)).get();
  }
  std::optional<std::filesystem::path> out;
  if (arguments.out) out = *arguments.out;
  auto const result = engine::run(*compiled, {loaded->folder, out, arguments.until},
                                  {actors, *asked, clock, progress, ITERA_VERSION,
                                   replaying ? std::optional(replaying->recorded()) : std::nullopt});
  if (recording && !recording->trouble())
    progress.warning(fmt::format("{}: the recording is not whole", recording->trouble().error().what));
  progress.close();
  if (!result) return say_run_error(context, result.error());
  auto const code = code_of(*result);
  context.json ? view::json_result(context.out, *compiled, *result, code)
               : view::human_result(context.out, *result);
  return code;
}

}  // namespace itera::cli
