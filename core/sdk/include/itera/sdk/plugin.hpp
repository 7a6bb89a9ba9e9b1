// C++20 authoring layer over abi.h: an author writes one class and one line.  Header-only, so it is compiled
// into the plugin and never crosses the boundary: plugin and host may come from different compilers.
#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <itera/sdk/abi.h>
#include <itera/sdk/error.hpp>
#include <itera/sdk/json.hpp>

namespace itera::sdk {

/// The host's side of one call. Valid until the function that received it returns; any thread may use it.
class Call {
 public:
  explicit Call(itera_call const* raw) : raw_(raw) {}
  bool cancelled() const { return raw_->cancelled(raw_) != 0; }
  /// Leaves the call if the user asked to stop; for long work.
  void check() const {
    if (cancelled()) throw Error(ITERA_CANCELLED, "cancelled");
  }
  void emit(std::uint64_t handle, std::int32_t kind, std::string_view json) const {
    raw_->emit(raw_, handle, kind, borrow(json));
  }
  void document(std::string_view json) const { raw_->document(raw_, borrow(json)); }
  /// Reporters: one finished file, under a path relative to the experiment's folder.
  void file(std::string_view path, std::string_view bytes) const {
    raw_->file(raw_, borrow(path), borrow(bytes));
  }
  itera_call const* raw() const { return raw_; }

 private:
  itera_call const* raw_;
};

enum class LogLevel : std::int32_t { debug, info, warning, error };

/// A kind of failure that the experiment registered.
struct FailureCategory {
  std::string name, description;
};

/// What the host lends to an instance for its whole life. Any thread may use it.
class Host {
 public:
  explicit Host(itera_host const* raw)
      : raw_(raw), log_(static_cast<itera_log_v1 const*>(raw->service(raw, ITERA_SERVICE_LOG))) {}
  void log(LogLevel level, std::string_view message) const {
    if (log_) log_->write(raw_, static_cast<std::int32_t>(level), borrow(message));
  }
  /// Judges: what a row that fails may be tagged with, in the order of the spec. Empty for other plugins, and
  /// from a host that is older than this.
  std::vector<FailureCategory> failures() const {
    std::vector<FailureCategory> out;
    auto const* table = static_cast<itera_failures_v1 const*>(raw_->service(raw_, ITERA_SERVICE_FAILURES));
    for (std::uint32_t i = 0; table && i < table->count(raw_); ++i)
      out.push_back(
          {std::string(view(table->name(raw_, i))), std::string(view(table->description(raw_, i)))});
    return out;
  }

 private:
  itera_host const* raw_;
  itera_log_v1 const* log_;
};

/// What an arm found for a row.
struct Answer {
  std::string output;
  std::optional<double> cost_usd = {};
  std::optional<double> latency_ms = {};  ///< only if the plugin knows better than the host
  std::optional<std::pair<std::uint64_t, std::uint64_t>> tokens = {};  ///< in, out
  std::vector<std::string> trace = {};  ///< what a reader of the pilot should see of the way to the answer
};

/// What a judge thinks of an answer.
struct Score {
  double value = 0;  ///< 0 .. 1
  bool passed = false;
  std::vector<std::string> failures = {};  ///< categories of the spec's `failure` clauses
  std::string reason = {};                 ///< one line for people
};

/// One item of a step call. Exactly one of call, answer, score and error ends it. Views live as long as the
/// call.
class Step {
 public:
  Step(itera_item const& item, Call call) : item_(item), call_(call) {}

  std::uint64_t handle() const { return item_.handle; }
  std::uint64_t seed() const { return item_.seed; }  ///< the same for the same (experiment seed, row, trial)
  std::uint32_t trial() const { return item_.trial; }       ///< 0, 1, ...
  std::uint32_t index() const { return item_.step; }        ///< 0 at first, one more after each reply
  std::string_view row() const { return view(item_.row); }  ///< JSON object of the inputs
  std::string_view key() const { return view(item_.key); }  ///< arms
  std::string_view output() const { return view(item_.output.bytes); }  ///< judges: the answer to judge
  std::string_view label() const { return view(item_.label); }          ///< judges: a blind label of the arm
  std::optional<std::string_view> expected() const { return given(item_.expected); }  ///< judges
  std::optional<std::string_view> state() const {
    return given(item_.state);
  }  ///< JSON, as this plugin gave it
  std::optional<std::string_view> reply() const {
    return given(item_.reply);
  }  ///< JSON {"exec": {...}} or {"http": {...}}

  /// Asks the host for {"exec": {...}} or {"http": {...}}; the next step of this item has its reply and
  /// `state_json`.
  void call(std::string_view call_json, std::string_view state_json = "null") const {
    emit(ITERA_EMIT_CALL,
         "{\"call\":" + std::string(call_json) + ",\"state\":" + std::string(state_json) + "}");
  }
  void answer(std::string_view json) const { emit(ITERA_EMIT_ANSWER, json); }
  void answer(Answer const& answer) const { emit(ITERA_EMIT_ANSWER, to_json(answer)); }
  void score(std::string_view json) const { emit(ITERA_EMIT_SCORE, json); }
  void score(Score const& score) const { emit(ITERA_EMIT_SCORE, to_json(score)); }
  /// {"kind", "message"} and, if the item cost something all the same, "cost_usd" and "tokens" as in an
  /// answer.
  void error(std::string_view json) const { emit(ITERA_EMIT_ERROR, json); }
  /// This item has no result. `kind`: "arm" (it scores 0), "infrastructure" (it is missing) or, from a judge,
  /// "judge".
  void error(std::string_view kind, std::string_view message) const {
    emit(ITERA_EMIT_ERROR, "{\"kind\":" + json_quote(kind) + ",\"message\":" + json_quote(message) + "}");
  }

  static std::string to_json(Answer const& answer) {
    auto out = "{\"output\":" + json_quote(answer.output);
    if (answer.cost_usd) out += ",\"cost_usd\":" + json_number(*answer.cost_usd);
    if (answer.latency_ms) out += ",\"latency_ms\":" + json_number(*answer.latency_ms);
    if (answer.tokens)
      out += ",\"tokens\":{\"in\":" + std::to_string(answer.tokens->first) +
             ",\"out\":" + std::to_string(answer.tokens->second) + "}";
    if (!answer.trace.empty()) out += ",\"trace\":" + list(answer.trace);
    return out + "}";
  }
  static std::string to_json(Score const& score) {
    auto out = "{\"value\":" + json_number(score.value) + ",\"passed\":" + (score.passed ? "true" : "false");
    if (!score.failures.empty()) out += ",\"failures\":" + list(score.failures);
    if (!score.reason.empty()) out += ",\"reason\":" + json_quote(score.reason);
    return out + "}";
  }

 private:
  static std::optional<std::string_view> given(itera_str text) {
    return text.data ? std::optional(view(text)) : std::nullopt;
  }
  static std::string list(std::vector<std::string> const& texts) {
    std::string out = "[";
    for (auto const& text : texts) out += (out.size() > 1 ? "," : "") + json_quote(text);
    return out + "]";
  }
  void emit(std::int32_t kind, std::string_view json) const { call_.emit(item_.handle, kind, json); }

  itera_item item_;
  Call call_;
};

/// The items of one step call, whatever size the host's structs have.
class Items {
 public:
  Items(itera_items const& raw, Call call) : raw_(&raw), call_(call) {}
  std::size_t size() const { return static_cast<std::size_t>(raw_->count); }
  Step operator[](std::size_t i) const {
    // An older host's items are shorter than ours and a newer host's longer: the stride is the truth.
    itera_item item{};
    auto const* from = reinterpret_cast<char const*>(raw_->data) + i * raw_->stride;
    std::memcpy(&item, from, std::min(sizeof item, static_cast<std::size_t>(raw_->stride)));
    return {item, call_};
  }

 private:
  itera_items const* raw_;
  Call call_;
};

struct Column {
  std::string name;
  std::string type = "text";  ///< "text", "int", "real", "bool" or "json"
};

/// Where a source puts its rows, cell by cell in the order asked for. Sends a batch whenever one is full.
class Rows {
 public:
  Rows(Call call, std::size_t columns) : call_(call), cells_(columns) {
    for (auto& column : cells_) column.reserve(kBatch);
  }
  void null() { add({}); }
  void boolean(bool value) { add({ITERA_BOOL, 0, value ? 1 : 0, 0, {}}); }
  void integer(std::int64_t value) { add({ITERA_INT, 0, value, 0, {}}); }
  void real(double value) { add({ITERA_REAL, 0, 0, value, {}}); }
  void text(std::string_view value) { add_bytes(ITERA_TEXT, value); }
  void json(std::string_view value) { add_bytes(ITERA_JSON, value); }
  /// Precondition: one cell for each column since the last row.
  void end_row() {
    if (next_ != cells_.size()) throw Error(ITERA_INTERNAL, "a row was ended with a wrong number of cells");
    next_ = 0;
    ++rows_;
    if (++pending_ == kBatch || bytes_.size() >= kBatchBytes) flush();
  }
  void flush() {
    if (pending_ == 0) return;
    std::vector<itera_cell const*> columns;
    for (auto& column : cells_) {
      // `bytes_` grew while the batch was filled: until now a text was kept as its offset.
      for (auto& cell : column)
        if (cell.type == ITERA_TEXT || cell.type == ITERA_JSON)
          cell.text.data = bytes_.data() + std::exchange(cell.integer, 0);
      columns.push_back(column.data());
    }
    itera_batch const batch{sizeof batch, static_cast<std::uint32_t>(cells_.size()), pending_,
                            sizeof(itera_cell), columns.data()};
    call_.raw()->batch(call_.raw(), &batch);
    for (auto& column : cells_) column.clear();
    bytes_.clear();
    pending_ = 0;
    call_.check();
  }
  std::uint64_t count() const { return rows_; }

 private:
  static constexpr std::size_t kBatch = 4096;
  static constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

  void add(itera_cell const& cell) {
    if (next_ == cells_.size())
      throw Error(ITERA_INTERNAL, "a row has more cells than columns were asked for");
    cells_[next_++].push_back(cell);
  }
  void add_bytes(std::int32_t type, std::string_view value) {
    add({type, 0, static_cast<std::int64_t>(bytes_.size()), 0, {nullptr, value.size()}});
    bytes_ += value;
  }

  Call call_;
  std::vector<std::vector<itera_cell>> cells_;
  std::string bytes_;
  std::size_t next_ = 0;
  std::uint64_t pending_ = 0;
  std::uint64_t rows_ = 0;
};

// What an author derives from. Every class has a constructor (Host, Settings const&) and a static
// descriptor(). Throw Invalid, Unavailable or Error to fail a call; any other exception is reported as a bug
// of the plugin.

struct Plugin {
  Plugin() = default;
  Plugin(Plugin const&) = delete;
  Plugin& operator=(Plugin const&) = delete;
  virtual ~Plugin() = default;
};

class SourcePlugin : public Plugin {
 public:
  static constexpr char const* interface_id = ITERA_SOURCE_V1;
  /// Reads no row's content.
  virtual std::vector<Column> schema(Call const& call) = 0;
  /// Puts every row into `rows`, with the cells of `columns` in that order; returns what says which state of
  /// the data this was: the same text for the same rows.
  virtual std::string read(Call const& call, std::vector<std::string> const& columns, Rows& rows) = 0;
};

/// An arm or a judge: override the form for one item, or the one for many if batches pay.
class StepPlugin : public Plugin {
 public:
  virtual void step(Step const&) { throw Error(ITERA_INTERNAL, "the plugin overrides no step function"); }
  virtual void step_all(Call const&, Items const& items) {
    for (std::size_t i = 0; i < items.size(); ++i) step(items[i]);
  }
};

class ArmPlugin : public StepPlugin {
 public:
  static constexpr char const* interface_id = ITERA_ARM_V1;
  /// JSON {"exec": {...}} of what must run once on the train rows before the first step, if anything.
  virtual std::optional<std::string> prepare() { return std::nullopt; }
};

class JudgePlugin : public StepPlugin {
 public:
  static constexpr char const* interface_id = ITERA_JUDGE_V1;
};

class ReporterPlugin : public Plugin {
 public:
  static constexpr char const* interface_id = ITERA_REPORTER_V1;
  /// Hands over each file with call.file(path, bytes).
  virtual void write(Call const& call, std::string_view evidence_json) = 0;
};

inline constexpr char const* const deterministic[] = {"deterministic", nullptr};

/// What a plugin says of itself; see itera_descriptor. All texts must live as long as the library.
struct About {
  char const* id = "";
  char const* short_name = "";
  char const* version = "";
  char const* summary = "";
  char const* settings_schema = "{}";
  std::uint32_t max_batch = 0;
  char const* const* traits = nullptr;
};

template <std::derived_from<Plugin> T>
constexpr itera_descriptor make_descriptor(About const& about) {
  return {sizeof(itera_descriptor),
          about.id,
          about.short_name,
          about.version,
          about.summary,
          T::interface_id,
          about.settings_schema,
          about.max_batch,
          about.traits};
}

namespace detail {

/// The only place where C++ meets C: no exception leaves it.
template <class F>
itera_status guarded(itera_call const* call, F&& work) noexcept {
  auto const fail = [&](itera_status status, std::string_view summary, std::string_view help) {
    call->fail(call, borrow(summary), borrow(help));
    return status;
  };
  try {
    std::forward<F>(work)();
    return ITERA_OK;
  } catch (Error const& e) {
    return fail(e.status, e.what(), e.detail);
  } catch (std::exception const& e) {
    return fail(ITERA_INTERNAL, e.what(), {});
  } catch (...) {
    return fail(ITERA_INTERNAL, "unknown exception", {});
  }
}

inline void send_schema(SourcePlugin& source, Call call) {
  std::string out = "{\"columns\":[";
  char const* comma = "";
  for (auto const& column : source.schema(call)) {
    out += comma + ("{\"name\":" + json_quote(column.name)) + ",\"type\":" + json_quote(column.type) + "}";
    comma = ",";
  }
  call.document(out + "]}");
}

inline void send_rows(SourcePlugin& source, Call call, std::string_view columns_json) {
  auto const columns = JsonReader(columns_json).strings();
  Rows rows(call, columns.size());
  auto const version = source.read(call, columns, rows);
  rows.flush();
  call.document("{\"version\":" + json_quote(version) + ",\"rows\":" + std::to_string(rows.count()) + "}");
}

inline void send_prepare(ArmPlugin& arm, Call call) {
  if (auto const document = arm.prepare()) call.document(*document);
}

/// One instance as the host sees it.
template <std::derived_from<Plugin> T>
class Box : public itera_instance {
 public:
  explicit Box(std::unique_ptr<T> plugin)
      : itera_instance{sizeof(itera_instance), nullptr, &destroy_box, &interface_of},
        plugin_(std::move(plugin)) {}

 private:
  using I = itera_instance*;
  using C = itera_call const*;

  static T& of(I instance) { return *static_cast<Box*>(instance)->plugin_; }
  static void destroy_box(I instance) noexcept { delete static_cast<Box*>(instance); }

  static itera_status step(I i, C c, itera_items const* items) noexcept {
    return guarded(c, [&] { of(i).step_all(Call(c), Items(*items, Call(c))); });
  }
  static constexpr auto make_table() {
    if constexpr (std::derived_from<T, ArmPlugin>)
      return itera_arm_v1{sizeof(itera_arm_v1), &step,
                          [](I i, C c) { return guarded(c, [&] { send_prepare(of(i), Call(c)); }); }};
    else if constexpr (std::derived_from<T, JudgePlugin>)
      return itera_judge_v1{sizeof(itera_judge_v1), &step};
    else if constexpr (std::derived_from<T, SourcePlugin>)
      return itera_source_v1{sizeof(itera_source_v1),
                             [](I i, C c) { return guarded(c, [&] { send_schema(of(i), Call(c)); }); },
                             [](I i, C c, itera_str columns) {
                               return guarded(c, [&] { send_rows(of(i), Call(c), view(columns)); });
                             }};
    else
      return itera_reporter_v1{sizeof(itera_reporter_v1), [](I i, C c, itera_str evidence) {
                                 return guarded(c, [&] { of(i).write(Call(c), view(evidence)); });
                               }};
  }
  static void const* interface_of(itera_instance const*, char const* id) noexcept {
    static constexpr auto table = make_table();
    return std::strcmp(id, T::interface_id) == 0 ? &table : nullptr;
  }

  std::unique_ptr<T> plugin_;
};

template <class T>
concept Describes = requires {
  { T::descriptor() } -> std::convertible_to<itera_descriptor>;
};

/// The plugins of one library.
template <Describes... Ts>
struct Module {
  static itera_descriptor const* describe(std::uint32_t index) noexcept {
    static std::array<itera_descriptor, sizeof...(Ts)> const all{Ts::descriptor()...};
    return index < all.size() ? &all[index] : nullptr;
  }
  static itera_status create(char const* id, itera_host const* host, itera_str settings,
                             itera_call const* call, itera_instance** made) noexcept {
    return guarded(call, [&] {
      itera_instance* instance = nullptr;
      auto const make = [&]<class T>() {
        if (!instance && std::strcmp(id, T::descriptor().id) == 0)
          instance = new Box<T>(std::make_unique<T>(Host(host), Settings(view(settings))));
      };
      (make.template operator()<Ts>(), ...);
      if (!instance) throw Error(ITERA_INTERNAL, "this library has no plugin `" + std::string(id) + "`");
      *made = instance;
    });
  }
  static constexpr itera_entry_v1 entry{sizeof(itera_entry_v1), sizeof...(Ts), &describe, &create};
};

}  // namespace detail
}  // namespace itera::sdk

/// Makes the classes named the plugins of this library; once a library, outside any namespace.
#define ITERA_PLUGINS(...)                                                                             \
  extern "C" ITERA_EXPORT void const* itera_plugin_entry(uint32_t abi_major) {                         \
    return abi_major == ITERA_ABI_MAJOR ? &::itera::sdk::detail::Module<__VA_ARGS__>::entry : nullptr; \
  }
