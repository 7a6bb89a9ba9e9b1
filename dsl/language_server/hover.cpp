#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/language_server/analysis.hpp"
#include "dsl/language_server/describe.hpp"
#include "dsl/language_server/place.hpp"

namespace itera::dsl::language_server {
namespace {

using syntax::Term;
using syntax::TermKind;

std::string fenced(std::string_view code) {
  return fmt::format("```itera\n{}\n```\n", code);
}

class Hoverer {
 public:
  Hoverer(SourceMap const& source, Place const& place, Lookup const& lookup)
      : source_(source), place_(place), lookup_(lookup), clause_(*place.current()) {}

  std::optional<std::string> text() const {
    auto const& term = *place_.terms.front();
    bool const settings = place_.block == Block::arm || place_.block == Block::settings;
    if (settings && term.kind == TermKind::assignment) return setting(term);
    auto const found = match(place_.block, clause_.terms);
    if (place_.index < found.elements.size()) return element(*found.elements[place_.index], found, term);
    // Beyond a mistake the words still mean what they mean.
    if (auto const* word = word_in(clause_.word(), term.text); word && term.kind == TermKind::word)
      return describe(*word);
    return std::nullopt;
  }

 private:
  std::optional<std::string> element(Element const& element, Match const& found, Term const& term) const {
    switch (element.slot) {
      case Slot::word:
        return word(element, found);
      case Slot::number:
        return number(term);
      case Slot::source:
        return plugin(ports::PluginKind::source, term);
      case Slot::plugin:
        return plugin(ports::PluginKind::arm, term);
      case Slot::judge:
        return plugin(ports::PluginKind::judge, term);
      case Slot::reporter:
        return plugin(ports::PluginKind::reporter, term);
      case Slot::slice_value:
        return place_.innermost() == &term.items[1] ? value(term) : column(term, element.slot);
      case Slot::column:
      case Slot::stratum:
      case Slot::entity:
      case Slot::slice:
        return column(term, element.slot);
      case Slot::expression:
      case Slot::condition:
        return operand(term, element.slot);
      default:
        return name(term, element.slot);
    }
  }

  std::optional<std::string> word(Element const& element, Match const& found) const {
    if (place_.index == 0) return describe(*found.form);
    if (element.form->where == Block::guard && element.form->word == element.text)
      return describe(*element.form);
    auto const* meaning = word_in(clause_.word(), element.text);
    return meaning ? std::optional(describe(*meaning)) : std::nullopt;
  }

  std::optional<std::string> number(Term const& term) const {
    for (auto const& unit : units())
      if (unit.unit == "$" ? term.text.find('$') != term.text.npos : term.text.ends_with(unit.unit))
        return fmt::format("`{}`: {}", term.text, unit.means);
    return std::nullopt;
  }

  std::optional<std::string> plugin(ports::PluginKind kind, Term const& term) const {
    auto const found = lookup_.catalog.find(kind, term.text);
    if (found) return describe(**found);
    return found.error().what + (found.error().help.empty() ? "" : "\n\n" + found.error().help);
  }

  std::optional<std::string> setting(Term const& term) const {
    auto const use = plugin_of(*place_.experiment, *place_.owner);
    auto const* info = use ? plugin_called(lookup_, use->kind, use->name) : nullptr;
    auto const* schema = info ? setting_called(*info, term.text) : nullptr;
    if (!schema) return std::nullopt;
    auto out = describe(*info, *schema);
    for (auto const& parent : use->inherits_from)
      for (auto const* inherited : settings_in(parent))
        if (inherited->text == term.text && parent.terms.size() > 1)
          return out + fmt::format("\nIn `{}`:\n{}", parent.terms[1].text,
                                   fenced(shortened(source_.slice(inherited->span))));
    return out;
  }

  static std::string shortened(std::string_view text) {
    constexpr std::size_t kMost = 400;
    if (text.size() <= kMost) return std::string(text);
    auto end = kMost;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "...";
  }

  // The sentence that declares it, without its block.
  std::optional<std::string> name(Term const& term, Slot slot) const {
    auto const* declared = declared_at(place_, slot, term);
    if (!declared) return use_of(term);
    auto const& terms = declared->clause.terms;
    return fenced(shortened(squeeze(source_.slice({terms.front().span.begin, terms.back().span.end})))) +
           std::string(noun(declared->kind));
  }

  // `use NAME`: what the library carries under that name.
  std::optional<std::string> use_of(Term const& term) const {
    if (clause_.word() != "use") return std::nullopt;
    for (auto const kind : {ports::PluginKind::source, ports::PluginKind::arm, ports::PluginKind::judge,
                            ports::PluginKind::reporter})
      if (auto const* info = plugin_called(lookup_, kind, term.text)) return describe(*info);
    return std::nullopt;
  }

  std::optional<std::string> operand(Term const& term, Slot slot) const {
    if (term.kind == TermKind::number) return number(term);
    auto const* meaning = term.kind == TermKind::word ? word_in(clause_.word(), term.text) : nullptr;
    if (meaning && !(slot == Slot::expression && (term.text == "output" || term.text == "expected")))
      return describe(*meaning);
    if (term.kind == TermKind::word || term.kind == TermKind::column) return column(term, slot);
    return std::nullopt;
  }

  std::optional<std::string> column(Term const& term, Slot slot) const {
    if (!place_.experiment) return std::nullopt;
    std::vector<std::string> parts;
    for (auto const& declared : place_.experiment->declared)
      if (declared.kind == Declared::Kind::column && declared.name == term.text)
        parts.push_back(fmt::format("`{}`", declared.clause.word()));
    auto const source = columns_of(*place_.experiment, source_, lookup_);
    auto out = fmt::format("**{}**", term.text);
    if (source) {
      auto const& all = source->columns;
      auto const it =
          std::find_if(all.begin(), all.end(), [&](auto const& c) { return c.name == term.text; });
      out += it == all.end() ? fmt::format(": the source `{}` has no such column", source->source)
                             : fmt::format(": {} column of the source `{}`", it->type, source->source);
    } else {
      if (parts.empty() && !declared_at(place_, slot, term)) return std::nullopt;
      out += ": a column";
    }
    if (!parts.empty()) out += fmt::format("\n\n{} in `row`", join_words(parts));
    return out;
  }

  std::optional<std::string> value(Term const& term) const {
    return fmt::format("`{}`: a value of the slice `{}`", source_.slice(term.items[1].span), term.text);
  }

  SourceMap const& source_;
  Place const& place_;
  Lookup const& lookup_;
  Clause const& clause_;
};

}  // namespace

std::optional<Hover> hover(SourceMap const& source, Outline const& outline, std::uint32_t offset,
                           Lookup const& lookup) {
  auto const place = locate(outline, offset);
  if (!place.current() || place.terms.empty()) return std::nullopt;
  auto text = Hoverer(source, place, lookup).text();
  if (!text) return std::nullopt;
  auto const* term = place.terms.front();
  // Of an assignment, the side that the offset is on.
  if (term->kind == TermKind::assignment && place.terms.size() > 1) term = place.terms[1];
  return Hover{term->span, std::move(*text)};
}

}  // namespace itera::dsl::language_server
