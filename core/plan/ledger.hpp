#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"

namespace itera::plan {

/// One act of an experiment. `body_json` is covered by the chain; `meta_json` (time, host, build) is not.
struct LedgerEntry {
  std::uint64_t seq = 0;
  std::string kind;  ///< framed, split, sealed, amended, pilot, registered, dev_pass, unsealed, verdict, ...
  std::string body_json;
  std::string previous;  ///< digest of the entry before; 64 zeros for the first
  std::string digest;    ///< SHA-256 over canonical {seq, kind, body, prev}
  std::string meta_json;
};

/// ledger.jsonl: append-only and hash-chained. An entry is on disk before append() returns, so that it is
/// written before the act it announces. Used from one thread.
class Ledger {
 public:
  /// Reads and checks the whole chain; a missing file is an empty ledger. A broken chain is an Error naming
  /// the line. `acknowledged` is the number of entries whose append() is known to have returned: what a power
  /// cut left unfinished behind them (no end of line, or bytes that were never written) was announced to
  /// nobody and is no Error, but torn().
  static Result<Ledger> open(std::filesystem::path file,
                             std::optional<std::uint64_t> acknowledged = std::nullopt);
  /// Bytes of an unfinished entry behind the last one.
  std::uint64_t torn() const { return torn_; }
  /// Cuts them off.
  Status cut_torn();

  Status append(std::string const& kind, nlohmann::json const& body, nlohmann::json const& meta);
  std::vector<LedgerEntry> const& entries() const { return entries_; }
  bool has(std::string_view kind) const { return last(kind) != nullptr; }
  LedgerEntry const* last(std::string_view kind) const;
  /// The digest of the newest entry; 64 zeros if there is none.
  std::string head() const;

 private:
  Result<LedgerEntry> entry_from(std::string_view line) const;
  explicit Ledger(std::filesystem::path file) : file_(std::move(file)) {}
  std::filesystem::path file_;
  std::vector<LedgerEntry> entries_;
  std::uint64_t torn_ = 0;
};

}  // namespace itera::plan
