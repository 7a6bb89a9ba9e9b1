#include "core/engine/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/engine/folder.hpp"
#include "core/engine/head.hpp"
#include "core/engine/status_file.hpp"
#include "core/plan/ledger.hpp"
#include "core/run/purse.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

std::string rows_of(Json const& split, char const* part) {
  auto const& rows = split.value("parts", Json::object());
  return rows.contains(part) ? rows.at(part).dump() : "?";
}

std::uint64_t signed_rows(Json const& body) {
  std::uint64_t out = 0;
  for (auto const* part : {"dev", "test"})
    out += body.value(part, Json::object()).value("listed", std::uint64_t{0});
  return out;
}

std::string text_of(std::string const& kind, Json const& body) {
  if (kind == "framed") return "question, metric, ship rule and split policy are locked";
  if (kind == "amended")
    return fmt::format("{} changes before lock two", body.value("changes", Json()).size());
  if (kind == "split")
    return fmt::format("{} {}, dev {}, test {} rows",
                       body.contains("folds") ? "5 folds: reading fold" : "train", rows_of(body, "train"),
                       rows_of(body, "dev"), rows_of(body, "test"));
  if (kind == "sealed") return "test is sealed";
  if (kind == "prepared") return fmt::format("`{}` prepared", body.value("arm", ""));
  if (kind == "pilot")
    return fmt::format("the pilot {}{}", body.value("passed", false) ? "passed" : "failed",
                       body.contains("row_usd")
                           ? fmt::format("; a row with all arms and trials costs about {}, judging included",
                                         run::money(body.at("row_usd").get<double>()))
                           : "");
  if (kind == "replayed") return fmt::format("answers come from a recording of {}", body.value("begun", ""));
  if (kind == "canaries")
    return body.value("held", false) ? "the judge held on outputs whose verdict is known"
                                     : "the judge failed on outputs whose verdict is known";
  if (kind == "crosscheck")
    return body.value("passed", false) ? "the second judge agrees" : "the second judge does not agree";
  if (kind == "registered") return "arms, slices and split are locked";
  if (kind == "determinism") return "arms that are declared deterministic were verified";
  if (kind == "baseline_pass") return "the baseline's first trial on dev is written down";
  if (kind == "dev_pass") return fmt::format("{} answers on dev", body.value("cells", Json()).dump());
  if (kind == "labels_signed")
    return fmt::format("the labels of {} rows that the baseline fails are signed by {}", signed_rows(body),
                       body.value("by", ""));
  if (kind == "unsealed") return "test is opened";
  if (kind == "salvaged")
    return fmt::format("a damaged store was put aside: {} entries kept", body.value("kept", Json()).dump());
  if (kind == "torn") return "an entry that a power cut left unfinished was cut off";
  if (kind == "resumed") return "the pass on test goes on";
  if (kind == "verdict") return body.value("outcome", "");
  return {};
}

std::optional<AtWork> at_work(std::filesystem::path const& file) {
  auto const text = read_file(file);
  if (!text) return std::nullopt;
  auto const json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  AtWork out;
  try {
    out.pid = json.at("pid");
    out.alive = process_started(out.pid) == json.at("process_started").get<std::uint64_t>();
    out.begun = json.at("begun");
    out.updated = json.at("updated");
    out.phase = json.at("phase");
    auto const& pass = json.at("pass");
    if (!pass.is_object()) return out;
    out.pass = pass.at("name");
    out.rows = pass.at("rows");
    out.trials = pass.at("trials");
    out.done = pass.at("done");
    out.total = pass.at("total");
    out.per_second = pass.at("per_second");
    for (auto const& arm : pass.at("arms"))
      out.arms.push_back(
          {arm.at("name"), arm.at("done"), arm.at("total"), arm.at("errors"), arm.at("cost_usd")});
  } catch (Json::exception const&) {
    return std::nullopt;  // another version's file: as good as none
  }
  return out;
}

std::string next_of(StatusReport const& report, plan::Ledger const& ledger) {
  if (!report.outcome.empty()) return fmt::format("read {}", (report.folder / "conclusion.md").string());
  if (report.work && report.work->alive) return "wait, or stop it with Ctrl-C where it runs";
  if (ledger.has("unsealed")) return "`itera run` goes on with the one pass on test";
  return "`itera run` goes on after the last step that stands here";
}

}  // namespace

Result<StatusReport> status_of(std::filesystem::path const& root) {
  Folder const folder{root, {}};
  if (auto const ok = check_is_experiment(folder); !ok) return fail(ok.error());
  auto const ledger = open_ledger(folder);
  // What cannot be believed is a matter of the method, not of the command line.
  if (!ledger)
    return fail(ledger.error().kind == ErrorClass::invalid ? ErrorClass::refused : ledger.error().kind,
                ledger.error().what, ledger.error().help);
  StatusReport out;
  out.folder = root;
  for (auto const& entry : ledger->entries()) {
    auto const body = Json::parse(entry.body_json, nullptr, false);
    auto const meta = Json::parse(entry.meta_json, nullptr, false);
    if (entry.kind == "framed") out.name = body.value("name", "");
    if (entry.kind == "verdict") out.outcome = body.value("outcome", "");
    out.steps.push_back(
        {entry.kind, meta.is_object() ? meta.value("at", "") : "", text_of(entry.kind, body)});
  }
  out.work = at_work(folder.progress());
  out.next = next_of(out, *ledger);
  return out;
}

}  // namespace itera::engine
