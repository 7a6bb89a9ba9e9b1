#include "dsl/language_server/match.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

namespace itera::dsl::language_server {
namespace {

using syntax::Term;
using syntax::TermKind;

struct Edge {
  int to = 0;
  Element const* element = nullptr;  ///< null: nothing is taken
};

struct Machine {
  std::vector<std::vector<Edge>> states;
  std::deque<Element> elements;  ///< their addresses stay
  int end = 0;
};

std::optional<Slot> slot_called(std::string_view part) {
  using enum Slot;
  static std::map<std::string_view, Slot> const slots{
      {"NAME", Slot::name},         {"ARM", arm},           {"SLICE", slice},
      {"SLICE=VALUE", slice_value}, {"CATEGORY", category}, {"METRIC", metric},
      {"COLUMN", column},           {"STRATUM", stratum},   {"ENTITY", entity},
      {"SOURCE", source},           {"PLUGIN", plugin},     {"JUDGE", judge},
      {"REPORTER", reporter},       {"VALUE", Slot::value}, {"EXPRESSION", expression},
      {"CONDITION", condition}};
  auto const it = slots.find(part);
  return it == slots.end() ? std::nullopt : std::optional(it->second);
}

std::vector<std::string_view> parts_of(std::string_view form) {
  constexpr std::string_view kAlone = "[]()|";
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < form.size();) {
    auto length = std::size_t{1};
    if (form[at] == ' ') {
      ++at;
      continue;
    }
    if (form.substr(at).starts_with("{ ... }")) break;  // the block is no part of the sentence
    if (form.substr(at).starts_with(", ..."))
      length = 5;
    else if (form[at] == '"')
      length = form.find('"', at + 1) + 1 - at;
    else if (kAlone.find(form[at]) == kAlone.npos && form[at] != ',')
      length = std::min(form.find_first_of(" []()|,", at), form.size()) - at;
    out.push_back(form.substr(at, length));
    at += length;
  }
  return out;
}

class Compiler {
 public:
  explicit Compiler(Machine& out) : out_(out) {}

  int compile(Form const& form, int from) {
    auto const outer = std::tuple{parts_, at_, form_};
    parts_ = parts_of(form.form);
    // `[{ ... }]` leaves its bracket open.
    if (!parts_.empty() && parts_.back() == "[") parts_.pop_back();
    at_ = 0;
    form_ = &form;
    auto const end = alternatives(from);
    std::tie(parts_, at_, form_) = outer;
    return end;
  }

  int state() {
    out_.states.emplace_back();
    return static_cast<int>(out_.states.size()) - 1;
  }

 private:
  bool sees(std::string_view part) const { return at_ < parts_.size() && parts_[at_] == part; }
  void join(int from, int to, Element const* element = nullptr) {
    out_.states[static_cast<std::size_t>(from)].push_back({to, element});
  }

  int alternatives(int from) {
    auto const end = state();
    do {
      auto const begin = state();
      join(from, begin);
      join(sequence(begin), end);
    } while (at_ < parts_.size() && parts_[at_] == "|" && ++at_);
    return end;
  }

  int sequence(int from) {
    while (at_ < parts_.size() && !sees("|") && !sees(")") && !sees("]")) from = part(from);
    return from;
  }

  int part(int from) {
    auto const begin = state();
    join(from, begin);
    auto end = 0;
    if (sees("(") || sees("[")) {
      bool const may_miss = sees("[");
      ++at_;
      end = alternatives(begin);
      ++at_;
      if (may_miss) join(begin, end);
    } else {
      end = element(begin);
    }
    if (sees(", ...")) {
      join(end, begin, add({Slot::symbol, ",", form_}));
      ++at_;
    } else if (sees("...")) {
      join(end, begin);
      ++at_;
    }
    return end;
  }

  int element(int from) {
    auto const part = parts_[at_++];
    if (part == "GUARD") {
      auto const end = state();
      for (auto const& form : forms())
        if (form.where == Block::guard && form.word != "effect") join(compile(form, from), end);
      return end;
    }
    auto const first = part.front();
    auto const slot = slot_called(part);
    bool const number =
        (first >= '0' && first <= '9') || ((first == '$' || first == '+' || first == '-') && part.size() > 1);
    bool const word = first >= 'a' && first <= 'z';
    auto const* element = add({slot           ? *slot
                               : first == '"' ? Slot::text
                               : number       ? Slot::number
                               : word         ? Slot::word
                                              : Slot::symbol,
                               part, owner(part)});
    auto const end = state();
    join(from, end, element);
    if (element->slot == Slot::expression || element->slot == Slot::condition) join(end, end, element);
    return end;
  }

  // The threshold stands in the ship rule's form and has a row of its own.
  Form const* owner(std::string_view part) const {
    return part == "effect" && form_->where == Block::experiment ? forms_of(Block::guard, part).front()
                                                                 : form_;
  }

  Element const* add(Element element) {
    out_.elements.push_back(element);
    return &out_.elements.back();
  }

  Machine& out_;
  std::vector<std::string_view> parts_;
  std::size_t at_ = 0;
  Form const* form_ = nullptr;
};

Machine const& machine_of(Form const& form) {
  static auto const all = [] {
    std::map<Form const*, Machine> out;
    for (auto const& one : forms()) {
      auto& machine = out[&one];
      Compiler compiler(machine);
      machine.end = compiler.compile(one, compiler.state());
    }
    return out;
  }();
  return all.at(&form);
}

bool takes(Element const& element, Term const& term) {
  switch (element.slot) {
    case Slot::word:
      return is_word(term, element.text);
    case Slot::symbol:
      return is_symbol(term, element.text);
    case Slot::slice:
    case Slot::column:
    case Slot::stratum:
    case Slot::entity:
      return term.kind == TermKind::word || term.kind == TermKind::column;
    case Slot::slice_value:
      return term.kind == TermKind::assignment;
    case Slot::value:
      return term.kind == TermKind::word || term.kind == TermKind::text || term.kind == TermKind::number;
    case Slot::text:
      return term.kind == TermKind::text;
    case Slot::number:
      return term.kind == TermKind::number;
    case Slot::expression:
    case Slot::condition:
      return true;
    default:
      return term.kind == TermKind::word;
  }
}

class Run {
 public:
  explicit Run(Machine const& machine) : machine_(machine) { enter(0, kNone, threads_); }

  /// False if the term fits nowhere; then nothing changes.
  bool take(Term const& term) {
    std::vector<Thread> next;
    seen_.assign(machine_.states.size(), false);
    bool const literal = std::any_of(threads_.begin(), threads_.end(), [&](auto const& thread) {
      return std::any_of(edges(thread).begin(), edges(thread).end(), [&](auto const& edge) {
        return edge.element && edge.element->slot <= Slot::symbol && takes(*edge.element, term);
      });
    });
    for (auto const& thread : threads_)
      for (auto const& edge : edges(thread)) {
        if (!edge.element || !takes(*edge.element, term)) continue;
        if (literal && edge.element->slot > Slot::symbol && edge.element->slot < Slot::expression) continue;
        history_.push_back({thread.history, edge.element});
        enter(edge.to, history_.size() - 1, next);
      }
    if (next.empty()) return false;
    threads_ = std::move(next);
    return true;
  }

  std::vector<Element const*> elements() const {
    auto best = threads_.front();
    for (auto const& thread : threads_)
      if (thread.state == machine_.end) {
        best = thread;
        break;
      }
    std::vector<Element const*> out;
    for (auto at = best.history; at != kNone; at = history_[at].before) out.push_back(history_[at].element);
    std::reverse(out.begin(), out.end());
    return out;
  }

  bool complete() const {
    return std::any_of(threads_.begin(), threads_.end(),
                       [&](auto const& thread) { return thread.state == machine_.end; });
  }

  void expected(std::vector<Element const*>& out) const {
    for (auto const& thread : threads_)
      for (auto const& edge : edges(thread))
        if (edge.element) out.push_back(edge.element);
  }

 private:
  static constexpr auto kNone = static_cast<std::size_t>(-1);
  struct Thread {
    int state = 0;
    std::size_t history = kNone;
  };
  struct Taken {
    std::size_t before;
    Element const* element;
  };

  std::vector<Edge> const& edges(Thread const& thread) const {
    return machine_.states[static_cast<std::size_t>(thread.state)];
  }

  // The state and all that are reached from it without taking anything.
  void enter(int state, std::size_t history, std::vector<Thread>& out) {
    seen_.resize(machine_.states.size());
    if (seen_[static_cast<std::size_t>(state)]) return;
    seen_[static_cast<std::size_t>(state)] = true;
    out.push_back({state, history});
    for (auto const& edge : machine_.states[static_cast<std::size_t>(state)])
      if (!edge.element) enter(edge.to, history, out);
  }

  Machine const& machine_;
  std::vector<Thread> threads_;
  std::vector<Taken> history_;
  std::vector<bool> seen_;
};

}  // namespace

Match match(Block where, std::span<Term const> terms) {
  Match best;
  if (terms.empty()) return best;
  for (auto const& form : forms()) {
    bool const fits = form.word.empty() ? where == Block::traffic : is_word(terms.front(), form.word);
    if (form.where != where || !fits) continue;
    Run run(machine_of(form));
    std::size_t taken = 0;
    while (taken < terms.size() && run.take(terms[taken])) ++taken;
    if (taken == terms.size()) run.expected(best.expected);
    bool const complete = taken == terms.size() && run.complete();
    if (best.form && taken <= best.elements.size() && !(complete && !best.complete)) continue;
    best.form = &form;
    best.elements = run.elements();
    best.complete = complete;
  }
  return best;
}

}  // namespace itera::dsl::language_server
