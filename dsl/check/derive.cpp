#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "dsl/check/arms.hpp"
#include "dsl/check/plugins.hpp"
#include "dsl/check/settings.hpp"
#include "dsl/check/texts.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl::meaning {
namespace {

constexpr std::string_view kImplementation = "implementation";

/// Two values with the same key are the same to F4: white space is folded, a file stands for its text.
class Comparer {
 public:
  explicit Comparer(std::filesystem::path const& folder) : folder_(folder) {}

  bool same(ports::SettingSchema const& schema, ArmDraft const& a, ArmDraft const& b) const {
    return key(schema, a) == key(schema, b);
  }

 private:
  static constexpr std::uintmax_t kReadable = 4 * 1024 * 1024;

  std::string key(ports::SettingSchema const& schema, ArmDraft const& draft) const {
    for (auto const& setting : draft.arm.actor.settings) {
      if (setting.name.value != schema.name) continue;
      // Each arm is held against all before it, so what is long is looked at once.
      auto& known = known_[&setting.value];
      if (known.empty()) known = sha256(key(schema, setting.value));
      return known;
    }
    if (schema.default_json.empty()) return {};
    return sha256(key(nlohmann::json::parse(schema.default_json, nullptr, false)));
  }

  std::string key(ports::SettingSchema const& schema, spec::Value const& value) const {
    if (auto const* text = std::get_if<std::string>(&value.data))
      return schema.type == ports::SettingType::file ? of_file(*text) : of_text(*text);
    if (auto const* file = std::get_if<spec::FileRef>(&value.data)) return of_file(file->path);
    if (auto const* number = std::get_if<spec::Quantity>(&value.data))
      return of_number(to_double(number->value));
    if (auto const* word = std::get_if<spec::Word>(&value.data))
      return schema.type == ports::SettingType::flag ? "flag " + word->text : of_text(word->text);
    if (auto const* env = std::get_if<spec::EnvRef>(&value.data)) return "env " + env->name;
    std::string out = "list";
    for (auto const& item : std::get<spec::List>(value.data)) out += "\n" + key(schema, item);
    return out;
  }

  std::string key(nlohmann::json const& value) const {
    if (value.is_string()) return of_text(value.get<std::string>());
    if (value.is_number()) return of_number(value.get<double>());
    if (value.is_boolean()) return value.get<bool>() ? "flag true" : "flag false";
    if (!value.is_array()) return {};
    std::string out = "list";
    for (auto const& item : value) out += "\n" + key(item);
    return out;
  }

  static std::string of_text(std::string const& text) { return "text " + squeeze(text); }
  static std::string of_number(double number) { return fmt::format("number {}", number); }
  std::string of_file(std::string const& path) const {
    auto const file = folder_ / path;
    std::error_code failed;
    if (std::filesystem::file_size(file, failed) > kReadable || failed) return "file " + path;
    auto const text = read_file(file);
    return text ? of_text(*text) : "file " + path;
  }

  std::filesystem::path const& folder_;
  // By the place of a value in the drafts, none of which moves or changes once it is compared.
  mutable std::unordered_map<spec::Value const*, std::string> known_;
};

class Deriver {
 public:
  Deriver(Report& report, std::vector<ArmDraft>& drafts, bool complete)
      : report_(report), drafts_(drafts), complete_(complete), comparer_(report.folder) {}

  void run() {
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      auto* const parent = drafts_[i].arm.role != spec::ArmRole::baseline ? parent_of(i) : nullptr;
      resolve(drafts_[i], parent);
      if (!parent || !drafts_[i].sound || !parent->sound) continue;
      compare(drafts_[i], *parent);
      // An iteration may try again what another arm is: only its own parent is its contrast.
      if (drafts_[i].sound && drafts_[i].arm.role != spec::ArmRole::iteration) refuse_twins(i, *parent);
    }
  }

 private:
  ArmDraft* parent_of(std::size_t child) {
    auto& draft = drafts_[child];
    if (draft.parent) return &drafts_[*draft.parent];
    if (!draft.arm.parent) return nullptr;
    auto const& name = *draft.arm.parent;
    std::vector<std::string> above;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      if (drafts_[i].arm.name.value.empty()) continue;
      if (i < child) above.push_back(drafts_[i].arm.name.value);
      if (drafts_[i].arm.name.value != name.value) continue;
      if (i < child) return &drafts_[i];
      draft.sound = false;
      if (i == child) {
        report_.error(codes::unknown_name, name.span,
                      fmt::format("the arm `{}` derives from itself", name.value),
                      "derive it from the baseline or from an arm above it");
      } else {
        report_
            .error(codes::unknown_name, name.span,
                   fmt::format("the arm `{}` is defined further down", name.value),
                   "move it up: an arm stands below the one it derives from")
            .labels.push_back({drafts_[i].arm.name.span, "defined here"});
      }
      return nullptr;
    }
    draft.sound = false;
    if (!complete_ ||
        std::any_of(drafts_.begin(), drafts_.end(), [](auto const& d) { return d.arm.name.value.empty(); }))
      return nullptr;
    auto const near = did_you_mean(name.value, above);
    report_.error(codes::unknown_name, name.span, fmt::format("no arm is called `{}`", name.value),
                  near            ? fmt::format("did you mean `{}`?", *near)
                  : above.empty() ? std::string("an experiment begins with its baseline")
                                  : fmt::format("it may derive from {}", listed(above, "or")));
    return nullptr;
  }

  void resolve(ArmDraft& draft, ArmDraft const* parent) {
    bool const inherits = parent && !draft.plugin;
    bool swaps = !draft.plugin.has_value();
    if (draft.plugin) {
      draft.arm.actor.plugin = *draft.plugin;
      draft.info = find_plugin(report_, ports::PluginKind::arm, *draft.plugin);
      swaps = draft.info != nullptr;
      if (parent && parent->info && parent->info == draft.info) {
        report_.error(
            codes::same_plugin, draft.plugin->span,
            fmt::format("`{}` uses `{}` already", parent->arm.name.value, draft.plugin->value),
            fmt::format(
                "leave `using {}` out: the arm inherits the plugin and its settings, and writes what differs",
                draft.plugin->value));
        draft.sound = false;
      }
    } else if (parent) {
      draft.arm.actor.plugin = parent->arm.actor.plugin;
      draft.info = parent->info;
    }
    draft.sound = refuse_clauses(report_, draft.info, draft.clauses, syntax::words::arm) && draft.sound;
    if (!draft.info || !swaps) {
      draft.sound = false;
      return;
    }
    draft.arm.actor.settings = draft.own = read_settings(report_, *draft.info, draft.clauses, draft.sound);
    if (inherits) {
      draft.sound = draft.sound && parent->sound;
      draft.arm.actor.settings = overlay(parent->arm.actor.settings, draft.own);
    } else if (draft.sound) {
      require_settings(report_, *draft.info, draft.arm.actor.settings, draft.plugin->span);
    }
  }

  // F3 and F4 against the parent.
  void compare(ArmDraft& draft, ArmDraft const& parent) {
    if (draft.info != parent.info) {
      draft.arm.changed = {std::string(kImplementation)};
      return;
    }
    struct Change {
      std::string dimension;
      Span span;
    };
    std::vector<Change> changes;
    std::vector<Span> same;
    std::vector<Span> aside;
    for (auto const& setting : draft.own) {
      auto const schema = std::find_if(draft.info->settings.begin(), draft.info->settings.end(),
                                       [&](auto const& s) { return s.name == setting.name.value; });
      if (comparer_.same(*schema, draft, parent)) {
        same.push_back(setting.name.span);
      } else if (schema->dimension.empty()) {
        aside.push_back(setting.name.span);
      } else if (std::none_of(changes.begin(), changes.end(),
                              [&](auto const& c) { return c.dimension == schema->dimension; })) {
        changes.push_back({schema->dimension, setting.name.span});
      }
    }
    for (auto const& change : changes) draft.arm.changed.push_back(change.dimension);
    if (changes.size() > 1) {
      std::vector<std::string> names;
      for (auto const& change : changes) names.push_back(change.dimension);
      auto& problem = report_.error(
          codes::two_dimensions, draft.arm.name.span,
          fmt::format("{} `{}` changes {} things against `{}`: {}", noun(draft.arm.role),
                      draft.arm.name.value, changes.size(), parent.arm.name.value, quoted(names)),
          draft.arm.role == spec::ArmRole::iteration
              ? std::string("make an iteration of each: what each of them does is then known")
              : fmt::format("make {0} of each, the second derived from the first: `{1} NAME from {2}`",
                            draft.arm.role == spec::ArmRole::control ? "a control" : "an arm",
                            draft.arm.role == spec::ArmRole::control ? "control" : "arm",
                            draft.arm.name.value));
      for (auto const& change : changes)
        problem.labels.push_back({change.span, fmt::format("changes the {}", change.dimension)});
      draft.sound = false;
    } else if (changes.empty()) {
      auto& problem = report_.error(
          codes::no_change, draft.arm.name.span,
          fmt::format("{} `{}` changes nothing against `{}`", noun(draft.arm.role), draft.arm.name.value,
                      parent.arm.name.value),
          fmt::format("there is nothing to test: change one thing, or delete {}", noun(draft.arm.role)));
      for (auto const& span : same)
        problem.labels.push_back({span, fmt::format("the same as in `{}`", parent.arm.name.value)});
      for (auto const& span : aside) problem.labels.push_back({span, "is no part of what is tested"});
      draft.sound = false;
    } else {
      count_places(draft, parent);
    }
  }

  // Three lines are three changes, unless the author says how they are one.
  void count_places(ArmDraft& draft, ArmDraft const& parent) {
    std::size_t places = 0;
    std::vector<Span> where;
    for (auto const& setting : draft.own) {
      auto const schema = std::find_if(draft.info->settings.begin(), draft.info->settings.end(),
                                       [&](auto const& s) { return s.name == setting.name.value; });
      if (schema->type != ports::SettingType::text || schema->dimension.empty() || schema->secret) continue;
      auto const n = changed_places(written(*schema, parent), text_of(report_.folder, setting.value));
      places += n;
      if (n > 0) where.push_back(setting.value.span);
    }
    if (places < 2 || draft.arm.mechanism) return;
    auto const summary = fmt::format("{} `{}` changes its text in {} separate places", noun(draft.arm.role),
                                     draft.arm.name.value, places);
    std::string const help = "split it up, or say how they are one: `one mechanism \"why\"`";
    if (draft.arm.role == spec::ArmRole::iteration) {
      report_.error(codes::several_places, where.front(), summary, help);
      draft.sound = false;
    } else {
      report_.warning(codes::several_places_warning, where.front(), summary, help);
    }
  }

  std::string written(ports::SettingSchema const& schema, ArmDraft const& draft) const {
    for (auto const& setting : draft.arm.actor.settings)
      if (setting.name.value == schema.name) return text_of(report_.folder, setting.value);
    auto const fallback = nlohmann::json::parse(schema.default_json, nullptr, false);
    return fallback.is_string() ? fallback.get<std::string>() : std::string();
  }

  // F4 against the arms that are not the parent.
  void refuse_twins(std::size_t index, ArmDraft const& parent) {
    auto& draft = drafts_[index];
    for (std::size_t i = 0; i < index; ++i) {
      auto const& other = drafts_[i];
      if (&other == &parent || !other.sound || other.info != draft.info) continue;
      bool const twin =
          std::all_of(draft.info->settings.begin(), draft.info->settings.end(), [&](auto const& schema) {
            return schema.dimension.empty() || comparer_.same(schema, draft, other);
          });
      if (!twin) continue;
      report_
          .error(codes::no_change, draft.arm.name.span,
                 fmt::format("{} `{}` is the same as `{}`", noun(draft.arm.role), draft.arm.name.value,
                             other.arm.name.value),
                 "there is nothing to test between the two: delete one")
          .labels.push_back({other.arm.name.span, "the other one"});
      draft.sound = false;
      return;
    }
  }

  Report& report_;
  std::vector<ArmDraft>& drafts_;
  bool complete_;
  Comparer comparer_;
};

}  // namespace

void derive(Report& report, std::vector<ArmDraft>& drafts, bool complete) {
  Deriver(report, drafts, complete).run();
}

}  // namespace itera::dsl::meaning
