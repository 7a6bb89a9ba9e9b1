#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/spec/value.hpp"
#include "dsl/check/report.hpp"

namespace itera::dsl::meaning {

/// Words that no arm, category or metric may be called: they start a clause or belong to the ship rule, where
/// a name would be read as the word.
std::span<std::string_view const> reserved_words();

/// The names of an experiment's arms, categories, slices and metrics: one namespace, since the ship rule and
/// the report call all of them by name alone.
class Names {
 public:
  explicit Names(Report& report) : report_(report) {}
  /// Takes `name` for a `what` ("an arm"). A slice is a column, whose name the data decides, so it may be
  /// reserved.
  void add(spec::Name const& name, std::string_view what, bool column = false);

 private:
  struct Taken {
    std::string what;
    Span span;
  };
  Report& report_;
  std::map<std::string, Taken, std::less<>> taken_;
};

}  // namespace itera::dsl::meaning
