#include "core/report/imported_rule.hpp"

#include <cstdlib>

namespace itera::report {

std::optional<Rational> rational(Walk const& at) {
  auto const word = at.text();
  auto const value = word ? parse_rational(*word) : std::nullopt;
  // Divided further on, so that the bound on both parts keeps the arithmetic exact.
  bool const small = value && std::abs(value->num) <= 1'000'000'000 && value->den <= 1'000'000'000;
  if (!small) at.wrong("expected an exact number as text, such as \"0.05\" or \"1/3\"");
  return small ? value : std::nullopt;
}

ReadRule read_rule(Walk const& rule) {
  ReadRule read;
  spec::ShipRule out;
  bool effect = false, terms = true;
  rule.each([&](std::size_t, Walk const& line) {
    auto const kind_at = line.member("kind");
    if (!line.object()) return;
    // A line of a version before the rule was written for programs.
    if (!line.member("check").there() || !kind_at.there()) {
      terms = terms && !(line.member("check").text() == "C1");
      return;
    }
    auto const kind = kind_at.text().value_or("");
    auto const bound = [&] { return rational(line.member("threshold")).value_or(Rational{}); };
    auto const relative = line.member("relative").flag().value_or(false);
    auto const word = line.member("mode").text().value_or("point");
    auto const mode = word == "interval" ? spec::SliceMode::interval
                      : word == "harm"   ? spec::SliceMode::harm
                                         : spec::SliceMode::point;
    auto const name = [&](char const* key) {
      auto const at = line.member(key);
      auto const text = at.text();
      if (!text) at.wrong("a name is missing");
      return spec::Name{text.value_or(""), {}};
    };
    if (kind == "effect") {
      out.effect = bound();
      out.relative = relative;
      out.strict = mode == spec::SliceMode::interval;
      if (line.member("over_traffic_of").there()) out.over = name("over_traffic_of");
      effect = true;
    } else if (kind == "slice") {
      out.slices.push_back(
          {name("slice"), line.member("value").text().value_or(""), bound(), mode, {}, relative});
    } else if (kind == "category") {
      out.categories.push_back({name("category"), {}, mode});
    } else if (kind == "category sum") {
      read.sum_clause = true;
    } else if (kind == "metric") {
      out.metrics.push_back({name("metric"), bound(), mode, {}, relative});
    } else if (kind == "cost" || kind == "latency" || kind == "latency p95") {
      using Of = spec::GuardClause::Of;
      out.guards.push_back({kind == "cost"      ? Of::cost
                            : kind == "latency" ? Of::latency
                                                : Of::latency_p95,
                            bound(),
                            {}});
    }
  });
  if (effect && terms) read.rule = std::move(out);
  return read;
}

}  // namespace itera::report
