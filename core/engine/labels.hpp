#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/engine/label_file.hpp"
#include "core/plan/ledger.hpp"
#include "core/plan/plan.hpp"
#include "core/ports/actors.hpp"
#include "core/ports/surroundings.hpp"

namespace itera::engine {

struct LabelCount {
  std::uint64_t listed = 0, right = 0, wrong = 0;
  std::uint64_t blank() const { return listed - right - wrong; }
};

/// How far the label audit of an experiment with generated rows is.
struct LabelReport {
  std::string experiment;
  std::filesystem::path file;
  bool written = false;  ///< it was gone and was written anew, without a label
  LabelCount dev, test;
  std::uint64_t dev_rows = 0;
  std::string by;                      ///< who signed last; empty: nobody
  std::optional<std::uint64_t> entry;  ///< the ledger's, of that
  bool current = false;                ///< what was signed is the file as it is now, and all of it
  std::string next;                    ///< what to do
};

/// Reads label-audit.csv against rows.jsonl; writes the file if it is gone. Errors: no experiment's folder,
/// no dev pass yet, rows from production, a file that is no table of labels.
Result<LabelReport> label_report(std::filesystem::path const& folder);

/// What a signature needs from outside; borrowed. `reporters` write the reports again if there is a verdict.
struct Signing {
  ports::Actors& actors;
  ports::Clock& clock;
  ports::Progress& progress;
  std::string build;
  std::vector<plan::PinnedActor> reporters;
};

/// Writes `labels_signed`; after the verdict also its line of the self-audit, the ledger in data.json and the
/// reports. Errors of class refused: a line that is blank, a row that is not listed any more, the pass on
/// test under way, a copy without state/.
Result<LabelReport> sign_labels(std::filesystem::path const& folder, std::string const& by,
                                Signing const& with);

/// Lists what the baseline fails in label-audit.csv and keeps the labels that stand there. Nothing for rows
/// from production.
Status write_label_file(plan::Plan const& plan, std::filesystem::path const& file,
                        std::string const& records);

/// Refuses to open test when more than 2% of the dev rows have labels that are signed as wrong.
Status check_labels(plan::Plan const& plan, plan::Ledger const& ledger);

}  // namespace itera::engine
