#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/caller.hpp"
#include "core/ports/store.hpp"
#include "core/run/cell.hpp"
#include "core/split/seal.hpp"

namespace itera::run {

/// What was paid for one answer or one score, or is held for it while it is not there: billionths of a
/// dollar.
struct Charge {
  std::int64_t amount = 0;
  std::int64_t bound = 0;  ///< the most that its calls could cost; 0 while it is not there
  std::string by;          ///< who was paid; empty while it is not there
};

/// What was paid for: every finished call and every finished cell, under what it is and not under where it
/// stands, so that a run that was cut short goes on where it was. Entries are encrypted with the experiment's
/// key and bound to their key and number: what was edited, moved or swapped is noticed. Used from one thread.
class Journal {
 public:
  /// Reads and proves every entry of the store; one that does not open is an Error of class refused.
  static Result<Journal> open(ports::Store& store, split::Seal const& seal);

  /// The key of a cell: who answers (a digest of arm, judge and whatever else decides), which row, which
  /// trial.
  static std::string cell_key(std::string_view who, std::string_view row_digest, std::uint32_t trial);
  /// The key of what the judge of a secondary metric says of that cell.
  static std::string also_key(std::string_view cell_key, std::string_view metric);
  /// The key of one call on the way to it.
  static std::string call_key(std::string_view cell_key, std::uint32_t step, std::string_view call_json);

  /// What an earlier process stored; what this one stores is not looked up again.
  Result<std::optional<Cell>> cell(std::string const& key);
  Result<std::optional<ports::Reply>> reply(std::string const& key);
  bool empty() const { return known_.empty(); }
  /// The charges of earlier processes.
  std::vector<Charge> const& charges() const { return charges_; }
  /// A key for a charge, as none had before. The last entry with it counts.
  std::string new_charge();

  /// Outlives this process after commit(), and the machine after sync(). A cell's place in the plan (row,
  /// arm, trial) is not stored.
  Status put(std::string const& key, Cell const& cell);
  Status put(std::string const& key, ports::Reply const& reply);
  Status put(std::string const& key, Charge const& charge);
  Status commit() { return store_->commit(); }
  Status sync() { return store_->sync(); }

  /// True if the entry is as it was stored.
  static bool whole(split::Seal const& seal, std::int64_t id, std::string_view key, std::string_view value);
  /// Copies a whole entry of another store into this one.
  Status copy(std::int64_t id, std::string_view key, std::string_view value);

 private:
  Journal(ports::Store& store, split::Seal const& seal) : store_(&store), seal_(&seal) {}
  Status append(std::string const& key, std::string const& plain);
  Result<std::optional<std::string>> find(std::string const& key);

  ports::Store* store_;
  split::Seal const* seal_;
  std::unordered_map<std::string, std::int64_t> known_;
  std::vector<Charge> charges_;
  std::string charge_prefix_;
  std::uint64_t next_charge_ = 0;
};

}  // namespace itera::run
