#include "core/plan/pin.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"

namespace itera::plan {
namespace {

namespace fs = std::filesystem;

struct Pinner {
  fs::path const& folder;
  std::string const& role;
  bool hash_files;
  bool resolve_secrets;
  bool mark_secrets;
  nlohmann::json files = nlohmann::json::object();
  ports::Secrets secrets{};

  // A program's name is looked up as the shell would: with a slash from the spec's folder, else along PATH.
  std::optional<fs::path> locate(std::string const& word, bool program) const {
    std::error_code ec;
    auto const here = folder / word;
    if ((!program || word.find('/') != word.npos) && fs::is_regular_file(here, ec)) return here;
    if (!program || word.find('/') != word.npos) return std::nullopt;
    std::string const path = std::getenv("PATH") ? std::getenv("PATH") : "/usr/local/bin:/usr/bin:/bin";
    for (std::size_t at = 0; at <= path.size();) {
      auto const end = std::min(path.find(':', at), path.size());
      auto const candidate = fs::path(path.substr(at, end - at)) / word;
      if (fs::is_regular_file(candidate, ec) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
      at = end + 1;
    }
    return std::nullopt;
  }

  Status add_file(std::string const& name, fs::path const& file) {
    auto const digest = sha256_file(file);
    if (!digest) return fail(ErrorClass::invalid, fmt::format("{}: {}", role, digest.error().what));
    files[name] = *digest;
    return {};
  }

  // The value as it enters the lock and as the instance gets it.
  struct Both {
    nlohmann::json locked, given;
  };

  Result<Both> value(ports::SettingSchema const& schema, spec::Value const& value, bool first_word) {
    if (auto const* text = std::get_if<std::string>(&value.data)) {
      if (schema.type == ports::SettingType::file) {
        if (hash_files)
          if (auto const ok = add_file(*text, folder / *text); !ok) return fail(ok.error());
        return Both{*text, (folder / *text).string()};
      }
      if (schema.names_files)
        if (auto const file = locate(*text, first_word))
          if (auto const ok = add_file(*text, *file); !ok) return fail(ok.error());
      return Both{*text, *text};
    }
    if (auto const* word = std::get_if<spec::Word>(&value.data)) {
      if (schema.type == ports::SettingType::flag) return Both{word->text == "true", word->text == "true"};
      return Both{word->text, word->text};
    }
    if (auto const* number = std::get_if<spec::Quantity>(&value.data)) {
      if (schema.type == ports::SettingType::integer) return Both{number->value.num, number->value.num};
      return Both{to_double(number->value), to_double(number->value)};
    }
    if (auto const* file = std::get_if<spec::FileRef>(&value.data)) {
      auto const text = read_file(folder / file->path);
      if (!text) return fail(ErrorClass::invalid, fmt::format("{}: {}", role, text.error().what));
      files[file->path] = sha256(*text);
      return Both{{{"file", file->path}}, *text};
    }
    if (auto const* env = std::get_if<spec::EnvRef>(&value.data)) {
      auto const* const found = std::getenv(env->name.c_str());
      if (!found && resolve_secrets)
        return fail(ErrorClass::invalid,
                    fmt::format("{}: the environment variable `{}` is not set", role, env->name),
                    fmt::format("set it before the run: export {}=...", env->name));
      if (!mark_secrets) return Both{{{"env", env->name}}, found ? found : ""};
      if (found) secrets[env->name] = found;
      return Both{{{"env", env->name}}, ports::secret_mark(env->name)};
    }
    Both list{nlohmann::json::array(), nlohmann::json::array()};
    bool first = true;
    for (auto const& element : std::get<spec::List>(value.data)) {
      auto const both = this->value(schema, element, first);
      if (!both) return both;
      list.locked.push_back(both->locked);
      list.given.push_back(both->given);
      first = false;
    }
    return list;
  }
};

}  // namespace

Result<PinnedActor> pin(spec::Actor const& actor, ports::PluginInfo const& info,
                        std::filesystem::path const& folder, std::string const& role, bool hash_files,
                        bool resolve_secrets) {
  PinnedActor out;
  out.info = info;
  auto const digest = sha256_file(info.library);
  if (!digest) return fail(digest.error());
  out.library_digest = *digest;

  // An arm or a judge makes no calls itself, so that it has no need to know.
  bool const marks = info.kind == ports::PluginKind::arm || info.kind == ports::PluginKind::judge;
  Pinner pinner{folder, role, hash_files, resolve_secrets, marks};
  nlohmann::json locked = nlohmann::json::object();
  nlohmann::json given = nlohmann::json::object();
  for (auto const& schema : info.settings) {
    auto const written = std::find_if(actor.settings.begin(), actor.settings.end(),
                                      [&](spec::Setting const& s) { return s.name.value == schema.name; });
    if (written != actor.settings.end()) {
      auto const both = pinner.value(schema, written->value, false);
      if (!both) return fail(both.error());
      locked[schema.name] = both->locked;
      given[schema.name] = both->given;
    } else if (!schema.default_json.empty()) {
      locked[schema.name] = given[schema.name] = nlohmann::json::parse(schema.default_json);
    }
  }
  out.locked_json = canonical({{"plugin", info.short_name},
                               {"id", info.id},
                               {"version", info.version},
                               {"library", out.library_digest},
                               {"settings", locked},
                               {"files", pinner.files}});
  out.settings_json = canonical(given);
  out.secrets = std::move(pinner.secrets);
  return out;
}

std::string with_file_names(PinnedActor const& actor, std::string text) {
  auto const locked = nlohmann::json::parse(actor.locked_json);
  for (auto const& [name, value] : locked.at("settings").items()) {
    if (!value.is_object() || !value.contains("file")) continue;
    auto const written = fmt::format("`{}`:", name);
    auto const shown = value.at("file").get<std::string>() + ":";
    for (auto at = text.find(written); at != text.npos; at = text.find(written, at + shown.size()))
      text.replace(at, written.size(), shown);
  }
  return text;
}

}  // namespace itera::plan
