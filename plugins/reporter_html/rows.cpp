#include "rows.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace itera::html {
namespace {

using Json = nlohmann::json;

// Thrown and caught in this file only.
struct NoRecord : std::exception {};

std::string text(Json const& value) {
  if (!value.is_string()) throw NoRecord{};
  return value.get<std::string>();
}

void add_to_mean(std::optional<double>& mean, std::uint32_t& n, double value) {
  mean = (mean.value_or(0) * n + value) / (n + 1);
  ++n;
}

Flip flip_of(ArmCell const& arm, ArmCell const& baseline) {
  if (arm.scored == 0 || baseline.scored == 0) return Flip::none;
  auto const mine = std::uint64_t{arm.passed} * baseline.scored;
  auto const theirs = std::uint64_t{baseline.passed} * arm.scored;
  return mine > theirs ? Flip::win : mine < theirs ? Flip::loss : Flip::same;
}

bool fails(ArmCell const& arm) {
  return arm.passed < arm.trials || !arm.error.empty();
}

bool before(TableRow const& a, TableRow const& b) {
  return std::forward_as_tuple(rank_of(a), b.test, a.key) < std::forward_as_tuple(rank_of(b), a.test, b.key);
}

/// Gathers the lines of one row and keeps the best rows in a heap whose top is the worst of them.
class Collector {
 public:
  Collector(std::vector<std::string> const& arms, std::size_t most) : arms_(arms), most_(most) {}

  void line(Json const& record) {
    auto const key = text(record.at("key"));
    auto const split = text(record.at("split"));
    if (split != "test" && split != "dev") throw NoRecord{};
    if (!open_ || open_->key != key || open_->test != (split == "test")) {
      close();
      start(record, key, split == "test");
    }
    auto const arm = std::find(arms_.begin(), arms_.end(), text(record.at("arm")));
    if (arm == arms_.end()) throw NoRecord{};
    add(record, static_cast<std::size_t>(arm - arms_.begin()));
  }

  Selection finish() {
    close();
    std::sort(heap_.begin(), heap_.end(), before);
    out_.rows = std::move(heap_);
    out_.classes_left_out = classes_.size() > kMostClasses;
    for (auto& row : out_.rows) {
      ++out_.ranks[static_cast<std::size_t>(rank_of(row))].shown;
      if (out_.classes_left_out) row.row_class.reset();
    }
    out_.rows_in_all.shown = out_.rows.size();
    return std::move(out_);
  }

 private:
  void start(Json const& record, std::string const& key, bool test) {
    auto const& slices = record.at("slices");
    if (out_.rows_in_all.all == 0)
      for (auto const& [column, _] : slices.items()) out_.columns.push_back(column);
    open_.emplace();
    open_->test = test;
    open_->key = key;
    if (auto const& row_class = record.at("class"); !row_class.is_null()) {
      open_->row_class = text(row_class);
      if (classes_.size() <= kMostClasses) classes_.insert(*open_->row_class);
    }
    for (auto const& column : out_.columns)
      open_->slices.push_back(slices.contains(column) ? text(slices.at(column)) : std::string());
    open_->weight = record.at("weight").get<double>();
    open_->arms.resize(arms_.size());
    priced_.assign(arms_.size(), 0);
    timed_.assign(arms_.size(), 0);
  }

  void add(Json const& record, std::size_t arm) {
    auto& cell = open_->arms[arm];
    ++cell.trials;
    if (auto const& score = record.at("score"); !score.is_null()) {
      ++cell.scored;
      cell.score_sum += score.get<double>();
      if (record.at("passed").get<bool>()) ++cell.passed;
    }
    for (auto const& failure : record.at("failures")) cell.failures.insert(text(failure));
    if (auto const& cost = record.at("cost_usd"); !cost.is_null())
      add_to_mean(cell.cost_usd, priced_[arm], cost.get<double>());
    // 0 is what stands for an answer that nobody timed, one from a recording for instance.
    if (auto const latency = record.at("meta").at("latency_ms").get<double>(); latency > 0)
      add_to_mean(cell.latency_ms, timed_[arm], latency);
    if (auto const& error = record.at("error"); !error.is_null() && cell.error.empty())
      cell.error = text(error);
    if (auto const ending = text(record.at("ending")); ending != "scored" && cell.error.empty())
      cell.error = ending == "judge_error" ? "judge error" : ending == "arm_error" ? "arm error" : "missing";
  }

  void close() {
    if (!open_) return;
    for (std::size_t i = 1; i < open_->arms.size(); ++i)
      open_->arms[i].flip = flip_of(open_->arms[i], open_->arms[0]);
    ++out_.rows_in_all.all;
    ++out_.ranks[static_cast<std::size_t>(rank_of(*open_))].all;
    if (heap_.size() == most_ && (most_ == 0 || !before(*open_, heap_.front()))) return open_.reset();
    if (heap_.size() == most_) {
      std::pop_heap(heap_.begin(), heap_.end(), before);
      heap_.pop_back();
    }
    heap_.push_back(std::move(*open_));
    std::push_heap(heap_.begin(), heap_.end(), before);
    open_.reset();
  }

  std::vector<std::string> const& arms_;
  std::size_t most_;
  Selection out_;
  std::vector<TableRow> heap_;
  std::optional<TableRow> open_;
  std::vector<std::uint32_t> priced_, timed_;
  std::set<std::string> classes_;
};

}  // namespace

Rank rank_of(TableRow const& row) {
  auto const flips = [](ArmCell const& arm) { return arm.flip == Flip::win || arm.flip == Flip::loss; };
  if (std::any_of(row.arms.begin(), row.arms.end(), flips)) return Rank::flip;
  return std::any_of(row.arms.begin(), row.arms.end(), fails) ? Rank::failure : Rank::rest;
}

Selection select_rows(std::filesystem::path const& file, std::vector<std::string> const& arms,
                      std::size_t most) {
  Selection none;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    none.problem = "rows.jsonl cannot be read";
    return none;
  }
  Collector collector(arms, most);
  std::uint64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    auto const record = Json::parse(line, nullptr, false);
    try {
      collector.line(record);
    } catch (std::exception const&) {
      none.problem = fmt::format("line {} of rows.jsonl is no record of this experiment", number);
      return none;
    }
  }
  if (in.bad()) {
    none.problem = "rows.jsonl cannot be read to its end";
    return none;
  }
  return collector.finish();
}

}  // namespace itera::html
