#include "core/report/signed.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/report/evidence.hpp"

namespace itera::report {
namespace {

using Json = nlohmann::json;

std::vector<verdict::AuditLine> audit_of(Json const& document) {
  using enum verdict::Answer;
  std::vector<verdict::AuditLine> out;
  for (auto const& line : document.at("self_audit")) {
    verdict::AuditLine one{line.at("line"), cannot_be_shown, line.at("evidence")};
    for (auto const answer : {yes, no, not_applicable})
      if (line.at("answer") == to_string(answer)) one.answer = answer;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

void take_signature(Json& document, verdict::AuditLine const& line, plan::Ledger const& ledger) {
  auto& verdict = document.at("verdict");
  auto const points = verdict.value("open_points", std::vector<std::string>{});
  auto const before = reservations(points, audit_of(document));
  for (auto& one : document.at("self_audit"))
    if (one.at("line") == line.line) {
      one["answer"] = to_string(line.answer);
      one["evidence"] = line.evidence;
    }
  auto const after = reservations(points, audit_of(document));
  auto summary = verdict.at("summary").get<std::string>();
  if (!before.empty() && summary.ends_with(" " + before)) {
    summary.resize(summary.size() - before.size() - 1);
    verdict["summary"] = after.empty() ? summary : summary + " " + after;
  }
  document.at("ledger") = ledger_json(ledger);
  document.at("digests").at("ledger") = ledger.head();
}

}  // namespace itera::report
