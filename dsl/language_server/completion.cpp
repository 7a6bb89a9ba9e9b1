#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/language_server/analysis.hpp"
#include "dsl/language_server/describe.hpp"
#include "dsl/language_server/loose.hpp"
#include "dsl/language_server/place.hpp"

namespace itera::dsl::language_server {
namespace {

using syntax::Term;
using syntax::TermKind;
using Kind = Completion::Kind;

// Stands in the text for the word that is being typed, so that the tree says where that is.
constexpr std::string_view kHere = "itera_completes_here";

constexpr std::string_view kFunctions[] = {"min", "max", "abs", "len"};
constexpr std::string_view kConditions[] = {"output", "expected", "not", "true", "false"};
constexpr std::string_view kOperators[] = {"and", "or", "matches"};

bool is_in(std::span<std::string_view const> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_expression(Slot slot) {
  return slot == Slot::expression || slot == Slot::condition;
}

// Whether an expression may end, or go on with an operator, behind the term.
bool ends_operand(Term const& term) {
  if (term.kind == TermKind::word)
    return !is_in(kOperators, term.text) && term.text != "not" && term.text != "severity" &&
           term.text != "when";
  return term.kind != TermKind::symbol || term.text == ")";
}

// A column that is no name, or that is a word of the language where it stands, needs backquotes.
std::string as_column(std::string const& name, Block block, Slot slot) {
  bool const word = is_in(heads(block), name) ||
                    (is_expression(slot) &&
                     (is_in(kFunctions, name) || is_in(kOperators, name) || is_in(kConditions, name)));
  bool const plain = !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
                     std::all_of(name.begin(), name.end(), is_name_character) && !word;
  return plain ? name : "`" + name + "`";
}

class Completer {
 public:
  Completer(SourceMap const& marked, Place const& place, Lookup const& lookup)
      : source_(marked), place_(place), lookup_(lookup), clause_(*place.current()) {}

  std::vector<Completion> items() {
    auto const& here = *place_.innermost();
    bool const settings = place_.block == Block::arm || place_.block == Block::settings;
    if (settings && place_.terms.front()->kind == TermKind::assignment) {
      if (place_.terms.size() == 2 && place_.terms[1] == &here) value_of_setting();
      return std::move(out_);
    }
    if (here.kind == TermKind::column) quoted_ = true;
    if (place_.index == 0) {
      begin_clause();
      return std::move(out_);
    }
    if (place_.terms.front()->kind == TermKind::assignment) {
      for (auto const& value : traffic_of(place_.terms.front()->text)) offer_value(value, value);
      return std::move(out_);
    }
    auto const before = clause_.terms.first(place_.index);
    auto const found = match(place_.block, before);
    bool open = false;  // an expression that cannot end here
    for (auto const* element : found.expected) {
      open = open || (is_expression(element->slot) && !ends_operand(before.back()));
      offer(*element, before);
    }
    bool const ended = found.complete || (settings && before.front().kind == TermKind::assignment);
    if (ended && !open) offer_heads();
    return std::move(out_);
  }

 private:
  void add(Completion item) {
    if (seen_.insert(item.label).second) out_.push_back(std::move(item));
  }

  // At the begin of a line: what the line before waits for, what is missing, what may stand here too.
  void begin_clause() {
    if (*place_.clause > 0)
      for (auto const* element : match(place_.block, place_.clauses[*place_.clause - 1].terms).expected)
        if (element->slot == Slot::word && element->text == "and") offer(*element, {});
    if (place_.block == Block::traffic) offer_columns(Slot::stratum);
    offer_heads();
  }

  void offer_heads() {
    std::set<std::string_view> written;
    for (auto const& clause : place_.clauses) written.insert(clause.word());
    auto const head = [&](std::string_view word) {
      auto const all = forms_of(place_.block, word);
      std::string text;
      for (auto const* form : all) text += (text.empty() ? "" : "\n\n") + describe(*form);
      add({Kind::clause, std::string(word), std::string(word), presence(*all.front()), std::move(text)});
    };
    auto const may_stand = [&](std::string_view word) {
      auto const presence = forms_of(place_.block, word).front()->presence;
      return !written.contains(word) || presence == Presence::several || presence == Presence::one_or_more;
    };
    bool const baseline = place_.owner && place_.owner->word() == "baseline";
    for (auto const word : heads(place_.block)) {
      auto const presence = forms_of(place_.block, word).front()->presence;
      bool const missing =
          !written.contains(word) && (presence == Presence::required || presence == Presence::one_or_more);
      if (missing || (baseline && word == "ref" && may_stand(word))) head(word);
    }
    offer_settings();
    for (auto const word : heads(place_.block))
      if (may_stand(word) && !(baseline && word == "one")) head(word);
  }

  void offer_settings() {
    auto const use = used();
    auto const* info = use ? plugin_called(lookup_, use->kind, use->name) : nullptr;
    if (!info) return;
    std::set<std::string_view> written, inherited;
    for (auto const* setting : settings_in(*place_.owner)) written.insert(setting->text);
    for (auto const& parent : use->inherits_from)
      for (auto const* setting : settings_in(parent)) inherited.insert(setting->text);
    auto const offer = [&](bool missing) {
      for (auto const& setting : info->settings) {
        bool const needed = setting.required && !inherited.contains(setting.name);
        if (written.contains(setting.name) || needed != missing) continue;
        auto detail = in_short(setting);
        if (inherited.contains(setting.name)) detail += ", inherited";
        if (!setting.dimension.empty()) detail += fmt::format(", changes the {}", setting.dimension);
        add({Kind::setting, setting.name, setting.name + " = ", std::move(detail), describe(*info, setting)});
      }
    };
    offer(true);
    offer(false);
  }

  std::optional<PluginUse> used() const {
    bool const settings = place_.block == Block::arm || place_.block == Block::settings;
    if (!settings || !place_.experiment || !place_.owner) return std::nullopt;
    return plugin_of(*place_.experiment, *place_.owner);
  }

  void value_of_setting() {
    auto const use = used();
    auto const* info = use ? plugin_called(lookup_, use->kind, use->name) : nullptr;
    auto const* schema = info ? setting_called(*info, place_.terms.front()->text) : nullptr;
    if (!schema) return;
    auto const fallback = written_default(*schema);
    auto const value = [&](std::string const& text, std::string_view detail = "") {
      add({Kind::value, text, text, std::string(text == fallback ? "default" : detail), ""});
    };
    if (schema->secret) return value("env(\"\")", "the name of an environment variable");
    for (auto const& choice : schema->choices) value(choice);
    if (!fallback.empty()) value(fallback);
    switch (schema->type) {
      case ports::SettingType::flag:
        value("true");
        value("false");
        break;
      case ports::SettingType::text:
        value("\"\"", "a text");
        value("file(\"\")", "the text in a file");
        break;
      case ports::SettingType::file:
        value("\"\"", "the path of a file");
        break;
      case ports::SettingType::words:
        value("[\"\"]", "a list of texts");
        break;
      default:
        break;
    }
  }

  void offer(Element const& element, std::span<Term const> before) {
    switch (element.slot) {
      case Slot::word:
        return offer_word(element.text, *element.form);
      case Slot::source:
        return offer_plugins(ports::PluginKind::source);
      case Slot::plugin:
        return offer_plugins(ports::PluginKind::arm);
      case Slot::judge:
        return offer_plugins(ports::PluginKind::judge);
      case Slot::reporter:
        return offer_plugins(ports::PluginKind::reporter);
      case Slot::arm:
        return offer_arms();
      case Slot::category:
        return offer_names(Declared::Kind::category);
      case Slot::metric:
        return offer_names(Declared::Kind::secondary);
      case Slot::column:
      case Slot::stratum:
      case Slot::entity:
      case Slot::slice:
        return offer_columns(element.slot);
      case Slot::slice_value:
        return offer_slice_values();
      case Slot::expression:
      case Slot::condition:
        return offer_operands(element, before);
      default:
        return;
    }
  }

  void offer_word(std::string_view word, Form const& form) {
    if (form.where == Block::guard && form.word == word)
      return add({Kind::word, std::string(word), std::string(word), std::string(form.form), describe(form)});
    auto const* meaning = word_in(form.where == Block::guard ? "ship" : form.word, word);
    add({Kind::word, std::string(word), std::string(word), std::string(meaning ? meaning->means : ""), ""});
  }

  void offer_plugins(ports::PluginKind kind) {
    for (auto const& name : lookup_.catalog.names(kind)) {
      auto const* info = plugin_called(lookup_, kind, name);
      add({Kind::plugin, name, name,
           info && !info->summary.empty() ? info->summary : fmt::format("{} plugin", ports::to_string(kind)),
           info ? describe(*info) : ""});
    }
  }

  void offer_declared(Declared const& declared, std::string const& written) {
    auto const& terms = declared.clause.terms;
    auto const head = squeeze(source_.slice({terms.front().span.begin, terms.back().span.end}));
    add({Kind::name, written, written, std::string(noun(declared.kind)),
         fmt::format("```itera\n{}\n```", head)});
  }

  // An arm stands below the one it derives from; a sprint refines what can ship.
  void offer_arms() {
    if (!place_.experiment) return;
    bool const sprint = clause_.word() == "sprint";
    for (auto const& declared : place_.experiment->declared) {
      bool const fits =
          sprint ? declared.kind == Declared::Kind::arm
                 : declared.kind <= Declared::Kind::control && declared.span.begin < clause_.head().begin;
      if (fits) offer_declared(declared, declared.name);
    }
  }

  void offer_names(Declared::Kind kind) {
    if (!place_.experiment) return;
    for (auto const& declared : place_.experiment->declared)
      if (declared.kind == kind) offer_declared(declared, declared.name);
  }

  void offer_column(std::string const& name, Slot slot, std::string detail) {
    auto const written = quoted_ ? "`" + name + "`" : as_column(name, place_.block, slot);
    bool const backquotes = !quoted_ && written != name;
    add({Kind::column, written, written, std::move(detail), "", backquotes ? name : std::string()});
  }

  void offer_columns(Slot slot) {
    if (!place_.experiment) return;
    auto const source = slot == Slot::column || is_expression(slot)
                            ? columns_of(*place_.experiment, source_, lookup_)
                            : std::nullopt;
    if (source) {
      for (auto const& column : source->columns)
        offer_column(column.name, slot, fmt::format("{} column of `{}`", column.type, source->source));
      return;
    }
    for (auto const& declared : place_.experiment->declared) {
      auto const part = declared.clause.word();
      bool const fits = declared.kind == Declared::Kind::column && declared.name != kHere &&
                        (slot == Slot::slice     ? part == "slice"
                         : slot == Slot::stratum ? part == "slice" || part == "expected"
                         : slot == Slot::entity  ? part == "entity"
                                                 : true);
      if (fits) offer_column(declared.name, slot, fmt::format("`{}` in `row`", part));
    }
  }

  // `tier=`, with the values that the traffic names.
  void offer_slice_values() {
    if (!place_.experiment) return;
    for (auto const& declared : place_.experiment->declared) {
      if (declared.kind != Declared::Kind::column || declared.clause.word() != "slice") continue;
      if (as_column(declared.name, Block::none, Slot::slice) != declared.name) continue;
      for (auto const& value : traffic_of(declared.name))
        offer_value(fmt::format("{}={}", declared.name, value), value);
    }
  }

  void offer_value(std::string const& written, std::string const& value) {
    add({Kind::value, written, written, fmt::format("{} in `traffic`", value), ""});
  }

  std::vector<std::string> traffic_of(std::string const& column) const {
    std::vector<std::string> out;
    for (auto const& clause : place_.experiment->clauses) {
      if (clause.word() != "traffic" || !clause.body) continue;
      for (auto const& line : clauses_in(*clause.body, Block::traffic)) {
        if (line.terms.front().text != column) continue;
        auto const found = match(Block::traffic, line.terms);
        for (std::size_t i = 0; i < found.elements.size(); ++i)
          if (found.elements[i]->slot == Slot::value) out.emplace_back(source_.slice(line.terms[i].span));
      }
    }
    return out;
  }

  void offer_operands(Element const& element, std::span<Term const> before) {
    bool const condition = element.slot == Slot::condition;
    if (ends_operand(before.back())) {
      if (condition)
        for (auto const word : kOperators) offer_word(word, *element.form);
      return;
    }
    offer_columns(element.slot);
    for (auto const word : kFunctions) offer_word(word, *element.form);
    if (condition)
      for (auto const word : kConditions) offer_word(word, *element.form);
  }

  SourceMap const& source_;
  Place const& place_;
  Lookup const& lookup_;
  Clause const& clause_;
  bool quoted_ = false;  // the column that is being typed has its backquote already
  std::vector<Completion> out_;
  std::set<std::string> seen_;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Completions complete(SourceMap const& source, std::uint32_t offset, Lookup const& lookup) {
  auto const& text = source.text();
  offset = static_cast<std::uint32_t>(std::min<std::size_t>(offset, text.size()));
  std::size_t begin = offset, end = offset;
  while (begin > 0 && is_name_character(text[begin - 1])) --begin;
  while (end < text.size() && is_name_character(text[end])) ++end;
  Completions out{{static_cast<std::uint32_t>(begin), offset}, {}};
  if (begin < offset && is_digit(text[begin])) return out;

  SourceMap const marked(source.path(), text.substr(0, begin) + std::string(kHere) + text.substr(end));
  Outline const outline(marked.text());
  auto const place = locate(outline, static_cast<std::uint32_t>(begin));
  auto const* here = place.innermost();
  bool const column = here && here->kind == TermKind::column;
  bool const word = here && here->kind == TermKind::word && here->text == kHere;
  if (!place.current() || (!column && !word)) return out;
  if (column) {
    out.replaces.begin = here->span.begin;
    // The closing backquote is replaced too, if it stands there.
    auto const close = offset + (end - offset);
    if (close < text.size() && text[close] == '`') out.replaces.end = static_cast<std::uint32_t>(close + 1);
  }
  out.items = Completer(marked, place, lookup).items();
  return out;
}

}  // namespace itera::dsl::language_server
