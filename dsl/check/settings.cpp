#include "dsl/check/settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/plugins.hpp"
#include "dsl/check/seen.hpp"
#include "dsl/check/value.hpp"

namespace itera::dsl::meaning {
namespace {

using syntax::TermKind;

ports::SettingSchema const* schema_of(ports::PluginInfo const& info, std::string_view name) {
  auto const it =
      std::find_if(info.settings.begin(), info.settings.end(), [&](auto const& s) { return s.name == name; });
  return it == info.settings.end() ? nullptr : &*it;
}

std::vector<std::string> names_of(ports::PluginInfo const& info) {
  std::vector<std::string> out;
  for (auto const& s : info.settings) out.push_back(s.name);
  return out;
}

void unknown_setting(Report& report, ports::PluginInfo const& info, spec::Name const& name) {
  auto const names = names_of(info);
  auto const near = did_you_mean(name.value, names);
  report.error(codes::unknown_setting, name.span,
               fmt::format("the {} plugin `{}` has no setting `{}`", ports::to_string(info.kind),
                           info.short_name, name.value),
               near            ? fmt::format("did you mean `{}`?", *near)
               : names.empty() ? std::string("it has no settings")
                               : fmt::format("it has {}", quoted(names)));
}

}  // namespace

std::vector<spec::Setting> read_settings(Report& report, ports::PluginInfo const& info,
                                         std::span<Clause const> clauses, bool& sound) {
  std::vector<spec::Setting> out;
  Seen seen;
  for (auto const& clause : clauses) {
    auto const& head = clause.terms.front();
    if (head.kind != TermKind::assignment) continue;
    spec::Name const name{head.items[0].text, head.items[0].span};
    auto const before = seen.met(name.value, name.span);
    auto const* schema = schema_of(info, name.value);
    if (before) {
      report
          .error(codes::setting_twice, name.span,
                 fmt::format("the setting `{}` is written twice", name.value))
          .labels.push_back({*before, "first written here"});
      sound = false;
    } else if (!schema) {
      unknown_setting(report, info, name);
      sound = false;
    } else if (auto value = read_value(report, info.kind, *schema, head.items[1])) {
      out.push_back({name, std::move(*value)});
    } else {
      sound = false;
    }
    Cursor cursor(report, clause);
    if (!cursor.at_end() || clause.body) cursor.unexpected("another setting or end of line");
    sound = sound && cursor.ok() && !clause.broken;
  }
  return out;
}

std::vector<spec::Setting> overlay(std::vector<spec::Setting> base, std::span<spec::Setting const> own) {
  for (auto const& setting : own) {
    auto const it = std::find_if(base.begin(), base.end(),
                                 [&](auto const& s) { return s.name.value == setting.name.value; });
    it == base.end() ? base.push_back(setting) : static_cast<void>(*it = setting);
  }
  return base;
}

void require_settings(Report& report, ports::PluginInfo const& info, std::span<spec::Setting const> settings,
                      Span where) {
  std::vector<std::string> missing;
  std::string help;
  for (auto const& schema : info.settings) {
    auto const written = std::any_of(settings.begin(), settings.end(),
                                     [&](auto const& s) { return s.name.value == schema.name; });
    if (!schema.required || written) continue;
    missing.push_back(schema.name);
    help += fmt::format("{}write `{} = {}`{}{}", help.empty() ? "" : "\n", schema.name, example_of(schema),
                        schema.help.empty() ? "" : ": ", schema.help);
  }
  if (!missing.empty())
    report.error(codes::missing_setting, where,
                 fmt::format("the {} plugin `{}` needs {}", ports::to_string(info.kind), info.short_name,
                             quoted(missing)),
                 help);
}

bool refuse_clauses(Report& report, ports::PluginInfo const* info, std::span<Clause const> clauses,
                    std::span<std::string_view const> heads) {
  bool sound = true;
  for (auto const& clause : clauses) {
    auto const& head = clause.terms.front();
    if (head.kind == TermKind::assignment ||
        std::find(heads.begin(), heads.end(), clause.word()) != heads.end())
      continue;
    sound = false;
    if (clause.broken) continue;
    if (info && schema_of(*info, head.text)) {
      report.error(codes::unknown_clause, head.span,
                   fmt::format("the setting `{}` is written with `=`", head.text),
                   fmt::format("write `{} = {}`", head.text, example_of(*schema_of(*info, head.text))));
      continue;
    }
    auto candidates = info ? names_of(*info) : std::vector<std::string>();
    candidates.insert(candidates.end(), heads.begin(), heads.end());
    auto const near = did_you_mean(head.text, candidates);
    report.error(codes::unknown_clause, head.span,
                 fmt::format("expected a setting, found {}", shown(report, head)),
                 near ? meant(head, *near) : "settings are written `name = value`");
  }
  return sound;
}

spec::Actor read_actor(Report& report, ports::PluginKind kind, Cursor& cursor, Clause const& clause,
                       ports::PluginInfo const** info, spec::Actor const* parent) {
  spec::Actor out;
  out.span = clause.span();
  auto const name = cursor.expect_name(fmt::format("the name of {} plugin", with_article(kind)));
  cursor.finish(true);
  if (!name || !cursor.ok()) return out;
  out.plugin = *name;
  auto const* const found = find_plugin(report, kind, *name);
  if (info) *info = found;
  auto const clauses = clause.body ? clauses_of(*clause.body, {}, true) : std::vector<Clause>();
  bool sound = refuse_clauses(report, found, clauses, {});
  if (!found) return out;
  sound = sound && !clause.broken && !(clause.body && has_broken(*clause.body));
  out.settings = read_settings(report, *found, clauses, sound);
  if (parent && parent->plugin.value == name->value) out.settings = overlay(parent->settings, out.settings);
  if (sound && !(parent && parent->plugin.value.empty()))
    require_settings(report, *found, out.settings, name->span);
  return out;
}

}  // namespace itera::dsl::meaning
