#include "core/cli/view/explain.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kWidth = 100;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(text.find(' ', at), text.size());
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Lines of words, none longer than the width.
std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out, line;
  auto const flush = [&] {
    if (!line.empty()) out += fmt::format("{}{}\n", indent, line);
    line.clear();
  };
  for (auto const& word : words(text)) {
    if (line.size() + 1 + word.size() > kWidth) flush();
    line += (line.empty() ? "" : " ") + word;
  }
  flush();
  return out;
}

Json excuse_json(dsl::Excuse const& e) {
  return {{"excuse", e.excuse}, {"answer", e.answer}, {"rules", words(e.rules)}};
}

Json rule_json(dsl::MethodRule const& rule) {
  Json excuses = Json::array();
  for (auto const& excuse : dsl::excuses_for(rule.id)) excuses.push_back(excuse_json(excuse));
  return {{"rule", rule.id}, {"text", rule.text}, {"clause", rule.clause}, {"excuses", excuses}};
}

void print_excuses(std::ostream& out, dsl::MethodRule const& rule) {
  auto const all = dsl::excuses_for(rule.id);
  if (!all.empty()) out << "\nwhat is said against it, and the answer\n";
  for (auto const& e : all) out << fmt::format("  \"{}\"\n    {}\n", e.excuse, e.answer);
}

}  // namespace

void human_list(std::ostream& out) {
  out << "errors and warnings (`itera explain E221`)\n";
  for (auto const& e : dsl::explanations()) out << fmt::format("  {}  {}\n", e.code.id, e.code.title);
  out << "\nrules of the method (`itera explain S8`)\n";
  for (auto const& r : dsl::method_rules())
    if (!r.text.empty()) out << fmt::format("  {:<4}  {}\n", r.id, r.text);
  out << "\n`itera explain excuses` lists what is said to get round them, and the answers\n";
}

void json_list(std::ostream& out) {
  Json codes = Json::array(), rules = Json::array();
  for (auto const& e : dsl::explanations()) codes.push_back({{"code", e.code.id}, {"title", e.code.title}});
  for (auto const& r : dsl::method_rules()) rules.push_back({{"rule", r.id}, {"text", r.text}});
  out << canonical({{"ok", true}, {"codes", codes}, {"rules", rules}}) << "\n";
}

void human_code(std::ostream& out, dsl::Explanation const& code) {
  out << fmt::format("{}: {}\n\n{}\nfor example\n", code.code.id, code.code.title, wrapped(code.text, ""));
  for (auto const& line : split_lines(code.example)) out << fmt::format("  {}\n", line);
  out << "\nthe way on\n" << wrapped(code.way, "  ");
  if (auto const* rule = dsl::rule_of(code.rule)) {
    out << fmt::format("\nrule {} of the method\n", rule->id) << wrapped(rule->text, "  ");
    print_excuses(out, *rule);
  }
}

void json_code(std::ostream& out, dsl::Explanation const& code) {
  auto const* rule = dsl::rule_of(code.rule);
  out << canonical({{"ok", true},
                    {"code", code.code.id},
                    {"title", code.code.title},
                    {"text", code.text},
                    {"example", code.example},
                    {"way_on", code.way},
                    {"rule", rule ? rule_json(*rule) : Json()}})
      << "\n";
}

void human_rule_of_method(std::ostream& out, dsl::MethodRule const& rule) {
  if (!rule.text.empty()) out << fmt::format("rule {} of the method\n", rule.id) << wrapped(rule.text, "  ");
  if (!rule.clause.empty())
    out << fmt::format("{}{} as a clause of a verdict\n", rule.text.empty() ? "" : "\n", rule.id)
        << wrapped(rule.clause, "  ");
  print_excuses(out, rule);
}

void json_rule(std::ostream& out, dsl::MethodRule const& rule) {
  auto document = rule_json(rule);
  document["ok"] = true;
  out << canonical(document) << "\n";
}

void human_excuses(std::ostream& out) {
  for (auto const& e : dsl::excuses()) out << fmt::format("\"{}\"\n  {} ({})\n", e.excuse, e.answer, e.rules);
}

void json_excuses(std::ostream& out) {
  Json all = Json::array();
  for (auto const& e : dsl::excuses()) all.push_back(excuse_json(e));
  out << canonical({{"ok", true}, {"excuses", all}}) << "\n";
}

}  // namespace itera::cli::view
