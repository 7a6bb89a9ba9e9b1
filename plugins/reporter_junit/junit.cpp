#include "junit.hpp"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

std::string at(Json const& object, char const* key) {
  auto const it = object.find(key);
  return it == object.end() || !it->is_string() ? std::string() : it->get<std::string>();
}

struct Case {
  std::string name, status, evidence;
};

std::string one_case(std::string const& suite, Case const& c) {
  auto const head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml_text(suite), xml_text(c.name));
  auto const evidence = xml_text(c.evidence);
  if (c.status == "n/a")
    return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", head, evidence);
  if (c.status == "pass")
    return fmt::format("{}>\n      <system-out>{}</system-out>\n    </testcase>\n", head, evidence);
  return fmt::format("{}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n", head,
                     c.status == "unproven" ? "inconclusive" : xml_text(c.status), evidence,
                     xml_text(c.name + ": " + c.evidence));
}

std::string status_of(std::string const& outcome) {
  return outcome == "ship" || outcome == "ship narrowly" ? "pass"
         : outcome == "inconclusive"                     ? "unproven"
         : outcome == "invalid"                          ? "invalid"
                                                         : "fail";
}

std::string properties(Json const& evidence, std::string const& arm, std::string const& outcome) {
  std::string out = "    <properties>\n";
  auto const add = [&](char const* name, std::string const& value) {
    out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_text(value));
  };
  add("outcome", outcome);
  if (evidence.contains("effect_sizes") && evidence.at("effect_sizes").contains(arm))
    for (auto const* key : {"delta", "ci_low", "ci_high", "n"})
      if (auto const& value = evidence.at("effect_sizes").at(arm).at("aggregate").at(key); !value.is_null())
        add(key, value.dump());
  return out + "    </properties>\n";
}

struct Suite {
  std::string name, xml;
  std::size_t tests = 0, failures = 0, skipped = 0;
};

Suite suite(Json const& evidence, std::string const& arm, std::string const& outcome,
            std::vector<Case> const& cases) {
  Suite out{at(evidence.at("experiment"), "name") + (arm.empty() ? "" : "." + arm), {}};
  std::string body;
  for (auto const& c : cases) {
    ++out.tests;
    out.skipped += c.status == "n/a";
    out.failures += c.status != "n/a" && c.status != "pass";
    body += one_case(out.name, c);
  }
  out.xml = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}{}  "
      "</testsuite>\n",
      xml_text(out.name), out.tests, out.failures, out.skipped, properties(evidence, arm, outcome), body);
  return out;
}

std::vector<Suite> suites(Json const& evidence) {
  std::vector<Suite> out;
  auto const& verdict = evidence.at("verdict");
  if (evidence.contains("arm_verdicts"))
    for (auto const& arm : evidence.at("arms")) {
      auto const id = at(arm, "id");
      if (!evidence.at("arm_verdicts").contains(id)) continue;
      auto const& v = evidence.at("arm_verdicts").at(id);
      std::vector<Case> cases;
      for (auto const& check : v.at("checks"))
        cases.push_back(
            {at(check, "id") + " " + at(check, "clause"), at(check, "status"), at(check, "evidence")});
      auto const outcome = at(v, "outcome");
      cases.push_back({"verdict", status_of(outcome), outcome + ", decided by " + at(v, "decided_by")});
      out.push_back(suite(evidence, id, outcome, cases));
    }
  if (out.empty()) {
    auto const outcome = at(verdict, "outcome");
    out.push_back(suite(evidence, "", outcome, {{"verdict", status_of(outcome), at(verdict, "rationale")}}));
  }
  return out;
}

// What XML 1.0 has no way to write, not even as a reference.
std::size_t unwritable(std::string_view text) {
  auto const byte = static_cast<unsigned char>(text[0]);
  if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return 1;
  if (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) return 3;
  return 0;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (auto const skip = unwritable(text)) {
      text.remove_prefix(skip);
      continue;
    }
    switch (text[0]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out += text[0];
    }
    text.remove_prefix(1);
  }
  return out;
}

std::string junit(Json const& evidence) {
  std::size_t tests = 0, failures = 0, skipped = 0;
  std::string body;
  for (auto const& s : suites(evidence)) {
    tests += s.tests, failures += s.failures, skipped += s.skipped;
    body += s.xml;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "errors=\"0\" "
      "skipped=\"{}\">\n{}</testsuites>\n",
      xml_text(at(evidence.at("experiment"), "name")), tests, failures, skipped, body);
}
