#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/engine/judging.hpp"
#include "core/engine/lab.hpp"
#include "core/plan/plan_json.hpp"
#include "core/run/prepare.hpp"
#include "core/split/assign.hpp"
#include "core/store/sqlite_store.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

// What an arm's prepare step is given.
struct Lesson {
  std::vector<split::Row> rows;
  std::optional<std::size_t> without;  // in folds: the fold that is left out; 0: none is
  std::string folder() const {         // in folds
    return *without == 0 ? "all" : fmt::format("without-{}", *without);
  }
  // As the ledger has it: no member for a fixed split, null where no fold is left out.
  void write_to(Json& body) const {
    if (without) body["without_fold"] = *without == 0 ? Json() : Json(*without);
  }
  bool is_of(Json const& body) const {
    Json mine = Json::object();
    write_to(mine);
    return body.contains("without_fold") == without.has_value() &&
           body.value("without_fold", Json()) == mine.value("without_fold", Json());
  }
  std::string says() const {
    return !without        ? fmt::format("{} train rows", rows.size())
           : *without == 0 ? fmt::format("all {} rows that are not test's", rows.size())
                           : fmt::format("{} rows without fold {}", rows.size(), *without);
  }
};

// The digest of the folder that the arm's prepare step made from the present rows. What was learnt from the
// rows of an earlier split is not used.
std::optional<std::string> prepared_digest(plan::Ledger const& ledger, plan::PlannedArm const& arm,
                                           Lesson const& lesson) {
  auto const* split = ledger.last("split");
  std::optional<std::string> out;
  for (auto const& entry : ledger.entries())
    if (entry.kind == "prepared" && split && entry.seq > split->seq)
      if (auto const body = Json::parse(entry.body_json);
          body.at("arm") == arm.name && body.at("arm_digest") == plan::arm_digest(arm) && lesson.is_of(body))
        out = body.at("digest").get<std::string>();
  return out;
}

Result<Learnt> learn(Lab& lab, run::Cast& cast, Lesson const& lesson) {
  Learnt out;
  out.prepared.resize(lab.plan.arms.size());
  for (std::size_t i = 0; i < lab.plan.arms.size(); ++i) {
    auto const& arm = lab.plan.arms[i];
    auto const known = prepared_digest(lab.ledger, arm, lesson);
    auto folder = lab.folder.state() / "prepared" / arm.name;
    if (lesson.without) folder /= lesson.folder();
    auto const made = run::prepare(lab.plan, i, lesson.rows, folder, known, cast);
    if (!made) return fail(made.error());
    out.who.push_back(sha256(fmt::format("{}\x1f{}\x1f{}", plan::frame_digest(lab.plan),
                                         plan::arm_digest(arm), *made ? (*made)->digest : "")));
    if (!*made) continue;
    out.prepared[i] = (*made)->folder;
    if (known) continue;
    Json body = {{"arm", arm.name},
                 {"arm_digest", plan::arm_digest(arm)},
                 {"train_rows", lesson.rows.size()},
                 {"digest", (*made)->digest}};
    lesson.write_to(body);
    if (auto const ok = lab.note("prepared", body, {{"latency_ms", (*made)->latency_ms}}); !ok)
      return fail(ok.error());
    lab.with.progress.note(
        fmt::format("prepared `{}` on {} in {:.1f} s", arm.name, lesson.says(), (*made)->latency_ms / 1000));
  }
  return out;
}

// In folds all lessons are over before the pilot, so that nothing moves after the registration.
Status teach(Lab& lab, run::Cast& cast, std::vector<split::Row> const& train) {
  if (!in_folds(lab.ledger)) {
    auto const learnt = learn(lab, cast, {train, std::nullopt});
    if (!learnt) return fail(learnt.error());
    use(cast, *learnt);
    return {};
  }
  auto const dev = lab.seal.open(split::Part::dev, bound_to(lab));
  if (!dev) return fail(dev.error());
  Folds folds{split::dev_folds(lab.plan, *dev), {}, false};
  for (std::size_t left_out = 0; left_out <= split::kFolds; ++left_out) {
    Lesson lesson{{}, left_out};
    if (left_out != 1) lesson.rows = train;
    for (std::size_t i = 0; i < dev->size(); ++i)
      if (folds.of_dev[i] != left_out) lesson.rows.push_back((*dev)[i]);
    auto learnt = learn(lab, cast, lesson);
    if (!learnt) return fail(learnt.error());
    folds.differ = folds.differ || std::any_of(learnt->prepared.begin(), learnt->prepared.end(),
                                               [](auto const& folder) { return !folder.empty(); });
    folds.without.push_back(std::move(*learnt));
  }
  use(cast, folds.without[1]);
  lab.folds = std::move(folds);
  return {};
}

// Made before the first answer is paid for; once it was, it may not be gone.
Status open_journal(Lab& lab) {
  bool const begun = lab.ledger.has("pilot");
  auto store = store::open(lab.folder.store(), lab.plan.name,
                           begun ? store::Open::existing : store::Open::existing_or_new);
  if (!store) return fail(store.error());
  lab.store = std::move(*store);
  auto journal = run::Journal::open(*lab.store, lab.seal);
  if (!journal) return fail(journal.error());
  lab.journal = std::move(*journal);
  // Answers of a recording cost nothing.
  if (lab.plan.budget_usd && !lab.with.replayed) lab.purse.emplace(*lab.journal, *lab.plan.budget_usd);
  return {};
}

}  // namespace

Result<run::Cast> cast_phase(Lab& lab, std::vector<split::Row> const& train) {
  if (auto const ok = open_journal(lab); !ok) return fail(ok.error());
  run::Cast cast;
  cast.journal = &*lab.journal;
  if (lab.purse) cast.purse = &*lab.purse;
  cast.caller = &lab.with.caller;
  cast.progress = &lab.with.progress;
  for (auto const& arm : lab.plan.arms) {
    auto made = lab.with.actors.arm(arm.actor.info, arm.actor.settings_json);
    if (!made) return fail(made.error());
    cast.arms.push_back(std::move(*made));
  }
  auto judge = make_judge(lab, lab.plan.judge);
  if (!judge) return fail(judge.error());
  cast.judge = std::move(*judge);
  for (auto const& metric : lab.plan.secondaries) {
    auto made = lab.with.actors.judge(metric.judge.info, metric.judge.settings_json);
    if (!made) return fail(made.error());
    cast.secondaries.push_back(std::move(*made));
  }

  if (auto const ok = teach(lab, cast, train); !ok) return fail(ok.error());
  return cast;
}

}  // namespace itera::engine
