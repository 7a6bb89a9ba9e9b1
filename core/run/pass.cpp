#include "core/run/pass.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <span>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/run/answer.hpp"
#include "core/run/call_json.hpp"
#include "core/run/pace.hpp"
#include "core/run/tagging.hpp"

namespace itera::run {
namespace {

constexpr std::size_t kWindow = 1024;  // cells under way at once, at least: bounds memory, feeds batches
constexpr std::uint32_t kMaxSteps = 64;
constexpr std::uint32_t kAttempts = 3;
// Finished calls and cells are synced together: at most so many, and none waits longer than this for
// others.
constexpr std::size_t kGroup = 4096;
constexpr auto kGroupTime = std::chrono::milliseconds(10);
// Calls that are paid for and not made yet, at most: each group of them is synced once.
constexpr std::size_t kPaidAhead = 256;

using Kind = ports::StepResult::Kind;

constexpr auto kNone = static_cast<std::size_t>(-1);

// Where one cell stands between two steps.
struct Flight {
  std::string key;   // the cell's in the journal; empty without one
  std::string call;  // the open call's
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
  std::size_t judge = kNone;  // which one looks at the output: 0 is the metric's, then the secondary ones
  std::optional<std::string> state, reply;
  std::string label;
  double latency_ms = 0;
  Nano most = 0;  // that the open call can cost
  Purse::Hold hold;
};

// A program that was stopped or never started has finished nothing, nor has a request without a response.
bool has_finished(ports::Reply const& reply) {
  if (auto const* exec = std::get_if<ports::ExecReply>(&reply))
    return exec->status != ports::ExecReply::Status::cancelled &&
           exec->status != ports::ExecReply::Status::not_started;
  auto const& http = std::get<ports::HttpReply>(reply);
  return http.status == ports::HttpReply::Status::done && http.code != 429 && http.code < 500;
}

Nano most_of(ports::Call const& call) {
  return std::visit([](auto const& c) { return c.most_usd ? nano(*c.most_usd) : 0; }, call);
}

class Pass {
 public:
  Pass(plan::Plan const& plan, std::vector<split::Row> const& rows, std::vector<Task> const& tasks,
       Cast& cast, PassOptions const& options, std::vector<Cell>& cells)
      : plan_(plan),
        rows_(rows),
        tasks_(tasks),
        cast_(cast),
        options_(options),
        cells_(behind(cells, tasks.size())),
        ready_(plan.arms.size()),
        judge_ready_(1 + cast.secondaries.size()),
        window_(std::max(kWindow, 2 * cast.caller->most_in_flight())) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      cells_[i].row = tasks[i].row;
      cells_[i].arm = tasks[i].arm;
      cells_[i].trial = tasks[i].trial;
    }
    count_arms();
  }

  Status run() {
    if (auto tagger = Tagger::of(plan_); tagger)
      tagger_ = std::move(*tagger);
    else
      return fail(tagger.error());
    tell();
    while (done_ < tasks_.size()) {
      if (cast_.progress->stop_requested()) {
        if (auto const ok = sync(); !ok) return fail(ok.error());
        return fail(ErrorClass::stopped, "stopped as asked");
      }
      while (next_ < tasks_.size() && next_ - done_ < window_)
        if (auto const ok = begin(next_++); !ok) return fail(ok.error());
      if (auto const ok = step_arms(); !ok) return fail(ok.error());
      for (std::size_t judge = 0; judge < judge_ready_.size(); ++judge)
        if (auto const ok = step_judge(judge); !ok) return fail(ok.error());
      if (auto const ok = submit(); !ok) return fail(ok.error());
      bool const idle = nothing_ready();
      if (idle && cast_.caller->in_flight() > 0 && !due())
        if (auto const ok = collect(); !ok) return fail(ok.error());
      if (auto const ok = commit(); !ok) return fail(ok.error());
      if (due() || (idle && cast_.caller->in_flight() == 0))
        if (auto const ok = sync(); !ok) return fail(ok.error());
      if (out_of_money())
        return fail(does_not_cover(*cast_.purse, most_of(*next_call()),
                                   {options_.name, tasks_.size(), done_, spent_usd_}));
      tell();
    }
    if (auto const ok = sync(); !ok) return fail(ok.error());
    return {};
  }

 private:
  static std::span<Cell> behind(std::vector<Cell>& cells, std::size_t more) {
    auto const before = cells.size();
    cells.resize(before + more);
    return std::span(cells).subspan(before);
  }

  std::string who(std::size_t cell) const {
    return fmt::format("arm `{}`", plan_.arms[cells_[cell].arm].name);
  }

  void count_arms() {
    state_.name = options_.name;
    state_.rows = rows_.size();
    state_.total = tasks_.size();
    place_.assign(plan_.arms.size(), plan_.arms.size());
    for (auto const& task : tasks_) {
      state_.trials = std::max(state_.trials, task.trial + 1);
      auto& place = place_[task.arm];
      if (place == plan_.arms.size()) {
        place = state_.arms.size();
        state_.arms.push_back({plan_.arms[task.arm].name, 0, 0, 0, 0});
      }
      ++state_.arms[place].total;
    }
  }

  void tell() {
    auto const now =
        std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    if (!pace_.at(now, done_, done_ == tasks_.size())) return;
    state_.done = done_;
    state_.per_second = pace_.per_second();
    cast_.progress->tick(state_);
  }

  using Calls = std::deque<std::pair<std::uint64_t, ports::Call>>;

  bool nothing_ready() const {
    auto const none = [](auto const& queues) {
      return std::all_of(queues.begin(), queues.end(), [](auto const& q) { return q.empty(); });
    };
    return none(judge_ready_) && none(ready_);
  }

  Status submit() {
    if (!cast_.purse) {
      make(programs_);
      make(requests_);
      return {};
    }
    auto const before = paid_.size();
    for (auto* const calls : {&programs_, &requests_})
      if (auto const ok = pay(*calls); !ok) return ok;
    // What is paid for is on disk before anybody can be billed.
    if (paid_.size() > before)
      if (auto const ok = sync(); !ok) return ok;
    make(paid_);
    return {};
  }

  void make(Calls& calls) {
    for (; !calls.empty() && cast_.caller->has_room(calls.front().second); calls.pop_front())
      cast_.caller->submit(calls.front().first, std::move(calls.front().second));
  }

  // --- money

  Status pay(Calls& calls) {
    for (; !calls.empty() && paid_.size() < kPaidAhead && cast_.caller->has_room(calls.front().second);
         calls.pop_front()) {
      auto& [cell, call] = calls.front();
      auto& flight = flights_[cell];
      flight.most = most_of(call);
      if (!cast_.purse->affords(flight.most)) return {};
      if (flight.most > 0 && pending_++ == 0) oldest_ = std::chrono::steady_clock::now();
      if (auto const ok = cast_.purse->hold(flight.hold, flight.most); !ok) return ok;
      if (auto* http = std::get_if<ports::HttpCall>(&call))
        http->may_try_again = [this, alive = std::weak_ptr<bool>(alive_), cell = cell](auto ended) {
          if (alive.expired()) return false;
          auto& open = flights_[cell];
          return cast_.purse->hold_again(open.hold, open.most, ended);
        };
      if (flight.most > 0)
        paid_.push_back(std::move(calls.front()));
      else
        cast_.caller->submit(cell, std::move(call));
    }
    return {};
  }

  Status settle(std::size_t cell, MaybeNumber cost) {
    if (!cast_.purse) return {};
    auto& flight = flights_[cell];
    bool const sound = cast_.purse->overdrawn().empty();
    if (auto const ok = cast_.purse->settle(flight.hold, asker(cell, flight.judge),
                                            cost ? std::optional(*cost) : std::nullopt);
        !ok)
      return ok;
    if (sound && !cast_.purse->overdrawn().empty()) cast_.progress->warning(cast_.purse->overdrawn());
    return {};
  }

  bool out_of_money() const {
    return cast_.purse && nothing_ready() && held_.empty() && paid_.empty() &&
           cast_.caller->in_flight() == 0 && done_ < tasks_.size() && next_call() &&
           !cast_.purse->affords(most_of(*next_call()));
  }

  ports::Call const* next_call() const {
    return !requests_.empty()   ? &requests_.front().second
           : !programs_.empty() ? &programs_.front().second
                                : nullptr;
  }

  std::string asker(std::size_t cell, std::size_t judge) const {
    return judge == kNone ? who(cell) : paid_judge(plan_, cells_[cell].arm, judge);
  }

  // --- the journal

  Status begin(std::size_t cell) {
    auto const& task = tasks_[cell];
    std::string key;
    if (cast_.journal) {
      key = Journal::cell_key(cast_.who[task.arm] + (options_.judge ? "" : " unjudged"),
                              rows_[task.row].digest.hex(), task.trial);
      auto stored = cast_.journal->cell(key);
      if (!stored) return fail(stored.error());
      if (*stored) {
        cells_[cell] = std::move(**stored);
        cells_[cell].row = task.row, cells_[cell].arm = task.arm, cells_[cell].trial = task.trial;
        if (!also()) {
          count(cell);
          return {};
        }
        flights_[cell] = flight(cell, std::move(key));
        return judge_also(cell);
      }
    }
    take_off(cell, std::move(key));
    return {};
  }

  bool due() const {
    return pending_ >= kGroup || (pending_ > 0 && std::chrono::steady_clock::now() - oldest_ >= kGroupTime);
  }

  template <class Finished>
  Status store(std::string const& key, Finished const& what) {
    if (!cast_.journal) return {};
    if (pending_++ == 0) oldest_ = std::chrono::steady_clock::now();
    return cast_.journal->put(key, what);
  }

  Status commit() { return cast_.journal ? cast_.journal->commit() : Status{}; }

  // Only now may anything be built on the replies that were held back.
  Status sync() {
    if (auto const ok = commit(); !ok) return ok;
    if (cast_.journal && pending_ > 0)
      if (auto const ok = cast_.journal->sync(); !ok) return ok;
    pending_ = 0;
    for (auto& [cell, reply] : std::exchange(held_, {})) deliver(cell, reply);
    return {};
  }

  void deliver(std::size_t cell, ports::Reply const& reply) {
    auto& flight = flights_[cell];
    if (auto const* http = std::get_if<ports::HttpReply>(&reply)) keep(*http, flight, cells_[cell]);
    if (flight.judge == kNone) flight.latency_ms += ports::latency_ms(reply);
    flight.reply = reply_json(reply);
    (flight.judge == kNone ? ready_[cells_[cell].arm] : judge_ready_[flight.judge]).push_back(cell);
  }

  static void keep(ports::HttpReply const& reply, Flight const& flight, Cell& cell) {
    for (auto const& ended : reply.retries) cell.rest.edit().retries.push_back(ended);
    if (flight.judge != kNone) return;
    if (reply.replayed) cell.rest.edit().replayed = true;
    // Of the answer, which the last call gave.
    if (reply.first_token_ms || cell.rest->first_token_ms)
      cell.rest.edit().first_token_ms =
          reply.first_token_ms ? std::optional(flight.latency_ms + *reply.first_token_ms) : std::nullopt;
  }

  // --- cells

  // Whether the outputs of this pass are scored by secondary metrics too.
  bool also() const { return options_.judge && !cast_.secondaries.empty(); }

  Flight flight(std::size_t cell, std::string key) const {
    auto const& row = rows_[cells_[cell].row];
    Flight out;
    out.key = std::move(key);
    out.seed =
        purpose_key(std::to_string(plan_.seed), fmt::format("cell\x1f{}\x1f{}", row.key, cells_[cell].trial));
    return out;
  }

  void take_off(std::size_t cell, std::string key) {
    flights_[cell] = flight(cell, std::move(key));
    ready_[cells_[cell].arm].push_back(cell);
  }

  // The answer is there: only the verdict on it is asked for once more.
  void judge_again(std::size_t cell) {
    ++cells_[cell].attempts;
    cells_[cell].ending = Ending::scored;
    cells_[cell].rest.edit().error.clear();
    auto& flight = flights_[cell];
    flight.step = 0;
    flight.state.reset();
    flight.reply.reset();
    judge_ready_[0].push_back(cell);
  }

  // Hands the output to a judge, which does not learn whose it is.
  void hand_to(std::size_t judge, std::size_t cell) {
    auto& flight = flights_[cell];
    auto const whose = judge == 0 ? fmt::format("label:{}", cells_[cell].arm)
                                  : fmt::format("label:{}:{}", cells_[cell].arm, judge);
    Flight next;
    next.key = std::move(flight.key);
    next.seed = flight.seed;
    next.judge = judge;
    next.label = fmt::format("{:08x}", purpose_key(std::to_string(flight.seed), whose) >> 32U);
    next.latency_ms = flight.latency_ms;
    flight = std::move(next);
    judge_ready_[judge].push_back(cell);
  }

  // The secondary scores of a cell whose own score stands: those that the journal holds, then one judge after
  // the other.
  Status judge_also(std::size_t cell) {
    auto& c = cells_[cell];
    auto& scores = c.rest.edit().secondaries;
    if (c.ending == Ending::arm_error) scores.assign(plan_.secondaries.size(), {0, {}});
    while (c.ending != Ending::missing && scores.size() < plan_.secondaries.size()) {
      auto const next = scores.size();
      if (cast_.journal) {
        auto const stored = cast_.journal->cell(also_key(cell, next));
        if (!stored) return fail(stored.error());
        if (*stored) {
          scores.push_back(secondary(**stored));
          add_judging(cell, **stored);
          continue;
        }
      }
      hand_to(next + 1, cell);
      return {};
    }
    flights_.erase(cell);
    close(cell);
    return {};
  }

  std::string also_key(std::size_t cell, std::size_t metric) const {
    return Journal::also_key(flights_.at(cell).key, plan_.secondaries[metric].name);
  }

  static SecondaryScore secondary(Cell const& judged) {
    if (judged.ending != Ending::scored) return {std::nullopt, judged.rest->error};
    return {judged.score, {}};
  }

  // What secondary judges cost is judging too.
  void add_judging(std::size_t cell, Cell const& judged) {
    if (!judged.rest->judge_usd) return;
    auto& rest = cells_[cell].rest.edit();
    rest.judge_usd = rest.judge_usd.value_or(0) + *judged.rest->judge_usd;
  }

  Status finish_also(std::size_t cell, Cell const& judged) {
    auto& scores = cells_[cell].rest.edit().secondaries;
    auto const key = also_key(cell, scores.size());
    if (auto const ok = settle(cell, judged.rest->judge_usd); !ok) return ok;
    scores.push_back(secondary(judged));
    add_judging(cell, judged);
    if (auto const ok = store(key, judged); !ok) return ok;
    return judge_also(cell);
  }

  void close(std::size_t cell) {
    bool const keep = options_.keep_output || (options_.keep_first && cells_[cell].trial == 0);
    if (!keep && !cells_[cell].rest->output.empty()) cells_[cell].rest.edit().output = {};
    cells_[cell].rest.shrink();
    count(cell);
  }

  Status finish(std::size_t cell) {
    bool const judged = flights_[cell].judge != kNone;
    if (auto const ok =
            settle(cell, judged ? MaybeNumber(cells_[cell].rest->judge_usd) : cells_[cell].cost_usd);
        !ok)
      return ok;
    cells_[cell].latency_ms =
        cells_[cell].latency_ms > 0 ? cells_[cell].latency_ms : flights_[cell].latency_ms;
    if (cells_[cell].ending == Ending::missing && judged && cells_[cell].attempts < kAttempts) {
      judge_again(cell);
      return {};
    }
    // With a reply that took no time the rest of the way is no latency.
    if (cells_[cell].rest->replayed) cells_[cell].latency_ms = 0;
    if (options_.judge) tagger_->tag(rows_[cells_[cell].row], cells_[cell]);
    if (also() && (cells_[cell].ending != Ending::missing || cells_[cell].attempts == kAttempts)) {
      // With its output, so that a run that is cut short here asks only the judges that are left.
      if (cells_[cell].ending != Ending::missing)
        if (auto const ok = store(flights_[cell].key, cells_[cell]); !ok) return ok;
      return judge_also(cell);
    }
    auto key = std::move(flights_[cell].key);
    flights_.erase(cell);
    if (cells_[cell].ending == Ending::missing && cells_[cell].attempts < kAttempts) {
      auto const attempts = cells_[cell].attempts + 1;
      auto const& task = tasks_[cell];
      auto retries = cells_[cell].rest->retries;
      cells_[cell] = Cell{};
      if (!retries.empty()) cells_[cell].rest.edit().retries = std::move(retries);
      cells_[cell].row = task.row, cells_[cell].arm = task.arm, cells_[cell].trial = task.trial;
      cells_[cell].attempts = attempts;
      take_off(cell, std::move(key));
      return {};
    }
    close(cell);
    // What is missing is tried again by the next run.
    return cells_[cell].ending == Ending::missing ? Status{} : store(key, cells_[cell]);
  }

  void count(std::size_t cell) {
    ++done_;
    auto& arm = state_.arms[place_[cells_[cell].arm]];
    ++arm.done;
    arm.errors += cells_[cell].ending != Ending::scored;
    arm.cost_usd += cells_[cell].cost_usd.value_or(0);
    spent_usd_ += cells_[cell].cost_usd.value_or(0) + cells_[cell].rest->judge_usd.value_or(0);
  }

  // Of whoever is at it: the arm or a judge.
  Status end(std::size_t cell, std::string error) {
    auto const judge = flights_.at(cell).judge;
    if (judge != kNone && judge > 0) {
      Cell judged;
      judged.ending = Ending::judge_error;
      judged.rest.edit().error = std::move(error);
      return finish_also(cell, judged);
    }
    cells_[cell].ending = judge == kNone ? Ending::arm_error : Ending::judge_error;
    cells_[cell].rest.edit().error = std::move(error);
    return finish(cell);
  }

  ports::StepItem item(std::size_t cell) const {
    auto const& flight = flights_.at(cell);
    auto const& row = rows_[cells_[cell].row];
    ports::StepItem out;
    out.handle = cell;
    out.seed = flight.seed;
    out.trial = cells_[cell].trial;
    out.step = flight.step;
    out.row = row.input;
    if (flight.state) out.state = *flight.state;
    if (flight.reply) out.reply = *flight.reply;
    if (flight.judge != kNone) {
      out.output = cells_[cell].rest->output;
      if (row.expected) out.expected = *row.expected;
      out.label = flight.label;
    } else {
      out.key = row.key;
    }
    return out;
  }

  std::vector<ports::StepItem> items(std::vector<std::size_t> const& queue) const {
    std::vector<ports::StepItem> out;
    out.reserve(queue.size());
    for (auto const cell : queue) out.push_back(item(cell));
    return out;
  }

  // True if the result was a call, which is queued.
  Result<bool> queue_call(ports::StepResult const& result, std::size_t cell, std::string const& by) {
    if (result.kind != Kind::call) return false;
    auto call = read_call(result.json, by);
    if (!call) return fail(call.error());
    auto& flight = flights_[cell];
    if (++flight.step > kMaxSteps) {
      if (auto const ok = end(cell, fmt::format("asked for more than {} calls", kMaxSteps)); !ok)
        return fail(ok.error());
      return true;
    }
    // 0 is the arm, then the judges.
    auto const nth = flight.judge == kNone ? 0U : static_cast<std::uint32_t>(flight.judge) + 1;
    if (cast_.journal) {
      flight.call = Journal::call_key(flight.key, flight.step + nth * kMaxSteps, result.json);
      // A row that is tried again wants a new reply.
      auto const stored = cells_[cell].attempts == 1 ? cast_.journal->reply(flight.call)
                                                     : Result<std::optional<ports::Reply>>(std::nullopt);
      if (!stored) return fail(stored.error());
      if (*stored) {
        flight.hold.resumed = true;
        flight.state = std::move(call->state);
        deliver(cell, **stored);
        return true;
      }
    }
    flight.state = std::move(call->state);
    flight.reply.reset();
    if (auto* http = std::get_if<ports::HttpCall>(&call->call)) {
      if (cast_.purse && !http->most_usd)
        return fail(ErrorClass::refused,
                    fmt::format("{}: the most that its call can cost is not known, and the experiment has a "
                                "budget",
                                asker(cell, flight.judge)),
                    "set `max_tokens` and prices (`price_in`, `price_out`, or `most_per_call` of arm `http`) "
                    "in its settings, or leave out `budget`");
      http->trial = cells_[cell].trial;
      http->asker = fmt::format("{}, row `{}`", asker(cell, flight.judge), rows_[cells_[cell].row].key);
      if (!http->ca_file.empty()) http->ca_file = (plan_.spec_folder / http->ca_file).string();
      // With little money left, what was begun is finished first.
      if (cast_.purse && (flight.judge != kNone || flight.step > 1))
        requests_.emplace_front(cell, std::move(call->call));
      else
        requests_.emplace_back(cell, std::move(call->call));
      return true;
    }
    auto& exec = std::get<ports::ExecCall>(call->call);
    auto const arm = cells_[cell].arm;
    exec.pool = nth == 0   ? plan_.arms[arm].name
                : nth == 1 ? "judge"
                           : fmt::format("judge of {}", plan_.secondaries[nth - 2].name);
    exec.folder = plan_.spec_folder;
    if (nth == 0 && !cast_.prepared[arm].empty())
      exec.environment.emplace_back("ITERA_PREPARED", cast_.prepared[arm].string());
    programs_.emplace_back(cell, std::move(call->call));
    return true;
  }

  Status step_arms() {
    for (std::size_t arm = 0; arm < ready_.size(); ++arm) {
      if (ready_[arm].empty()) continue;
      auto const queue = std::exchange(ready_[arm], {});
      auto const batch = items(queue);
      auto const results = cast_.arms[arm]->step(batch);
      if (!results) return fail(results.error());
      for (auto const& result : *results) {
        auto const cell = static_cast<std::size_t>(result.handle);
        auto const called = queue_call(result, cell, who(cell));
        if (!called) return fail(called.error());
        if (*called) continue;
        auto& c = cells_[cell];
        if (auto const ok = read_answer(result, c, who(cell)); !ok) return ok;
        if (c.ending != Ending::scored || !options_.judge) {
          if (auto const ok = finish(cell); !ok) return ok;
          continue;
        }
        if (auto const ok = settle(cell, c.cost_usd); !ok) return ok;
        hand_to(0, cell);
      }
    }
    return {};
  }

  Status step_judge(std::size_t judge) {
    if (judge_ready_[judge].empty()) return {};
    auto const queue = std::exchange(judge_ready_[judge], {});
    auto const batch = items(queue);
    auto const results = (judge == 0 ? cast_.judge : cast_.secondaries[judge - 1])->step(batch);
    if (!results) return fail(results.error());
    auto const by = fmt::format("metric `{}`", judge == 0 ? plan_.metric : plan_.secondaries[judge - 1].name);
    for (auto const& result : *results) {
      auto const cell = static_cast<std::size_t>(result.handle);
      auto const called = queue_call(result, cell, by);
      if (!called) return fail(called.error());
      if (*called) continue;
      if (judge == 0) {
        if (auto const ok = read_score(result, plan_, cells_[cell], by); !ok) return ok;
        if (auto const ok = finish(cell); !ok) return ok;
        continue;
      }
      Cell judged;
      judged.ending = Ending::scored;
      if (auto const ok = read_score(result, plan_, judged, by); !ok) return ok;
      judged.rest.edit().failures.clear();  // failures are tagged by the metric's own judge
      if (auto const ok = finish_also(cell, judged); !ok) return ok;
    }
    return {};
  }

  Status collect() {
    for (auto& [ticket, reply] :
         cast_.caller->wait(pending_ > 0 ? std::optional(kGroupTime) : std::nullopt)) {
      auto const cell = static_cast<std::size_t>(ticket);
      if (auto const* http = std::get_if<ports::HttpReply>(&reply);
          http && http->status == ports::HttpReply::Status::not_recorded)
        return fail(ErrorClass::unavailable, http->error,
                    "a recording answers the calls that it was made of: leave out `--replay` to ask for new "
                    "answers, or record them with `--record`");
      if (cast_.purse)
        if (auto const ok = cast_.purse->replied(flights_[cell].hold, flights_[cell].most, reply); !ok)
          return ok;
      bool const finished = has_finished(reply);
      if (finished)
        if (auto const ok = store(flights_[cell].call, reply); !ok) return ok;
      if (finished && cast_.journal)
        held_.emplace_back(cell, std::move(reply));
      else
        deliver(cell, reply);
    }
    return {};
  }

  plan::Plan const& plan_;
  std::vector<split::Row> const& rows_;
  std::vector<Task> const& tasks_;
  Cast& cast_;
  PassOptions const& options_;
  std::span<Cell> const cells_;  // one for each task
  std::vector<std::vector<std::size_t>> ready_;
  std::vector<std::vector<std::size_t>> judge_ready_;  // the metric's judge, then those of secondary metrics
  Calls programs_, requests_;                          // wait for room, each kind for its own, and for money
  Calls paid_;                                         // wait for room
  double spent_usd_ = 0;                               // of the cells that are done
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // calls may outlive a pass that failed
  std::unordered_map<std::size_t, Flight> flights_;
  std::optional<Tagger> tagger_;
  std::size_t window_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  ports::PassState state_;
  std::vector<std::size_t> place_;  // per arm of the plan: where it stands in state_.arms
  Pace pace_;
  std::vector<std::pair<std::size_t, ports::Reply>> held_;  // until they are on disk
  std::size_t pending_ = 0;                                 // stored and not synced
  std::chrono::steady_clock::time_point oldest_;
};

}  // namespace

std::string paid_judge(plan::Plan const& plan, std::size_t arm, std::size_t judge) {
  return judge == 0
             ? fmt::format("judging `{}`", plan.arms[arm].name)
             : fmt::format("judging `{}` by `{}`", plan.arms[arm].name, plan.secondaries[judge - 1].name);
}

std::vector<Task> interleaved(plan::Plan const& plan, std::vector<split::Row> const& rows,
                              std::vector<std::size_t> const& arms, std::uint32_t from_trial,
                              std::function<std::uint32_t(std::size_t arm)> const& trials_of) {
  std::uint32_t most = 0;
  for (auto const arm : arms) most = std::max(most, trials_of(arm));
  std::vector<Task> out;
  std::size_t each = 0;
  for (auto const arm : arms) each += std::max(trials_of(arm), from_trial) - from_trial;
  out.reserve(rows.size() * each);
  for (auto trial = from_trial; trial < most; ++trial)
    for (std::size_t row = 0; row < rows.size(); ++row) {
      std::vector<std::pair<std::uint64_t, std::size_t>> drawn;
      for (auto const arm : arms)
        if (trial < trials_of(arm))
          drawn.emplace_back(purpose_key(std::to_string(plan.seed),
                                         fmt::format("order\x1f{}\x1f{}\x1f{}", rows[row].key, trial, arm)),
                             arm);
      std::sort(drawn.begin(), drawn.end());
      for (auto const& [_, arm] : drawn)
        out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(arm), trial});
    }
  return out;
}

Result<std::vector<Cell>> run_pass(plan::Plan const& plan, std::vector<split::Row> const& rows,
                                   std::vector<Task> const& tasks, Cast& cast, PassOptions const& options) {
  std::vector<Cell> cells;
  if (auto const ok = run_pass(plan, rows, tasks, cast, options, cells); !ok) return fail(ok.error());
  return cells;
}

Status run_pass(plan::Plan const& plan, std::vector<split::Row> const& rows, std::vector<Task> const& tasks,
                Cast& cast, PassOptions const& options, std::vector<Cell>& cells) {
  return Pass(plan, rows, tasks, cast, options, cells).run();
}

}  // namespace itera::run
