#include "tests/support/fake_catalog.hpp"

namespace itera::support {
namespace {

using ports::PluginInfo;
using ports::PluginKind;
using ports::SettingSchema;
using ports::SettingType;

SettingSchema setting(std::string name, SettingType type, std::string dimension = {}) {
  SettingSchema out;
  out.name = std::move(name);
  out.type = type;
  out.dimension = std::move(dimension);
  return out;
}

SettingSchema required(SettingSchema schema, std::string help) {
  schema.required = true;
  schema.help = std::move(help);
  return schema;
}

SettingSchema secret(SettingSchema schema) {
  schema.secret = true;
  return schema;
}

SettingSchema is_template(SettingSchema schema) {
  schema.is_template = true;
  return schema;
}

SettingSchema unit(SettingSchema schema, std::string unit) {
  schema.unit = std::move(unit);
  return schema;
}

SettingSchema between(SettingSchema schema, std::optional<double> least, std::optional<double> most) {
  schema.minimum = least;
  schema.maximum = most;
  return schema;
}

SettingSchema one_of(SettingSchema schema, std::vector<std::string> choices, std::string fallback) {
  schema.choices = std::move(choices);
  schema.default_json = std::move(fallback);
  return schema;
}

PluginInfo plugin(PluginKind kind, std::string name, std::vector<SettingSchema> settings,
                  std::vector<std::string> traits = {}) {
  PluginInfo out;
  out.kind = kind;
  out.id = "test." + std::string(to_string(kind)) + "." + name;
  out.short_name = std::move(name);
  out.version = "1.0.0";
  out.settings = std::move(settings);
  out.traits = std::move(traits);
  return out;
}

}  // namespace

FakeCatalog::FakeCatalog() {
  using enum SettingType;
  add(plugin(PluginKind::source, "csv", {required(setting("path", file), "the file with the rows")}));

  add(plugin(PluginKind::source, "postgres",
             {required(secret(setting("connection", text)), "where the database is"),
              required(setting("query", text), "the rows")}));

  for (auto const* name : {"typed", "wide", "unreadable"}) add(plugin(PluginKind::source, name, {}));

  auto command = required(setting("command", words, "program"), "the program and its arguments");
  command.names_files = true;
  add(plugin(PluginKind::arm, "process",
             {command, one_of(setting("feed", choice), {"raw", "json"}, "\"json\""),
              between(unit(setting("timeout", number), "s"), 0, {}), setting("prepare", words)}));
  add(plugin(PluginKind::arm, "openai",
             {required(setting("model", text, "model"), "the model's name"),
              is_template(setting("system", text, "prompt")), is_template(setting("user", text, "prompt")),
              required(secret(setting("api_key", text)), "the account's key"),
              between(setting("temperature", number, "sampling"), 0, 2),
              between(setting("top_k", integer, "sampling"), 1, {}),
              between(unit(setting("price", number), "usd"), {}, 100), setting("stream", flag, "sampling")}));
  add(plugin(PluginKind::arm, "anthropic",
             {required(setting("model", text, "model"), "the model's name"),
              is_template(setting("user", text, "prompt"))}));
  add(plugin(PluginKind::arm, "recorded", {required(setting("path", file, "outputs"), "recorded outputs")},
             {"deterministic", "recorded"}));

  auto ignore_case = setting("ignore_case", flag);
  ignore_case.default_json = "false";
  add(plugin(PluginKind::judge, "exact", {ignore_case}, {"deterministic"}));
  add(plugin(PluginKind::judge, "llm",
             {required(is_template(setting("rubric", text)), "how to score"), setting("model", text),
              setting("provider", text), setting("family", text), secret(setting("api_key", text))},
             {"model-judge"}));
  add(plugin(PluginKind::reporter, "markdown", {}));
  add(plugin(PluginKind::reporter, "html", {between(setting("rows", integer), 0, 20000)}));
  add(plugin(PluginKind::reporter, "charts", {setting("formats", words), setting("kinds", words)}));
}

void FakeCatalog::add(PluginInfo info) {
  auto key = std::pair{info.kind, info.short_name};
  plugins_.insert_or_assign(std::move(key), std::move(info));
}

Result<PluginInfo const*> FakeCatalog::find(PluginKind kind, std::string const& short_name) {
  if (kind == PluginKind::arm && short_name == "broken")
    return fail(ErrorClass::plugin, "it speaks ABI 2, this itera speaks 1", "build it against this version");
  auto const it = plugins_.find({kind, short_name});
  if (it == plugins_.end()) return fail(ErrorClass::invalid, "no such plugin");
  return &it->second;
}

std::vector<std::string> FakeCatalog::names(PluginKind kind) {
  std::vector<std::string> out;
  if (kind == PluginKind::arm) out.push_back("broken");
  for (auto const& [key, info] : plugins_)
    if (key.first == kind) out.push_back(key.second);
  return out;
}

Result<PluginInfo const*> FakeCatalog::use(std::string const& short_name,
                                           std::filesystem::path const& library) {
  if (library.extension() != ".so" || library.filename() == "missing.so")
    return fail(ErrorClass::invalid, "there is no such library",
                "check the path: it starts at the folder of the spec");
  // The judge of the plugin guide takes a length; any other team's plugin takes nothing.
  add(plugin(PluginKind::judge, short_name,
             short_name == "prefix" ? std::vector{setting("length", SettingType::integer)}
                                    : std::vector<SettingSchema>{}));
  return find(PluginKind::judge, short_name);
}

Result<std::optional<std::vector<ports::Column>>> fake_columns(ports::PluginInfo const& info,
                                                               spec::Actor const&) {
  std::vector<ports::Column> out;
  if (info.short_name == "unreadable")
    return fail(ErrorClass::invalid, "`rows.csv` is not there", "paths start at the folder of the spec");
  if (info.short_name == "typed") {
    for (auto const* name : {"package", "synopsis", "name", "section", "tier", "source"})
      out.push_back({name, "text"});
    out.push_back({"amount", "real"});
    out.push_back({"is_new", "bool"});
    return out;
  }
  if (info.short_name != "wide") return std::nullopt;
  for (int i = 1; i <= 15; ++i) out.push_back({"c" + std::to_string(i), "text"});
  return out;
}

}  // namespace itera::support
