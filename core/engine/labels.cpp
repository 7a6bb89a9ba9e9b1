#include "core/engine/labels.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/engine/folder.hpp"
#include "core/engine/head.hpp"
#include "core/engine/reports.hpp"
#include "core/engine/run_lock.hpp"
#include "core/report/signed.hpp"
#include "core/run/records.hpp"
#include "core/verdict/self_audit.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

constexpr double kMostWrong = 0.02;  // of the dev rows

// Everything that the audit is about, as it stands on disk.
struct Audit {
  Folder folder;
  plan::Ledger ledger;
  std::string csv;
  Marks marks;
  LabelFile listed;  // with the marks in it
  LabelReport report;
};

Json body_of(plan::Ledger const& ledger, std::string_view kind) {
  auto const* entry = ledger.last(kind);
  return entry ? Json::parse(entry->body_json) : Json();
}

LabelCount& of(LabelReport& report, std::string const& part) {
  return part == "test" ? report.test : report.dev;
}

std::uint64_t rows_of_dev(plan::Ledger const& ledger) {
  auto const split = body_of(ledger, "split");
  return split.is_object() ? split.at("parts").at("dev").get<std::uint64_t>() : 0;
}

std::string next_of(LabelReport const& report) {
  auto const blank = report.dev.blank() + report.test.blank();
  if (report.dev.listed + report.test.listed == 0) return "nothing: the baseline fails no row";
  if (blank > 0)
    return fmt::format(
        "write yes or no into the column label_right of {}, then `itera labels {} --sign \"name\"`",
        report.file.string(), report.file.parent_path().string());
  if (!report.current)
    return fmt::format("`itera labels {} --sign \"name\"`", report.file.parent_path().string());
  return "nothing: all labels are signed";
}

Result<std::string> records_of(Folder const& folder, plan::Ledger const& ledger) {
  auto const* entry = ledger.last("verdict");
  if (!entry || !Json::parse(entry->body_json).contains("records_digest")) entry = ledger.last("dev_pass");
  if (!entry)
    return fail(ErrorClass::invalid, fmt::format("{}: there is no score yet", folder.root.string()),
                "`itera run --until dev` lists the rows that the baseline fails");
  auto text = read_file(folder.rows());
  if (!text) return text;
  if (Json::parse(entry->body_json).value("records_digest", "") != run::records_digest(*text))
    return fail(ErrorClass::refused,
                fmt::format("{} is not what `{}` wrote", folder.rows().string(), entry->kind),
                "restore it from version control");
  return text;
}

Result<Audit> open(std::filesystem::path const& root) {
  Folder const folder{root, {}};
  std::error_code ec;
  if (auto const ok = check_is_experiment(folder); !ok) return fail(ok.error());
  auto ledger = open_ledger(folder);
  if (!ledger) return fail(ledger.error());
  auto const text = read_file(folder.plan());
  if (!text) return fail(text.error());
  auto const plan = parse_json(*text, folder.plan().string());
  if (!plan) return fail(plan.error());
  Audit out{folder, std::move(*ledger), {}, {}, {}, {}};
  std::string origin, baseline;
  try {
    out.report.experiment = plan->at("frame").at("name");
    origin = plan->at("frame").at("origin");
    baseline = plan->at("registration").at("arms").at(0).at("name");
  } catch (Json::exception const&) {
    return fail(ErrorClass::invalid, fmt::format("{} is not a plan of itera", folder.plan().string()),
                "restore it from version control");
  }
  if (origin == "production")
    return fail(
        ErrorClass::invalid,
        fmt::format("the rows of experiment `{}` come from production: labels are audited where rows are "
                    "generated",
                    out.report.experiment));
  auto const records = records_of(folder, out.ledger);
  if (!records) return fail(records.error());
  out.listed = failed_rows(*records, baseline);
  out.report.file = folder.labels();
  out.report.dev_rows = rows_of_dev(out.ledger);
  if (!std::filesystem::exists(folder.labels(), ec)) {
    if (auto const ok = write_file(folder.labels(), to_csv(out.listed)); !ok) return fail(ok.error());
    out.report.written = true;
  }
  auto csv = read_file(folder.labels());
  if (!csv) return fail(csv.error());
  out.csv = std::move(*csv);
  auto marks = read_marks(out.csv, folder.labels());
  if (!marks) return fail(marks.error());
  out.marks = std::move(*marks);
  put_marks(out.marks, out.listed);
  for (auto const& row : out.listed.rows) {
    auto& count = of(out.report, row.part);
    ++count.listed;
    count.right += row.label == Label::right;
    count.wrong += row.label == Label::wrong;
  }
  if (auto const* entry = out.ledger.last("labels_signed")) {
    auto const body = Json::parse(entry->body_json);
    out.report.by = body.at("by");
    out.report.entry = entry->seq;
    out.report.current = body.at("digest") == sha256(out.csv);
  }
  out.report.next = next_of(out.report);
  return out;
}

// "lines 2, 3 and 7"; of many the first ones.
std::string lines(std::vector<std::size_t> const& numbers) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(numbers.size(), kShown); ++i)
    words.push_back(std::to_string(numbers[i]));
  if (numbers.size() > kShown) words.push_back(fmt::format("{} more", numbers.size() - kShown));
  return fmt::format("line{} {}", numbers.size() == 1 ? "" : "s", join_words(words));
}

// Every listed row stands in the file with a label, and nothing else does.
Status check_complete(Audit const& audit) {
  auto const& file = audit.report.file;
  std::vector<std::string> missing;
  std::set<std::pair<std::string, std::string>> listed;
  std::vector<std::size_t> blank;
  for (auto const& row : audit.listed.rows) {
    auto const found = audit.marks.find({row.part, row.key});
    listed.insert({row.part, row.key});
    if (found == audit.marks.end())
      missing.push_back(fmt::format("`{}` of {}", row.key, row.part));
    else if (found->second.label == Label::blank)
      blank.push_back(found->second.line);
  }
  if (!missing.empty())
    return fail(
        ErrorClass::refused,
        fmt::format("{} has no line for {}{}, which the baseline fails", file.string(), missing.front(),
                    missing.size() > 1 ? fmt::format(" and {} more", missing.size() - 1) : ""),
        "put the lines back; without the file `itera labels` writes all of them anew, without a label");
  for (auto const& [row, mark] : audit.marks)
    if (!listed.contains(row))
      return fail(ErrorClass::refused,
                  fmt::format("{}:{}: row `{}` of {} is none that the baseline fails", file.string(),
                              mark.line, row.second, row.first),
                  "take the line out");
  std::sort(blank.begin(), blank.end());
  if (!blank.empty())
    return fail(
        ErrorClass::refused,
        fmt::format("{} of {} labels are not confirmed: {} of {} ", blank.size(), audit.listed.rows.size(),
                    lines(blank), file.string()) +
            (blank.size() == 1 ? "has no word in the column label_right"
                               : "have no word in the column label_right"),
        "look at each of these rows in the source: yes if its expected answer is right, no if it is wrong");
  return {};
}

Json json_of(LabelCount const& count) {
  return {{"listed", count.listed}, {"right", count.right}, {"wrong", count.wrong}};
}

// What the verdict was, stays; what is said of the labels follows the ledger.
Status write_again(Audit const& audit, Signing const& with) {
  auto const text = read_file(audit.folder.data());
  if (!text) return fail(text.error());
  auto document = parse_json(*text, audit.folder.data().string());
  if (!document) return fail(document.error());
  try {
    auto const origin = document->at("experiment").at("origin").get<std::string>();
    report::take_signature(*document, verdict::label_audit(origin, audit.ledger), audit.ledger);
  } catch (Json::exception const&) {
    return fail(ErrorClass::invalid, fmt::format("{} is not what itera wrote", audit.folder.data().string()),
                "restore it from version control and sign again");
  }
  if (auto const ok = write_file(audit.folder.data(), document->dump(2) + "\n"); !ok) return ok;
  auto const open = write_reports(audit.folder, with.reporters, with.actors, with.progress, *document);
  return open ? Status{} : fail(open.error());
}

}  // namespace

Result<LabelReport> label_report(std::filesystem::path const& folder) {
  auto audit = open(folder);
  if (!audit) return fail(audit.error());
  return std::move(audit->report);
}

Result<LabelReport> sign_labels(std::filesystem::path const& root, std::string const& by,
                                Signing const& with) {
  auto const who = squeeze(by);
  if (who.empty() || !is_valid_utf8(who))
    return fail(ErrorClass::invalid, "a signature needs a name", "--sign \"Ada Lovelace\"");
  Folder const folder{root, {}};
  std::error_code ec;
  if (std::filesystem::is_regular_file(folder.ledger(), ec) &&
      !std::filesystem::exists(folder.state() / "seal.key", ec))
    return fail(ErrorClass::refused,
                fmt::format("{} has a ledger but no state/: this is a copy", root.string()),
                "sign where it was run; a copy can be read");
  std::optional<RunLock> lock;
  if (std::filesystem::exists(folder.state(), ec)) {
    auto taken = RunLock::take(folder.lock());
    if (!taken) return fail(taken.error());
    lock.emplace(std::move(*taken));
  }
  auto audit = open(root);
  if (!audit) return fail(audit.error());
  if (auto const ok = settle(audit->ledger, folder, with.clock, with.build); !ok) return fail(ok.error());
  bool const concluded = audit->ledger.has("verdict");
  if (!concluded && audit->ledger.has("unsealed"))
    return fail(ErrorClass::refused,
                "the pass on test was begun and is not whole: nothing is signed meanwhile",
                "`itera run` goes on with it; sign then");
  if (auto const ok = check_complete(*audit); !ok) return fail(ok.error());
  auto& report = audit->report;
  // The same file signed again by the same person says nothing new.
  if (!(report.current && report.by == who)) {
    Json const body = {{"by", who},
                       {"dev", json_of(report.dev)},
                       {"test", json_of(report.test)},
                       {"digest", sha256(audit->csv)}};
    if (auto const ok = append(audit->ledger, folder, "labels_signed", body, with.clock, with.build); !ok)
      return fail(ok.error());
  }
  if (concluded)
    if (auto const ok = write_again(*audit, with); !ok) return fail(ok.error());
  report.by = who;
  report.entry = audit->ledger.last("labels_signed")->seq;
  report.current = true;
  report.next = next_of(report);
  return std::move(report);
}

Status write_label_file(plan::Plan const& plan, std::filesystem::path const& file,
                        std::string const& records) {
  if (plan.origin == "production") return {};
  auto listed = failed_rows(records, plan.baseline().name);
  std::error_code ec;
  std::string before;
  if (std::filesystem::exists(file, ec)) {
    auto text = read_file(file);
    if (!text) return fail(text.error());
    auto const marks = read_marks(*text, file);
    if (!marks) return fail(marks.error());
    put_marks(*marks, listed);
    before = std::move(*text);
  }
  auto const now = to_csv(listed);
  // Untouched if nothing is to be added: what was signed is signed by its bytes.
  auto const known = before.empty() ? Marks{} : *read_marks(before, file);
  bool const all_there = std::all_of(listed.rows.begin(), listed.rows.end(), [&](auto const& row) {
    return known.contains({row.part, row.key});
  });
  if (!before.empty() && all_there) return {};
  return write_file(file, now);
}

Status check_labels(plan::Plan const& plan, plan::Ledger const& ledger) {
  if (plan.origin == "production" || ledger.has("unsealed")) return {};
  auto const body = body_of(ledger, "labels_signed");
  if (!body.is_object()) return {};
  auto const wrong = body.at("dev").at("wrong").get<std::uint64_t>();
  auto const rows = rows_of_dev(ledger);
  if (static_cast<double>(wrong) <= kMostWrong * static_cast<double>(rows)) return {};
  return fail(
      ErrorClass::refused,
      fmt::format("{} of {} dev rows have labels that {} signed as wrong, which is more than {:.0f}%: "
                  "scores against such labels show nothing, so test stays sealed",
                  wrong, rows, body.at("by").get<std::string>(), kMostWrong * 100),
      "mend the generator, make fresh rows and begin a new experiment with them");
}

}  // namespace itera::engine
