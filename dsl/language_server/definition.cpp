#include <charconv>

#include "dsl/language_server/analysis.hpp"
#include "dsl/language_server/place.hpp"

namespace itera::dsl::language_server {
namespace {

using syntax::Term;
using syntax::TermKind;

std::optional<InFile> in_file(Lookup const& lookup, std::string const& path) {
  auto file = file_called(lookup, path);
  return file ? std::optional(InFile{std::move(*file), 1}) : std::nullopt;
}

// `src/route.ts:42`: a path that starts at the spec's folder or at one above it, up to the repository's root.
std::optional<InFile> reference(Lookup const& lookup, std::string_view text) {
  std::uint32_t line = 1;
  if (auto const colon = text.rfind(':'); colon != text.npos) {
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data() + colon + 1, end, line);
    if (read.ec != std::errc() || read.ptr != end || line == 0) return std::nullopt;
    text = text.substr(0, colon);
  }
  auto above = lookup;
  for (std::error_code unknown;;) {
    if (auto file = file_called(above, text)) return InFile{std::move(*file), line};
    bool const root = std::filesystem::exists(above.folder / ".git", unknown);
    if (root || !above.folder.has_relative_path()) return std::nullopt;
    above.folder = above.folder.parent_path();
  }
}

std::optional<Target> of_setting(Place const& place, Lookup const& lookup) {
  auto const& value = *place.innermost();
  if (value.kind != TermKind::text && value.kind != TermKind::call) return std::nullopt;
  // Anywhere in `file("...")`.
  auto const* call = value.kind == TermKind::call ? &value
                     : place.terms.size() < 3     ? nullptr
                     : place.terms[place.terms.size() - 2]->kind == TermKind::call
                         ? place.terms[place.terms.size() - 2]
                         : nullptr;
  if (call && call->text != "file") return std::nullopt;
  if (!call) {
    auto const use = plugin_of(*place.experiment, *place.owner);
    auto const* info = use ? plugin_called(lookup, use->kind, use->name) : nullptr;
    auto const* schema = info ? setting_called(*info, place.terms.front()->text) : nullptr;
    if (!schema || (schema->type != ports::SettingType::file && !schema->names_files)) return std::nullopt;
  }
  return in_file(lookup, call ? call->items.front().text : value.text);
}

std::optional<Target> of_use(Outline const& outline, Term const& plugin) {
  for (auto const& use : outline.uses)
    if (use.name == plugin.text) return InText{use.name_span, use.clause.span()};
  return std::nullopt;
}

std::optional<Target> target_of(Outline const& outline, Place const& place, Lookup const& lookup) {
  auto const& clause = *place.current();
  auto const& term = *place.terms.front();
  bool const settings = place.block == Block::arm || place.block == Block::settings;
  if (settings && term.kind == TermKind::assignment) return of_setting(place, lookup);
  auto const found = match(place.block, clause.terms);
  if (place.index >= found.elements.size()) return std::nullopt;
  auto const slot = found.elements[place.index]->slot;
  if (slot == Slot::source || slot == Slot::plugin || slot == Slot::judge || slot == Slot::reporter)
    return of_use(outline, term);
  if (slot == Slot::text) return clause.word() == "ref" ? reference(lookup, term.text) : std::nullopt;
  bool const condition = slot == Slot::condition || slot == Slot::expression;
  if (condition && term.kind == TermKind::word && word_in(clause.word(), term.text)) return std::nullopt;
  if (condition && term.kind != TermKind::word && term.kind != TermKind::column) return std::nullopt;
  if (auto const* declared = declared_at(place, slot, term))
    return InText{declared->span, declared->clause.span()};
  return std::nullopt;
}

}  // namespace

std::optional<Definition> definition(Outline const& outline, std::uint32_t offset, Lookup const& lookup) {
  auto const place = locate(outline, offset);
  if (!place.current() || place.terms.empty()) return std::nullopt;
  auto target = target_of(outline, place, lookup);
  if (!target) return std::nullopt;
  auto const* term = place.terms.front();
  if (term->kind == TermKind::assignment) term = place.terms.size() > 1 ? place.innermost() : &term->items[0];
  return Definition{term->span, std::move(*target)};
}

}  // namespace itera::dsl::language_server
