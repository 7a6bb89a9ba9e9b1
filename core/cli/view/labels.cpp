#include "core/cli/view/labels.hpp"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;
using engine::LabelCount;

Json json_of(LabelCount const& count) {
  return {{"listed", count.listed}, {"right", count.right}, {"wrong", count.wrong}, {"blank", count.blank()}};
}

}  // namespace

void human_labels(std::ostream& out, engine::LabelReport const& report) {
  out << fmt::format("experiment {}: rows that the baseline fails, in {}\n", report.experiment,
                     report.file.string());
  if (report.written) out << "  the file was gone and was written anew, without a label\n";
  out << "         listed  right  wrong  blank\n";
  for (auto const& [name, count] : {std::pair{"dev", report.dev}, {"test", report.test}})
    out << fmt::format("  {:<5}  {:>6}  {:>5}  {:>5}  {:>5}\n", name, count.listed, count.right, count.wrong,
                       count.blank());
  if (!report.entry)
    out << "  not signed\n";
  else
    out << fmt::format("  signed by {}, ledger entry {}{}\n", report.by, *report.entry,
                       report.current ? "" : "; the file has changed since");
  out << fmt::format("next  {}\n", report.next);
}

void json_labels(std::ostream& out, engine::LabelReport const& report) {
  Json signature;
  if (report.entry) signature = {{"by", report.by}, {"entry", *report.entry}, {"current", report.current}};
  out << canonical({{"ok", true},
                    {"experiment", report.experiment},
                    {"file", report.file.string()},
                    {"written", report.written},
                    {"dev_rows", report.dev_rows},
                    {"dev", json_of(report.dev)},
                    {"test", json_of(report.test)},
                    {"signed", signature},
                    {"next", report.next}})
      << "\n";
}

}  // namespace itera::cli::view
