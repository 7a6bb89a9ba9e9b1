#include "dsl/check/names.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace itera::dsl::meaning {

std::span<std::string_view const> reserved_words() {
  static constexpr std::string_view words[] = {
      // what starts a clause of an experiment
      "question", "hypothesis", "rows", "origin", "row", "sample", "split", "traffic", "baseline", "arm",
      "control", "metric", "also", "crosscheck", "failure", "severity", "trials", "ship", "sprint", "accept",
      "budget", "report",
      // what belongs to the ship rule or stands between two names
      "when", "effect", "and", "or", "not", "every", "by", "point", "interval", "harm", "does", "rise",
      "over", "cost", "latency", "from", "using", "weight", "experiment", "use", "per", "of"};
  return words;
}

void Names::add(spec::Name const& name, std::string_view what, bool column) {
  auto const words = reserved_words();
  if (!column && std::find(words.begin(), words.end(), name.value) != words.end()) {
    report_.error(codes::reserved_word, name.span,
                  fmt::format("`{}` is a word of the language, not a name for {}", name.value, what),
                  "take another name");
    return;
  }
  auto const [it, fresh] = taken_.try_emplace(name.value, Taken{std::string(what), name.span});
  if (fresh) return;
  report_
      .error(codes::name_taken, name.span, fmt::format("the name `{}` is used twice", name.value),
             "arms, failure categories, slices and metrics share one set of names")
      .labels.push_back({it->second.span, fmt::format("first used for {} here", it->second.what)});
}

}  // namespace itera::dsl::meaning
