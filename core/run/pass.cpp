#include "core/run/pass.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/run/answer.hpp"
#include "core/run/call_json.hpp"
#include "core/run/pace.hpp"

namespace itera::run {
namespace {

constexpr std::size_t kWindow = 1024;  // cells under way at once, at least: bounds memory, feeds batches
constexpr std::uint32_t kMaxSteps = 64;
constexpr std::uint32_t kAttempts = 3;
// Finished calls and cells are synced together: at most so many, and none waits longer than this for
// others.
constexpr std::size_t kGroup = 4096;
constexpr auto kGroupTime = std::chrono::milliseconds(10);

using Kind = ports::StepResult::Kind;

// Where one cell stands between two steps.
struct Flight {
  std::string key;   // the cell's in the journal; empty without one
  std::string call;  // the open call's
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
  bool judging = false;
  std::optional<std::string> state, reply;
  std::string label;
  double latency_ms = 0;
};

// A program that was stopped or never started has finished nothing, nor has a request without a response.
bool has_finished(ports::Reply const& reply) {
  if (auto const* exec = std::get_if<ports::ExecReply>(&reply))
    return exec->status != ports::ExecReply::Status::cancelled &&
           exec->status != ports::ExecReply::Status::not_started;
  auto const& http = std::get<ports::HttpReply>(reply);
  return http.status == ports::HttpReply::Status::done && http.code != 429 && http.code < 500;
}

class Pass {
 public:
  Pass(plan::Plan const& plan, std::vector<split::Row> const& rows, std::vector<Task> const& tasks,
       Cast& cast, PassOptions const& options)
      : plan_(plan),
        rows_(rows),
        tasks_(tasks),
        cast_(cast),
        options_(options),
        cells_(tasks.size()),
        ready_(plan.arms.size()),
        window_(std::max(kWindow, 2 * cast.caller->most_in_flight())) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      cells_[i].row = tasks[i].row;
      cells_[i].arm = tasks[i].arm;
      cells_[i].trial = tasks[i].trial;
    }
    count_arms();
  }

  Result<std::vector<Cell>> run() {
    tell();
    while (done_ < tasks_.size()) {
      if (cast_.progress->stop_requested()) {
        if (auto const ok = sync(); !ok) return fail(ok.error());
        return fail(ErrorClass::stopped, "stopped as asked");
      }
      while (next_ < tasks_.size() && next_ - done_ < window_)
        if (auto const ok = begin(next_++); !ok) return fail(ok.error());
      if (auto const ok = step_arms(); !ok) return fail(ok.error());
      if (auto const ok = step_judge(); !ok) return fail(ok.error());
      submit(programs_);
      submit(requests_);
      bool const idle = judge_ready_.empty() &&
                        std::all_of(ready_.begin(), ready_.end(), [](auto const& q) { return q.empty(); });
      if (idle && cast_.caller->in_flight() > 0 && !due())
        if (auto const ok = collect(); !ok) return fail(ok.error());
      if (auto const ok = commit(); !ok) return fail(ok.error());
      if (due() || (idle && cast_.caller->in_flight() == 0))
        if (auto const ok = sync(); !ok) return fail(ok.error());
      tell();
    }
    if (auto const ok = sync(); !ok) return fail(ok.error());
    return std::move(cells_);
  }

 private:
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

  void submit(std::deque<std::pair<std::uint64_t, ports::Call>>& calls) {
    for (; !calls.empty() && cast_.caller->has_room(calls.front().second); calls.pop_front())
      cast_.caller->submit(calls.front().first, std::move(calls.front().second));
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
        count(cell);
        return {};
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
    if (!flight.judging) flight.latency_ms += ports::latency_ms(reply);
    flight.reply = reply_json(reply);
    (flight.judging ? judge_ready_ : ready_[cells_[cell].arm]).push_back(cell);
  }

  // --- cells

  void take_off(std::size_t cell, std::string key) {
    auto const& row = rows_[cells_[cell].row];
    Flight flight;
    flight.key = std::move(key);
    flight.seed =
        purpose_key(std::to_string(plan_.seed), fmt::format("cell\x1f{}\x1f{}", row.key, cells_[cell].trial));
    flights_[cell] = std::move(flight);
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
    judge_ready_.push_back(cell);
  }

  Status finish(std::size_t cell) {
    cells_[cell].latency_ms =
        cells_[cell].latency_ms > 0 ? cells_[cell].latency_ms : flights_[cell].latency_ms;
    if (cells_[cell].ending == Ending::missing && flights_[cell].judging &&
        cells_[cell].attempts < kAttempts) {
      judge_again(cell);
      return {};
    }
    auto key = std::move(flights_[cell].key);
    flights_.erase(cell);
    if (cells_[cell].ending == Ending::missing && cells_[cell].attempts < kAttempts) {
      auto const attempts = cells_[cell].attempts + 1;
      auto const& task = tasks_[cell];
      cells_[cell] = Cell{};
      cells_[cell].row = task.row, cells_[cell].arm = task.arm, cells_[cell].trial = task.trial;
      cells_[cell].attempts = attempts;
      take_off(cell, std::move(key));
      return {};
    }
    bool const keep = options_.keep_output || (options_.keep_first && cells_[cell].trial == 0);
    if (!keep && !cells_[cell].rest->output.empty()) cells_[cell].rest.edit().output = {};
    cells_[cell].rest.shrink();
    count(cell);
    // What is missing is tried again by the next run.
    return cells_[cell].ending == Ending::missing ? Status{} : store(key, cells_[cell]);
  }

  void count(std::size_t cell) {
    ++done_;
    auto& arm = state_.arms[place_[cells_[cell].arm]];
    ++arm.done;
    arm.errors += cells_[cell].ending != Ending::scored;
    arm.cost_usd += cells_[cell].cost_usd.value_or(0);
  }

  Status end(std::size_t cell, Ending ending, std::string error) {
    cells_[cell].ending = ending;
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
    if (flight.judging) {
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
      if (auto const ok = end(cell, flight.judging ? Ending::judge_error : Ending::arm_error,
                              fmt::format("asked for more than {} calls", kMaxSteps));
          !ok)
        return fail(ok.error());
      return true;
    }
    if (cast_.journal) {
      flight.call =
          Journal::call_key(flight.key, flight.step + (flight.judging ? kMaxSteps : 0), result.json);
      // A row that is tried again wants a new reply.
      auto const stored = cells_[cell].attempts == 1 ? cast_.journal->reply(flight.call)
                                                     : Result<std::optional<ports::Reply>>(std::nullopt);
      if (!stored) return fail(stored.error());
      if (*stored) {
        flight.state = std::move(call->state);
        deliver(cell, **stored);
        return true;
      }
    }
    flight.state = std::move(call->state);
    flight.reply.reset();
    if (auto* http = std::get_if<ports::HttpCall>(&call->call)) {
      http->trial = cells_[cell].trial;
      if (!http->ca_file.empty()) http->ca_file = (plan_.spec_folder / http->ca_file).string();
      requests_.emplace_back(cell, std::move(call->call));
      return true;
    }
    auto& exec = std::get<ports::ExecCall>(call->call);
    auto const arm = cells_[cell].arm;
    exec.pool = flight.judging ? "judge" : plan_.arms[arm].name;
    exec.folder = plan_.spec_folder;
    if (!flight.judging && !cast_.prepared[arm].empty())
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
        auto& flight = flights_[cell];
        auto const latency = flight.latency_ms;
        auto const seed = flight.seed;
        flight = Flight{
            std::move(flight.key),
            {},
            seed,
            0,
            true,
            {},
            {},
            fmt::format("{:08x}", purpose_key(std::to_string(seed), "label:" + std::to_string(c.arm)) >> 32U),
            latency};
        judge_ready_.push_back(cell);
      }
    }
    return {};
  }

  Status step_judge() {
    if (judge_ready_.empty()) return {};
    auto const queue = std::exchange(judge_ready_, {});
    auto const batch = items(queue);
    auto const results = cast_.judge->step(batch);
    if (!results) return fail(results.error());
    for (auto const& result : *results) {
      auto const cell = static_cast<std::size_t>(result.handle);
      auto const by = fmt::format("metric `{}`", plan_.metric);
      auto const called = queue_call(result, cell, by);
      if (!called) return fail(called.error());
      if (*called) continue;
      if (auto const ok = read_score(result, plan_, cells_[cell], by); !ok) return ok;
      if (auto const ok = finish(cell); !ok) return ok;
    }
    return {};
  }

  Status collect() {
    for (auto& [ticket, reply] :
         cast_.caller->wait(pending_ > 0 ? std::optional(kGroupTime) : std::nullopt)) {
      auto const cell = static_cast<std::size_t>(ticket);
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
  std::vector<Cell> cells_;
  std::vector<std::vector<std::size_t>> ready_;
  std::vector<std::size_t> judge_ready_;
  std::deque<std::pair<std::uint64_t, ports::Call>> programs_,
      requests_;  // wait for room, each kind for its own
  std::unordered_map<std::size_t, Flight> flights_;
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

std::vector<Task> interleaved(plan::Plan const& plan, std::vector<split::Row> const& rows,
                              std::vector<std::size_t> const& arms, std::uint32_t from_trial,
                              std::function<std::uint32_t(std::size_t arm)> const& trials_of) {
  std::uint32_t most = 0;
  for (auto const arm : arms) most = std::max(most, trials_of(arm));
  std::vector<Task> out;
  for (auto trial = from_trial; trial < most; ++trial)
    for (std::size_t row = 0; row < rows.size(); ++row) {
      std::vector<std::pair<std::uint64_t, std::size_t>> drawn;
      for (auto const arm : arms)
        if (trial < trials_of(arm))
          drawn.emplace_back(purpose_key(std::to_string(plan.seed),
                                         fmt::format("order\x1f{}\x1f{}\x1f{}", rows[row].key, trial, arm)),
                             arm);
      std::sort(drawn.begin(), drawn.end());
      for (auto const& [_, arm] : drawn) out.push_back({row, arm, trial});
    }
  return out;
}

Result<std::vector<Cell>> run_pass(plan::Plan const& plan, std::vector<split::Row> const& rows,
                                   std::vector<Task> const& tasks, Cast& cast, PassOptions const& options) {
  return Pass(plan, rows, tasks, cast, options).run();
}

}  // namespace itera::run
