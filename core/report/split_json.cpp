#include "core/report/split_json.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace itera::report {
namespace {

using Json = nlohmann::json;

constexpr char const* kSets[] = {"sample", "train", "dev", "test"};

Json body_of_split(plan::Ledger const& ledger) {
  auto const* entry = ledger.last("split");
  auto body = entry ? Json::parse(entry->body_json) : Json();
  return body.is_object() && body.contains("parts") ? body : Json();
}

}  // namespace

std::string folds_note(Json const& split) {
  if (!split.is_object() || !split.contains("folds")) return {};
  auto const folds = split.at("folds").get<int>();
  auto const& parts = split.at("parts");
  return fmt::format(
      "With fewer than 50 rows there is no fixed train part. The rows that are not test's are divided into "
      "{} "
      "folds: {} rows are the reading fold, which is open as train is, and {} rows are the other {}, which "
      "are "
      "dev. What an arm learns, it learns for each fold without that fold, and for test from all of them. "
      "The "
      "{} test rows are sealed all the same.",
      folds, parts.at("train").dump(), parts.at("dev").dump(), folds - 1, parts.at("test").dump());
}

Json split_json(plan::Ledger const& ledger) {
  auto const split = body_of_split(ledger);
  if (!split.is_object()) return nullptr;
  auto const& parts = split.at("parts");
  return {{"train", parts.at("train")},
          {"dev", parts.at("dev")},
          {"test", parts.at("test")},
          {"folds", split.value("folds", Json())},
          {"note", folds_note(split)}};
}

Json distribution_json(plan::Ledger const& ledger) {
  auto const split = body_of_split(ledger);
  Json out = Json::array();
  if (!split.is_object()) return out;
  for (auto const& d : split.at("audit").at("dimensions")) {
    if (!d.contains("kind")) continue;  // by an earlier version, with less in it
    Json audits = Json::array();
    for (auto const* set : kSets)
      if (auto const found = d.at("results").find(set); found != d.at("results").end()) {
        auto one = *found;
        one["set"] = set;
        audits.push_back(one);
      }
    auto dimension = d;
    dimension.erase("results");
    dimension["audits"] = audits;
    out.push_back(std::move(dimension));
  }
  return out;
}

}  // namespace itera::report
