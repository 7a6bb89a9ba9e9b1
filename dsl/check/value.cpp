#include "dsl/check/value.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/clause.hpp"
#include "dsl/check/quantity.hpp"

namespace itera::dsl::meaning {
namespace {

using ports::SettingType;
using syntax::Term;
using syntax::TermKind;

std::string_view what_it_takes(SettingType type) {
  constexpr std::string_view names[] = {"a quoted text or `file(\"path\")`",
                                        "the path of a file, quoted",
                                        "a number",
                                        "a whole number",
                                        "`true` or `false`",
                                        "a word",
                                        "a list of quoted texts"};
  return names[static_cast<int>(type)];
}

std::string example(ports::SettingSchema const& schema) {
  if (schema.secret) return "env(\"NAME\")";
  switch (schema.type) {
    case SettingType::text:
      return "\"...\"";
    case SettingType::file:
      return "\"...\"";
    case SettingType::number:
      return schema.unit == "usd" ? "$0.5" : schema.unit.empty() ? "0.5" : fmt::format("5{}", schema.unit);
    case SettingType::integer:
      return schema.unit.empty() ? "5" : schema.unit == "usd" ? "$5" : fmt::format("5{}", schema.unit);
    case SettingType::flag:
      return "true";
    case SettingType::choice:
      return schema.choices.empty() ? "word" : schema.choices.front();
    case SettingType::words:
      return "[\"...\"]";
  }
  return {};
}

class Reader {
 public:
  Reader(Report& report, ports::PluginKind kind, ports::SettingSchema const& schema, Term const& term)
      : report_(report), kind_(kind), schema_(schema), term_(term) {}

  std::optional<spec::Value> read() {
    bool const env = term_.kind == TermKind::call && term_.text == "env";
    if (schema_.secret) return env ? variable() : secret();
    if (env) {
      report_.error(codes::env_not_secret, term_.span,
                    fmt::format("`{}` is not secret, so it cannot take `env()`", schema_.name),
                    "all that the verdict depends on stands in the spec: write the value");
      return std::nullopt;
    }
    if (term_.kind == TermKind::call && term_.text != "file") {
      report_.error(codes::setting_type, term_.span, fmt::format("there is no value `{}(...)`", term_.text),
                    "there are `file(\"path\")` and, for secrets, `env(\"NAME\")`");
      return std::nullopt;
    }
    switch (schema_.type) {
      case SettingType::text:
        return term_.kind == TermKind::text ? value(term_.text) : is_file() ? file() : mismatch();
      case SettingType::file:
        return term_.kind == TermKind::text || is_file() ? file() : mismatch();
      case SettingType::number:
      case SettingType::integer:
        return term_.kind == TermKind::number ? number() : mismatch();
      case SettingType::flag:
        return is_word(term_, "true") || is_word(term_, "false") ? value(spec::Word{term_.text}) : mismatch();
      case SettingType::choice:
        return choice();
      case SettingType::words:
        return term_.kind == TermKind::list ? words() : mismatch();
    }
    return std::nullopt;
  }

 private:
  template <class T>
  spec::Value value(T data) const {
    return {std::move(data), term_.span};
  }

  bool is_file() const { return term_.kind == TermKind::call && term_.text == "file"; }

  std::optional<spec::Value> mismatch() {
    report_.error(codes::setting_type, term_.span,
                  fmt::format("`{}` takes {}, found {}", schema_.name, what_it_takes(schema_.type),
                              shown(report_, term_)),
                  fmt::format("write `{} = {}`", schema_.name, example(schema_)));
    return std::nullopt;
  }

  std::optional<spec::Value> secret() {
    report_.error(codes::written_secret, term_.span,
                  fmt::format("the secret `{}` is written into the spec", schema_.name),
                  fmt::format("name an environment variable: `{} = env(\"NAME\")`; a secret that was saved "
                              "here is no secret any more",
                              schema_.name));
    return std::nullopt;
  }

  std::optional<spec::Value> variable() {
    auto const& name = term_.items.front();
    bool const good = !name.text.empty() && std::all_of(name.text.begin(), name.text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (good) return value(spec::EnvRef{name.text});
    report_.error(codes::setting_type, name.span, "this is no name of an environment variable",
                  "such names are letters, digits and `_`: `env(\"API_KEY\")`");
    return std::nullopt;
  }

  std::optional<spec::Value> file() {
    auto const& path = is_file() ? term_.items.front() : term_;
    std::error_code ignored;
    bool const wanted = kind_ == ports::PluginKind::arm || kind_ == ports::PluginKind::judge;
    if (path.text.empty() ||
        (wanted && !std::filesystem::is_regular_file(report_.folder / path.text, ignored))) {
      report_.error(codes::unreadable_file, path.span,
                    path.text.empty() ? std::string("the path is empty")
                                      : fmt::format("there is no file `{}`", path.text),
                    "paths start at the folder of the spec");
      return std::nullopt;
    }
    if (schema_.type == SettingType::file) return value(path.text);
    return value(spec::FileRef{path.text});
  }

  std::optional<spec::Value> number() {
    auto const read = quantity(report_, term_);
    if (!read) return std::nullopt;
    auto const unit = schema_.unit == "usd" ? std::string_view("$") : std::string_view(schema_.unit);
    if (unit_text(read->unit) != unit) {
      report_.error(codes::setting_unit, term_.span,
                    unit.empty() ? fmt::format("`{}` takes a number without a unit, found `{}`", schema_.name,
                                               term_.text)
                                 : fmt::format("`{}` takes a number with the unit `{}`, found `{}`",
                                               schema_.name, unit, term_.text),
                    fmt::format("write it as in `{} = {}`", schema_.name, example(schema_)));
      return std::nullopt;
    }
    if (schema_.type == SettingType::integer && read->value.den != 1) return mismatch();
    auto const number = to_double(read->value);
    if ((schema_.minimum && number < *schema_.minimum) || (schema_.maximum && number > *schema_.maximum)) {
      auto const bounds = schema_.minimum && schema_.maximum
                              ? fmt::format("from {} to {}", *schema_.minimum, *schema_.maximum)
                          : schema_.minimum ? fmt::format("of at least {}", *schema_.minimum)
                                            : fmt::format("of at most {}", *schema_.maximum);
      report_.error(codes::setting_range, term_.span,
                    fmt::format("`{}` takes a number {}, found `{}`", schema_.name, bounds, term_.text));
      return std::nullopt;
    }
    return value(*read);
  }

  std::optional<spec::Value> choice() {
    auto const known = [&] {
      return std::find(schema_.choices.begin(), schema_.choices.end(), term_.text) != schema_.choices.end();
    };
    if (term_.kind == TermKind::word && known()) return value(spec::Word{term_.text});
    auto const near = did_you_mean(term_.text, schema_.choices);
    auto const help = term_.kind == TermKind::text && known()
                          ? fmt::format("write it without quotes: `{} = {}`", schema_.name, term_.text)
                      : near ? fmt::format("did you mean `{}`?", *near)
                             : std::string();
    report_.error(codes::setting_choice, term_.span,
                  fmt::format("`{}` takes {}, found {}", schema_.name, quoted(schema_.choices, "or"),
                              shown(report_, term_)),
                  help);
    return std::nullopt;
  }

  std::optional<spec::Value> words() {
    spec::List out;
    for (auto const& item : term_.items) {
      if (item.kind != TermKind::text) {
        report_.error(codes::setting_type, item.span,
                      fmt::format("`{}` takes quoted texts, found {}", schema_.name, shown(report_, item)),
                      "put it in quotes");
        return std::nullopt;
      }
      out.push_back({item.text, item.span});
    }
    if (out.empty() && schema_.required) {
      report_.error(codes::setting_type, term_.span,
                    fmt::format("`{}` takes at least one text", schema_.name));
      return std::nullopt;
    }
    return value(std::move(out));
  }

  Report& report_;
  ports::PluginKind kind_;
  ports::SettingSchema const& schema_;
  Term const& term_;
};

}  // namespace

std::optional<spec::Value> read_value(Report& report, ports::PluginKind kind,
                                      ports::SettingSchema const& schema, Term const& term) {
  return Reader(report, kind, schema, term).read();
}

std::string example_of(ports::SettingSchema const& schema) {
  return example(schema);
}

}  // namespace itera::dsl::meaning
