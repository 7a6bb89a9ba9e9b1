#include "conclusion.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sections.hpp"
#include "words.hpp"

std::string conclusion(nlohmann::json const& e) {
  auto const& v = e.at("verdict");
  auto out = fmt::format("# {}: {}\n\n## 1. In short\n\n{}\n", plain(at(e.at("experiment"), "name")),
                         at(v, "outcome"), sentence(at(v, "summary")));
  out += fmt::format("\n## 2. Question\n\n{}", question_section(e));
  out += fmt::format("\n## 3. Arms\n\n{}", arms_section(e));
  out += fmt::format("\n## 4. Metric and rule\n\n{}", rule_section(e));
  out += fmt::format("\n## 5. Dev\n\n{}", dev_section(e));
  out += fmt::format("\n## 6. Iterations\n\n{}", iterations_section(e));
  out += fmt::format("\n## 7. Test\n\n{}", test_section(e));
  out += fmt::format("\n## 8. Verdict\n\n{}", verdict_section(e));
  out += fmt::format("\n## 9. Self-audit\n\n{}", audit_section(e));
  return out;
}
