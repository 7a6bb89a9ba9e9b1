#include "dsl/language_server/outline.hpp"

#include <algorithm>
#include <map>

#include "dsl/language_server/loose.hpp"

namespace itera::dsl::language_server {
namespace {

using Kind = Declared::Kind;
using syntax::Term;
using syntax::TermKind;

constexpr std::size_t kMostParents = 100;

class Reader {
 public:
  explicit Reader(ExperimentOutline& out) : out_(out) {}

  void read() {
    for (auto const& clause : out_.clauses) {
      auto const word = clause.word();
      if (word == "baseline") named(clause, Kind::baseline);
      if (word == "arm") named(clause, Kind::arm);
      if (word == "control") named(clause, Kind::control);
      if (word == "metric") named(clause, Kind::metric);
      if (word == "also") named(clause, Kind::secondary);
      if (word == "failure") named(clause, Kind::category);
      if (word == "row") row(clause);
    }
    // Where a sprint begins depends on where the one before ended.
    for (auto const& clause : out_.clauses)
      if (clause.word() == "sprint") sprint(clause);
    std::stable_sort(out_.declared.begin(), out_.declared.end(),
                     [](auto const& a, auto const& b) { return a.span.begin < b.span.begin; });
  }

 private:
  Declared* named(Clause const& clause, Kind kind, Block where = Block::experiment) {
    auto const found = match(where, clause.terms);
    auto const* name = filled(found, clause, Slot::name);
    if (!name) return nullptr;
    auto const* parent = filled(found, clause, Slot::arm);
    auto const* plugin = filled(found, clause, Slot::plugin);
    out_.declared.push_back({kind, name->text, name->span, clause, parent ? parent->text : std::string(),
                             plugin ? plugin->text : std::string()});
    return &out_.declared.back();
  }

  void row(Clause const& clause) {
    if (!clause.body) return;
    for (auto const& part : clauses_in(*clause.body, Block::row)) {
      auto const found = match(Block::row, part.terms);
      for (std::size_t i = 0; i < found.elements.size(); ++i)
        if (found.elements[i]->slot == Slot::column)
          out_.declared.push_back({Kind::column, part.terms[i].text, part.terms[i].span, part, "", ""});
    }
  }

  void sprint(Clause const& clause) {
    auto const* arm = filled(match(Block::experiment, clause.terms), clause, Slot::arm);
    if (!arm || !clause.body) return;
    auto const latest = latest_.try_emplace(arm->text, arm->text).first;
    for (auto const& part : clauses_in(*clause.body, Block::sprint)) {
      auto* iteration = named(part, Kind::iteration, Block::sprint);
      if (!iteration) continue;
      iteration->parent = latest->second;
      latest->second = iteration->name;
    }
  }

  ExperimentOutline& out_;
  std::map<std::string, std::string> latest_;  // iteration of an arm
};

}  // namespace

bool is_arm(Declared const& declared) {
  return declared.kind <= Kind::iteration;
}

std::string_view noun(Kind kind) {
  constexpr std::string_view names[] = {
      "baseline", "arm", "control", "iteration", "metric", "secondary metric", "failure category", "column"};
  return names[static_cast<int>(kind)];
}

Outline::Outline(std::string_view text) : tree(read_loosely(text)) {
  for (auto const& clause : clauses_in(tree.body, Block::file)) {
    auto const* name = filled(match(Block::file, clause.terms), clause, Slot::name);
    if (clause.word() == "use" && name) uses.push_back({name->text, name->span, clause});
    if (clause.word() != "experiment") continue;
    experiments.push_back({clause, name ? name->text : "", name ? name->span : clause.head(), {}, {}});
    auto& experiment = experiments.back();
    if (!clause.body) continue;
    experiment.clauses = clauses_in(*clause.body, Block::experiment);
    Reader(experiment).read();
  }
}

std::vector<Clause> clauses_in(syntax::Body const& body, Block block) {
  return meaning::clauses_of(body, heads(block), block != Block::experiment);
}

Block block_of(Block where, Clause const& clause) {
  if (clause.terms.front().kind != TermKind::word) return Block::none;
  for (auto const* form : forms_of(where, clause.word()))
    if (form->body != Block::none) return form->body;
  return Block::none;
}

Term const* filled(Match const& match, Clause const& clause, Slot slot) {
  for (std::size_t i = 0; i < match.elements.size(); ++i)
    if (match.elements[i]->slot == slot) return &clause.terms[i];
  return nullptr;
}

Declared const* find(ExperimentOutline const& experiment, std::string_view name,
                     bool (*accept)(Declared const&), std::uint32_t before) {
  Declared const* out = nullptr;
  for (auto const& declared : experiment.declared) {
    if (declared.name != name || !accept(declared)) continue;
    if (out && declared.span.begin >= before) break;
    out = &declared;
  }
  return out;
}

std::optional<PluginUse> plugin_of(ExperimentOutline const& experiment, Clause const& clause) {
  auto const word = clause.word();
  bool const arm = word == "baseline" || word == "arm" || word == "control" || word == "iteration";
  if (!arm) {
    auto const found = match(Block::experiment, clause.terms);
    if (!found.form || block_of(Block::experiment, clause) != Block::settings) return std::nullopt;
    auto const kind = word == "rows"     ? ports::PluginKind::source
                      : word == "report" ? ports::PluginKind::reporter
                                         : ports::PluginKind::judge;
    auto const slot = word == "rows" ? Slot::source : word == "report" ? Slot::reporter : Slot::judge;
    auto const* name = filled(found, clause, slot);
    return PluginUse{kind, name ? name->text : std::string(), {}};
  }
  PluginUse out;
  auto const self = std::find_if(
      experiment.declared.begin(), experiment.declared.end(),
      [&](auto const& declared) { return is_arm(declared) && declared.clause.head() == clause.head(); });
  if (self == experiment.declared.end()) return out;
  auto const* at = &*self;
  while (at->plugin.empty() && !at->parent.empty()) {
    auto const* parent = find(experiment, at->parent, is_arm, at->span.begin);
    // In a broken text arms may derive from one another in a circle.
    if (!parent || parent == at || out.inherits_from.size() == kMostParents) return out;
    out.inherits_from.push_back(parent->clause);
    at = parent;
  }
  out.name = at->plugin;
  return out;
}

std::vector<Term const*> settings_in(Clause const& clause) {
  std::vector<Term const*> out;
  if (!clause.body) return out;
  for (auto const& item : clause.body->items)
    for (auto const& term : item.terms)
      if (term.kind == TermKind::assignment) out.push_back(&term);
  return out;
}

}  // namespace itera::dsl::language_server
