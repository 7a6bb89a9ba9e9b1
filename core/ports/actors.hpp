#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/plugin_info.hpp"

namespace itera::ports {

using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

struct Column {
  std::string name;
  std::string type;  ///< "text", "int", "real", "bool" or "json"
};

/// What a source says it read.
struct SourceReport {
  std::string version;
  std::uint64_t rows = 0;
};

/// Rows from outside. Not thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  /// Names and types; reads no row's content.
  virtual Result<std::vector<Column>> schema() = 0;
  /// Hands every row to `sink` once, cells in the order of `columns`. The cells are the sink's to keep.
  virtual Result<SourceReport> read(std::vector<std::string> const& columns,
                                    std::function<void(std::vector<Cell>&&)> const& sink) = 0;
};

/// One row of work for a step. Views are borrowed for the call.
struct StepItem {
  std::uint64_t handle = 0;
  std::uint64_t seed = 0;
  std::uint32_t trial = 0;
  std::uint32_t step = 0;
  std::string_view row;                      ///< JSON object of the declared inputs
  std::string_view key;                      ///< arms only
  std::string_view output;                   ///< judges only
  std::optional<std::string_view> expected;  ///< judges only
  std::string_view label;                    ///< judges only: blind
  std::optional<std::string_view> state;
  std::optional<std::string_view> reply;
};

struct StepResult {
  enum class Kind { call, answer, score, error };
  std::uint64_t handle = 0;
  Kind kind = Kind::error;
  std::string json;
};

/// An arm or a judge: a pure step function. Not thread-safe; never blocks.
class Stepper {
 public:
  virtual ~Stepper() = default;
  /// One result for every item, each handle exactly once, sorted by handle; anything else is an Error of
  /// class `plugin` that names the plugin. Splits into batches that the plugin accepts.
  virtual Result<std::vector<StepResult>> step(std::span<StepItem const> items) = 0;
};

class Arm : public Stepper {
 public:
  /// The call to make once on the train rows, as JSON {"exec": {...}}; nothing if the arm needs none.
  virtual Result<std::optional<std::string>> prepare() = 0;
};

class Judge : public Stepper {};

/// A kind of failure that a judge may tag a row with.
struct FailureCategory {
  std::string name, description;
};

struct ReportFile {
  std::string path;  ///< relative, inside the experiment's folder
  std::string bytes;
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual Result<std::vector<ReportFile>> write(std::string_view evidence_json) = 0;
};

/// Creates instances. `settings_json` is the complete settings object, defaults filled in, secrets resolved.
class Actors {
 public:
  virtual ~Actors() = default;
  virtual Result<std::unique_ptr<Source>> source(PluginInfo const& info,
                                                 std::string const& settings_json) = 0;
  virtual Result<std::unique_ptr<Arm>> arm(PluginInfo const& info, std::string const& settings_json) = 0;
  /// `failures`: the registered categories that are the judge's to give.
  virtual Result<std::unique_ptr<Judge>> judge(PluginInfo const& info, std::string const& settings_json,
                                               std::vector<FailureCategory> const& failures = {}) = 0;
  virtual Result<std::unique_ptr<Reporter>> reporter(PluginInfo const& info,
                                                     std::string const& settings_json) = 0;
};

}  // namespace itera::ports
