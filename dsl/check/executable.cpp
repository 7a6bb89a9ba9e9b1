#include "dsl/check/executable.hpp"

#include <fmt/format.h>

#include "dsl/syntax/codes.hpp"

namespace itera::dsl {

Diagnostics not_executed(spec::Experiment const& experiment) {
  Diagnostics out;
  auto const refuse = [&](Span subject, std::string_view what) {
    out.error(codes::not_yet.id, subject,
              fmt::format("{} is not executed by this version of itera yet", what),
              "`check` and `plan` read it; for `run` leave it out, or use a version that has it");
  };
  auto const& e = experiment;
  for (auto const& sprint : e.sprints) refuse(sprint.span, "`sprint`");

  auto const& rule = e.rule;
  if (rule.over && (rule.relative || rule.effect.num <= 0))
    refuse(rule.over->span, "`over traffic` with a threshold that is relative, zero or less");
  return out;
}

}  // namespace itera::dsl
