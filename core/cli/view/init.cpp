#include "core/cli/view/init.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "dsl/draft/column_name.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;

// Every mapped column with its role, in the order of the `row` block.
std::vector<std::pair<std::string, dsl::Mapped>> roles(dsl::Proposal const& proposal) {
  std::vector<std::pair<std::string, dsl::Mapped>> out{{"key", proposal.key}};
  for (auto const& input : proposal.inputs) out.emplace_back("input", input);
  if (proposal.expected) out.emplace_back("expected", *proposal.expected);
  for (auto const& slice : proposal.slices) out.emplace_back("slice", slice);
  if (proposal.entity) out.emplace_back("entity", *proposal.entity);
  if (proposal.severity) out.emplace_back("severity", *proposal.severity);
  return out;
}

std::string padded(std::string const& text, std::size_t width) {
  return text + std::string(width - std::min(width, display_width(text)), ' ');
}

std::string path_of(Initialized const& done, dsl::DraftFile const& file) {
  return (done.folder / file.name).string();
}

}  // namespace

void human_init(std::ostream& out, Initialized const& done) {
  std::size_t width = 0;
  for (auto const& file : done.files) width = std::max(width, display_width(path_of(done, file)));
  for (auto const& file : done.files)
    out << fmt::format("wrote {}  {}\n", padded(path_of(done, file), width), file.what);
  auto const spec = path_of(done, done.files.front());
  if (!done.proposal) {
    out << fmt::format("next: itera check {0}, itera plan {0}, itera run {0}\n", spec);
    return;
  }
  out << fmt::format("read: the names of {} and a profile of {}\n",
                     dsl::counted(done.profile->columns.size(), "column"),
                     dsl::counted(done.profile->rows, "row"));
  std::size_t columns = 0;
  auto const all = roles(*done.proposal);
  for (auto const& [_, mapped] : all)
    columns = std::max(columns, display_width(dsl::column_text(mapped.column)));
  for (auto const& [role, mapped] : all)
    out << fmt::format("  {:<9} {}  {}\n", role, padded(dsl::column_text(mapped.column), columns),
                       mapped.evidence);
  out << fmt::format(
      "next: look at each line of `row`, write question, baseline and arm, then itera check {}\n", spec);
}

void json_init(std::ostream& out, Initialized const& done) {
  Json document = {{"ok", true}, {"spec", path_of(done, done.files.front())}, {"files", Json::array()}};
  for (auto const& file : done.files)
    document["files"].push_back({{"path", path_of(done, file)}, {"what", file.what}});
  if (done.proposal) {
    document["rows"] = done.profile->rows;
    document["columns"] = Json::array();
    for (auto const& c : done.profile->columns) {
      Json column = {{"name", c.name},
                     {"type", dsl::to_string(c.type)},
                     {"empty", c.empty},
                     {"distinct", c.distinct},
                     {"more_values", c.more},
                     {"unique", c.empty == 0 && !c.repeated && !c.more},
                     {"smallest", c.smallest},
                     {"largest", c.largest},
                     {"mean_length", c.mean_length}};
      column["range"] = c.range ? Json{{"least", c.range->least},
                                       {"most", c.range->most},
                                       {"median", c.range->median},
                                       {"p95", c.range->p95}}
                                : Json();
      document["columns"].push_back(column);
    }
    document["proposals"] = Json::array();
    for (auto const& [role, mapped] : roles(*done.proposal))
      document["proposals"].push_back(
          {{"role", role}, {"column", mapped.column}, {"evidence", mapped.evidence}});
    document["not_used"] = Json::array();
    for (auto const& other : done.proposal->others)
      document["not_used"].push_back({{"column", other.column}, {"what", other.evidence}});
  }
  out << canonical(document) << "\n";
}

}  // namespace itera::cli::view
