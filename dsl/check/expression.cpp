#include "dsl/check/expression.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/pattern.hpp"
#include "core/base/text.hpp"
#include "dsl/check/operands.hpp"
#include "dsl/check/quantity.hpp"

namespace itera::dsl::meaning {
namespace {

using spec::Step;
using spec::ValueType;
using syntax::Term;
using syntax::TermKind;
using Op = Step::Op;

constexpr int kMaxDepth = 50;
constexpr std::size_t kMaxSteps = 500;
constexpr std::size_t kMaxPattern = 1000;

struct Function {
  std::string_view name;
  Op op;
  std::size_t least, most;
};
constexpr std::array kFunctions{Function{"min", Op::least, 2, 20}, Function{"max", Op::greatest, 2, 20},
                                Function{"abs", Op::absolute, 1, 1}, Function{"len", Op::length, 1, 1}};

Function const* function(std::string_view name) {
  auto const it =
      std::find_if(kFunctions.begin(), kFunctions.end(), [&](auto const& f) { return f.name == name; });
  return it == kFunctions.end() ? nullptr : &*it;
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : c == '\t' ? "\\t" : c == '\r' ? "\\r" : std::string(1, c);
  }
  return out + "\"";
}

class ExpressionReader {
 public:
  ExpressionReader(Report& report, Cursor& cursor, Scope scope)
      : report_(report), cursor_(cursor), scope_(scope), operands_(report) {}

  std::optional<spec::Expression> read(ValueType wanted, bool capped) {
    auto const begin = cursor_.peek() ? cursor_.peek()->span.begin : 0U;
    auto const whole = either();
    if (whole && cursor_.ok() && !cursor_.at_end())
      cursor_.unexpected("an operator or end of line", stray_help());
    cursor_.finish();
    if (!whole || !cursor_.ok()) return std::nullopt;
    if (!want(*whole, wanted, wanted == ValueType::number ? "the severity" : "`when`")) return std::nullopt;
    if (!operands_.settle()) return std::nullopt;
    if (capped && !whole->bounded) {
      report_.error(codes::no_cap, whole->span, "the severity has no cap",
                    fmt::format("one huge row would decide: write `min({}, 50k)`",
                                out_.text.size() > 60 ? "..." : out_.text));
      return std::nullopt;
    }
    out_.columns = operands_.uses();
    out_.span = {begin, whole->span.end};
    return std::move(out_);
  }

 private:
  // --- words

  Term const* take() {
    auto const* term = cursor_.take();
    std::string word = term->text;
    if (term->kind == TermKind::column) word = "`" + word + "`";
    if (term->kind == TermKind::text) word = literal(word);
    bool const tight = out_.text.empty() || out_.text.back() == '(' || word == ")" || word == "," ||
                       (word == "(" && called_);
    called_ = term->kind == TermKind::word && function(term->text);
    out_.text += (tight ? "" : " ") + word;
    end_ = term->span.end;
    return term;
  }
  bool take_symbol(std::string_view symbol) { return cursor_.sees_symbol(symbol) && take(); }
  bool take_word(std::string_view word) { return cursor_.sees(word) && take(); }

  std::string stray_help() const {
    auto const* term = cursor_.peek();
    if (term && term->kind == TermKind::assignment) return "two values are compared with `==`";
    if (term && term->kind == TermKind::symbol) return "comparisons are joined by `and` and `or`";
    return {};
  }

  void push(Op op, Span span, std::uint32_t count = 0) {
    out_.steps.push_back({op, {}, {}, count});
    if (out_.steps.size() == kMaxSteps) {
      report_.error(codes::too_deep, span, fmt::format("an expression has at most {} steps", kMaxSteps));
      cursor_.fail();
    }
  }

  // After a wrong type nothing more is said of the expression.
  bool want(Operand const& operand, ValueType type, std::string_view taker) {
    if (operands_.want(operand, type, taker)) return true;
    cursor_.fail();
    return false;
  }
  bool want_same(Operand const& a, Operand const& b, std::string_view taker) {
    if (operands_.want_same(a, b, taker)) return true;
    cursor_.fail();
    return false;
  }

  // --- grammar, by rising precedence

  using Part = std::optional<Operand>;

  Part either() {
    if (++depth_ > kMaxDepth) {
      auto const* term = cursor_.peek();
      report_.error(codes::too_deep, term ? term->span : Span{end_, end_},
                    fmt::format("parentheses are nested more than {} deep", kMaxDepth));
      cursor_.fail();
    }
    auto out = joined("or", Op::either, [&] { return joined("and", Op::both, [&] { return inverse(); }); });
    --depth_;
    return out;
  }

  template <class Next>
  Part joined(std::string_view word, Op op, Next const& next) {
    auto left = next();
    while (left && cursor_.sees(word)) {
      auto const taker = fmt::format("`{}`", word);
      if (!want(*left, ValueType::truth, taker)) return std::nullopt;
      take();
      auto const right = next();
      if (!right || !want(*right, ValueType::truth, taker)) return std::nullopt;
      left = truth(left->span.begin, right->span.end);
      push(op, left->span);
    }
    return left;
  }

  static Operand truth(std::uint32_t begin, std::uint32_t end) {
    return {ValueType::truth, 0, {begin, end}, false};
  }

  Part inverse() {
    std::vector<std::uint32_t> nots;
    while (cursor_.sees("not")) nots.push_back(take()->span.begin);
    auto out = comparison();
    if (!out || nots.empty()) return out;
    if (!want(*out, ValueType::truth, "`not`")) return std::nullopt;
    for (std::size_t i = 0; i < nots.size(); ++i) push(Op::inverse, out->span);
    return truth(nots.front(), out->span.end);
  }

  Part comparison() {
    auto const left = sum();
    if (!left) return left;
    if (cursor_.sees("matches")) return matches(*left);
    constexpr std::array<std::pair<std::string_view, Op>, 6> ops{{{"==", Op::equal},
                                                                  {"!=", Op::unequal},
                                                                  {"<", Op::less},
                                                                  {"<=", Op::at_most},
                                                                  {">", Op::greater},
                                                                  {">=", Op::at_least}}};
    auto const op =
        std::find_if(ops.begin(), ops.end(), [&](auto const& o) { return cursor_.sees_symbol(o.first); });
    if (op == ops.end()) return left;
    bool const equality = op->second == Op::equal || op->second == Op::unequal;
    auto const taker = fmt::format("`{}`", op->first);
    take();
    if (!equality && !want(*left, ValueType::number, taker)) return std::nullopt;
    auto const right = sum();
    if (!right) return right;
    if (!(equality ? want_same(*left, *right, taker) : want(*right, ValueType::number, taker)))
      return std::nullopt;
    auto out = truth(left->span.begin, right->span.end);
    push(op->second, out.span);
    return out;
  }

  Part matches(Operand const& left) {
    take();
    if (!want(left, ValueType::text, "`matches`")) return std::nullopt;
    if (!cursor_.sees(TermKind::text)) {
      cursor_.unexpected("a regular expression as a quoted text");
      return std::nullopt;
    }
    auto const* pattern = take();
    auto const long_ = pattern->text.size() > kMaxPattern;
    auto const compiled = long_ ? Result<Pattern>(fail(ErrorClass::invalid, "it is too long"))
                                : Pattern::compile(pattern->text);
    if (!compiled) {
      report_.error(
          codes::bad_pattern, pattern->span,
          fmt::format("the pattern is not a regular expression: {}", compiled.error().what),
          fmt::format("patterns are those of RE2 (no look-around, no back references), of at most {} "
                      "bytes; `\\\\` stands for a backslash",
                      kMaxPattern));
      cursor_.fail();
      return std::nullopt;
    }
    auto out = truth(left.span.begin, pattern->span.end);
    push(Op::matches, out.span);
    out_.steps.back().text = pattern->text;
    return out;
  }

  Part sum() {
    auto left = product();
    while (left && cursor_.peek()) {
      // In `a -1` the sign is the number's own: adding the negative number is the same.
      bool const attached = cursor_.sees(TermKind::number) &&
                            (cursor_.peek()->text.front() == '-' || cursor_.peek()->text.front() == '+');
      bool const minus = cursor_.sees_symbol("-");
      if (!attached && !minus && !cursor_.sees_symbol("+")) break;
      std::string_view const taker = minus ? "`-`" : "`+`";
      if (!attached) take();
      if (!want(*left, ValueType::number, taker)) return std::nullopt;
      auto const right = product();
      if (!right || !want(*right, ValueType::number, taker)) return std::nullopt;
      left = Operand{ValueType::number,
                     0,
                     {left->span.begin, right->span.end},
                     !minus && left->bounded && right->bounded};
      push(minus ? Op::subtract : Op::add, left->span);
    }
    return left;
  }

  Part product() {
    auto left = negation();
    while (left && (cursor_.sees_symbol("*") || cursor_.sees_symbol("/"))) {
      bool const times = cursor_.sees_symbol("*");
      std::string_view const taker = times ? "`*`" : "`/`";
      take();
      if (!want(*left, ValueType::number, taker)) return std::nullopt;
      auto const first = out_.steps.size();
      auto const right = negation();
      if (!right || !want(*right, ValueType::number, taker)) return std::nullopt;
      // Times or by a positive number keeps a bound.
      bool const scaled = out_.steps.size() == first + 1 && out_.steps[first].op == Op::number &&
                          out_.steps[first].number.num > 0;
      left = Operand{ValueType::number, 0, {left->span.begin, right->span.end}, left->bounded && scaled};
      push(times ? Op::multiply : Op::divide, left->span);
    }
    return left;
  }

  Part negation() {
    std::vector<std::uint32_t> signs;
    while (cursor_.sees_symbol("-")) signs.push_back(take()->span.begin);
    auto out = primary();
    if (!out || signs.empty()) return out;
    if (!want(*out, ValueType::number, "`-`")) return std::nullopt;
    for (std::size_t i = 0; i < signs.size(); ++i) push(Op::negate, out->span);
    return Operand{ValueType::number, 0, {signs.front(), out->span.end}, false};
  }

  Part primary() {
    auto const* term = cursor_.peek();
    if (!cursor_.ok()) return std::nullopt;
    if (term && term->kind == TermKind::number) return number();
    if (term && term->kind == TermKind::column) return column(*take());
    if (term && term->kind == TermKind::text) {
      take();
      push(Op::text, term->span);
      out_.steps.back().text = term->text;
      return Operand{ValueType::text, 0, term->span, false};
    }
    if (take_symbol("(")) {
      auto out = either();
      if (out && !close()) return std::nullopt;
      if (out) out->span = {term->span.begin, end_};
      return out;
    }
    bool const operator_word = term && (is_word(*term, "and") || is_word(*term, "or") ||
                                        is_word(*term, "not") || is_word(*term, "matches"));
    if (term && term->kind == TermKind::word && !operator_word) return word(*term);
    cursor_.unexpected("a column, a number, a text or `(`", stray_help());
    return std::nullopt;
  }

  bool close() {
    if (take_symbol(")")) return true;
    cursor_.unexpected("an operator or `)`", stray_help());
    return false;
  }

  Part number() {
    auto const* term = take();
    auto const value = quantity(report_, *term);
    if (value && value->unit != spec::Unit::none)
      report_.error(codes::unit, term->span, "a number of an expression has no unit",
                    "it is in the unit of its column: `50k`, not `$50k`");
    if (!value || value->unit != spec::Unit::none) {
      cursor_.fail();
      return std::nullopt;
    }
    push(Op::number, term->span);
    out_.steps.back().number = value->value;
    return Operand{ValueType::number, 0, term->span, true};
  }

  Part word(Term const& term) {
    auto const* next = cursor_.peek(1);
    bool const called = next && is_symbol(*next, "(");
    if (called || function(term.text)) return call(term, called);
    take();
    if (term.text == "true" || term.text == "false") {
      push(Op::truth, term.span);
      out_.steps.back().text = term.text;
      return truth(term.span.begin, term.span.end);
    }
    if (scope_ == Scope::answer && (term.text == "output" || term.text == "expected")) {
      push(term.text == "output" ? Op::output : Op::expected, term.span);
      if (term.text == "expected" && !out_.expected) out_.expected = term.span;
      return Operand{ValueType::text, 0, term.span, false};
    }
    return column(term);
  }

  Part column(Term const& term) {
    push(Op::column, term.span);
    out_.steps.back().text = term.text;
    return Operand{std::nullopt, operands_.column({term.text, term.span}), term.span, false};
  }

  Part call(Term const& name, bool called) {
    auto const* const known = function(name.text);
    if (!known) {
      std::vector<std::string> names;
      for (auto const& f : kFunctions) names.emplace_back(f.name);
      auto const near = did_you_mean(name.text, names);
      report_.error(codes::clause_form, name.span, fmt::format("there is no function `{}`", name.text),
                    near ? fmt::format("did you mean `{}`?", *near)
                         : fmt::format("the functions are {}", quoted(names)));
      cursor_.fail();
      return std::nullopt;
    }
    take();
    if (!called) {
      cursor_.unexpected(fmt::format("`(` behind `{}`", name.text),
                         "a column of that name is written in backquotes");
      return std::nullopt;
    }
    take();
    std::vector<Operand> arguments;
    auto const wanted = known->op == Op::length ? ValueType::text : ValueType::number;
    do {
      auto argument = sum();
      if (!argument || !want(*argument, wanted, fmt::format("`{}`", name.text))) return std::nullopt;
      arguments.push_back(*argument);
    } while (take_symbol(","));
    if (!close()) return std::nullopt;
    if (arguments.size() < known->least || arguments.size() > known->most) {
      report_.error(codes::clause_form, {name.span.begin, end_},
                    known->most == 1
                        ? fmt::format("`{}` takes one value, found {}", name.text, arguments.size())
                        : fmt::format("`{}` takes {} to {} values, found {}", name.text, known->least,
                                      known->most, arguments.size()));
      cursor_.fail();
      return std::nullopt;
    }
    auto const bounded = [](Operand const& o) { return o.bounded; };
    bool const all = std::all_of(arguments.begin(), arguments.end(), bounded);
    bool const any = std::any_of(arguments.begin(), arguments.end(), bounded);
    push(known->op, name.span, static_cast<std::uint32_t>(arguments.size()));
    return Operand{ValueType::number,
                   0,
                   {name.span.begin, end_},
                   known->op == Op::least ? any : known->op == Op::greatest && all};
  }

  Report& report_;
  Cursor& cursor_;
  Scope scope_;
  spec::Expression out_;
  Operands operands_;
  std::uint32_t end_ = 0;
  int depth_ = 0;
  bool called_ = false;
};

}  // namespace

std::optional<spec::Expression> read_severity(Report& report, Cursor& cursor) {
  return ExpressionReader(report, cursor, Scope::row).read(ValueType::number, true);
}

std::optional<spec::Expression> read_condition(Report& report, Cursor& cursor, Scope scope) {
  return ExpressionReader(report, cursor, scope).read(ValueType::truth, false);
}

}  // namespace itera::dsl::meaning
