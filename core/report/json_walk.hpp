#pragma once
#include <cmath>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/report/imported.hpp"

namespace itera::report {

/// Walks an untrusted document member by member, knows where it is, and keeps the first thing that is wrong.
/// After that it finds nothing more, so callers need not ask after each step.
class Walk {
 public:
  using Json = nlohmann::json;
  struct Range {
    double least, most;
    char const* said;  ///< "a fraction from 0 to 1"
  };

  explicit Walk(Misread& problem, bool& failed, Json const* at, std::string path,
                std::vector<std::string>& ignored)
      : problem_(problem), failed_(failed), at_(at), path_(std::move(path)), ignored_(ignored) {}

  bool there() const { return !failed_ && at_ && !at_->is_null(); }
  std::string const& path() const { return path_; }
  void wrong(std::string what, std::string help = {}) const {
    if (failed_) return;
    failed_ = true;
    problem_ = {path_, std::move(what), std::move(help)};
  }

  /// A member that is absent, null or (after an error) lost is not `there`.
  Walk member(std::string const& key) const {
    Json const* found = nullptr;
    if (there() && at_->is_object())
      if (auto const it = at_->find(key); it != at_->end()) found = &*it;
    return Walk(problem_, failed_, found, path_ + verdict::pointer({key}), ignored_);
  }
  /// Calls `f` with each member of an object, or with each element of a list.
  void each_member(std::function<void(std::string const&, Walk const&)> const& f) const {
    if (!object()) return;
    for (auto const& [key, value] : at_->items())
      f(key, Walk(problem_, failed_, &value, path_ + verdict::pointer({key}), ignored_));
  }
  void each(std::function<void(std::size_t, Walk const&)> const& f) const {
    if (!there()) return;
    if (!at_->is_array()) return wrong(std::string("expected a list, found ") + kind());
    for (std::size_t i = 0; i < at_->size(); ++i)
      f(i, Walk(problem_, failed_, &(*at_)[i], path_ + "/" + std::to_string(i), ignored_));
  }
  /// Whether it is there and an object; reports what else it is.
  bool object() const {
    if (!there()) return false;
    if (at_->is_object()) return true;
    wrong(std::string("expected an object, found ") + kind());
    return false;
  }
  /// Notes every member that is not among `known`.
  void only(std::set<std::string> const& known) const {
    if (!there() || !at_->is_object()) return;
    for (auto const& [key, value] : at_->items())
      if (!known.contains(key)) ignored_.push_back(path_ + verdict::pointer({key}));
  }
  void ignore() const {
    if (there()) ignored_.push_back(path_);
  }

  std::optional<double> number(Range const& range) const {
    if (!there()) return std::nullopt;
    if (!at_->is_number()) {
      wrong(std::string("expected a number, found ") + kind());
      return std::nullopt;
    }
    auto const value = at_->get<double>();
    if (std::isfinite(value) && value >= range.least && value <= range.most) return value;
    wrong(shown(value) + " is not " + range.said);
    return std::nullopt;
  }
  std::optional<std::string> text() const {
    if (!there()) return std::nullopt;
    if (at_->is_string()) return at_->get<std::string>();
    wrong(std::string("expected a text, found ") + kind());
    return std::nullopt;
  }
  std::optional<bool> flag() const {
    if (!there()) return std::nullopt;
    if (at_->is_boolean()) return at_->get<bool>();
    wrong(std::string("expected true or false, found ") + kind());
    return std::nullopt;
  }

 private:
  static std::string shown(double value);
  char const* kind() const;

  Misread& problem_;
  bool& failed_;
  Json const* at_;
  std::string path_;
  std::vector<std::string>& ignored_;
};

}  // namespace itera::report
