#include "dsl/language_server/describe.hpp"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "dsl/explain/explain.hpp"

namespace itera::dsl::language_server {
namespace {

using ports::SettingType;
using Json = nlohmann::json;

std::string with_unit(std::string const& number, std::string const& unit) {
  return unit == "usd" ? "$" + number : number + unit;
}

std::string number(double value) {
  return fmt::format("{}", value);
}

std::string written(Json const& value, ports::SettingSchema const& setting) {
  if (value.is_string()) return setting.type == SettingType::choice ? value.get<std::string>() : value.dump();
  if (value.is_number()) return with_unit(value.dump(), setting.unit);
  if (value.is_boolean()) return value.dump();
  if (!value.is_array()) return {};
  std::string out;
  for (auto const& item : value) out += (out.empty() ? "" : ", ") + item.dump();
  return "[" + out + "]";
}

std::string type_of(ports::SettingSchema const& setting) {
  if (setting.secret) return "secret";
  constexpr std::string_view names[] = {"text", "file",   "number",       "integer",
                                        "flag", "choice", "list of words"};
  std::string out(names[static_cast<int>(setting.type)]);
  if (setting.unit == "usd") return out + " in US dollars";
  return setting.unit.empty() ? out : fmt::format("{} in {}", out, setting.unit);
}

std::string range_of(ports::SettingSchema const& setting) {
  auto const bound = [&](double value) { return with_unit(number(value), setting.unit); };
  if (setting.minimum && setting.maximum)
    return fmt::format("from {} to {}", bound(*setting.minimum), bound(*setting.maximum));
  if (setting.minimum) return fmt::format("{} or more", bound(*setting.minimum));
  if (setting.maximum) return fmt::format("{} or less", bound(*setting.maximum));
  return {};
}

std::string choices_of(ports::SettingSchema const& setting) {
  std::vector<std::string> out;
  for (auto const& choice : setting.choices) out.push_back("`" + choice + "`");
  return join_words(out, "or");
}

std::string rule_line(Form const& form) {
  auto const* rule = form.rule.empty() ? nullptr : rule_of(form.rule);
  if (!rule) return {};
  if (form.where == Block::guard) return fmt::format("\n\n*{} of the verdict: {}.*", rule->id, rule->clause);
  return fmt::format("\n\n*Rule {} of the method: {}.*", rule->id, rule->text);
}

}  // namespace

std::string presence(Form const& form) {
  std::string_view const words = form.presence == Presence::required  ? "required"
                                 : form.presence == Presence::several ? "may be written several times"
                                 : form.presence == Presence::one_or_more
                                     ? "required; may be written several times"
                                     : "optional";
  return form.fallback.empty() ? std::string(words) : fmt::format("{}; default: {}", words, form.fallback);
}

std::string describe(Form const& form) {
  return fmt::format("```itera\n{}\n```\n{}\n\n{}{}", form.form, form.means, presence(form), rule_line(form));
}

std::string describe(Word const& word) {
  return fmt::format("`{}`: {}", word.word, word.means);
}

std::string written_default(ports::SettingSchema const& setting) {
  auto const value = Json::parse(setting.default_json, nullptr, false);
  return value.is_discarded() ? std::string() : written(value, setting);
}

std::string in_short(ports::SettingSchema const& setting) {
  auto const fallback = written_default(setting);
  return fmt::format("{}{}{}", setting.required ? "required " : "", type_of(setting),
                     fallback.empty() ? "" : ", default " + fallback);
}

std::string describe(ports::PluginInfo const& info, ports::SettingSchema const& setting) {
  auto out = fmt::format("**{}**: setting of the {} plugin `{}`\n\n", setting.name,
                         ports::to_string(info.kind), info.short_name);
  if (!setting.help.empty()) out += setting.help + "\n\n";
  auto const line = [&](std::string const& text) { out += "- " + text + "\n"; };
  line(type_of(setting) + (setting.choices.empty() ? "" : ": " + choices_of(setting)));
  if (auto const range = range_of(setting); !range.empty()) line(range);
  if (setting.required) line("required");
  if (auto const fallback = written_default(setting); !fallback.empty()) line("default `" + fallback + "`");
  if (setting.secret) line("written as `env(\"NAME\")`: a secret is named, never written");
  if (setting.is_template) line("`{{name}}` in it stands for an input of the row");
  if (setting.names_files) line("a word that names a file enters the lock by the file's content");
  if (info.kind == ports::PluginKind::arm)
    line(setting.dimension.empty()
             ? "no dimension: no part of what arms are compared by"
             : fmt::format("dimension `{}`: an arm that changes it changes nothing else", setting.dimension));
  return out;
}

std::string describe(ports::PluginInfo const& info) {
  auto out =
      fmt::format("**{}** {}: {} plugin\n", info.short_name, info.version, ports::to_string(info.kind));
  if (!info.summary.empty()) out += "\n" + info.summary + "\n";
  if (!info.settings.empty()) out += "\n";
  for (auto const& setting : info.settings)
    out += fmt::format("- `{}`: {}{}\n", setting.name, in_short(setting),
                       setting.help.empty() ? "" : "; " + setting.help);
  return out;
}

}  // namespace itera::dsl::language_server
