#include "dsl/check/rule.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/quantity.hpp"

namespace itera::dsl::meaning {
namespace {

using syntax::TermKind;

class RuleReader {
 public:
  RuleReader(Report& report, Clause const& clause)
      : report_(report), clause_(clause), cursor_(report, clause) {}

  std::optional<spec::ShipRule> read() {
    out_.span = clause_.span();
    cursor_.expect("when");
    if (cursor_.ok() && !cursor_.sees("effect"))
      cursor_.unexpected("`effect`", "the rule begins with its threshold: `ship when effect >= 5pp`");
    effect();
    while (cursor_.ok() && !cursor_.at_end()) {
      if (!cursor_.take("and")) {
        cursor_.unexpected("`and` or end of line");
        break;
      }
      guard();
    }
    cursor_.finish();
    if (!cursor_.ok() || !sound_ || clause_.broken) return std::nullopt;
    return std::move(out_);
  }

 private:
  void refuse(Span subject, std::string_view what) {
    not_yet(report_, subject, what);
    sound_ = false;
  }

  /// A threshold in percentage points, as a fraction.
  std::optional<Rational> points(bool needs_sign) {
    auto const n = cursor_.expect_number("a number of percentage points such as `5pp`");
    if (!n) return std::nullopt;
    auto const& [value, unit, sign] = n->value;
    if (unit == spec::Unit::percent) {
      refuse(n->span, "a relative threshold");
      return std::nullopt;
    }
    if (unit != spec::Unit::pp) {
      auto const text = report_.source.slice(n->span);
      auto const* next = cursor_.peek();
      bool const apart = unit == spec::Unit::none && next && is_word(*next, "pp");
      report_.error(codes::unit, n->span,
                    unit == spec::Unit::none
                        ? fmt::format("the threshold `{}` has no unit", text)
                        : fmt::format("the threshold `{}` is not in percentage points", text),
                    apart ? fmt::format("no space between a number and its unit: `{}pp`", text)
                    : unit == spec::Unit::none ? fmt::format("write `{}pp` for percentage points", text)
                                               : "thresholds are written as in `5pp`");
      if (apart) cursor_.take();
      sound_ = false;
      return std::nullopt;
    }
    if (!is_plain(value) || compare(value, {100, 1}) > 0 || compare(value, {-100, 1}) < 0) {
      report_.error(codes::out_of_range, n->span, "a threshold is at most 100pp, with at most four decimals");
      sound_ = false;
      return std::nullopt;
    }
    if (needs_sign && !sign && value.num != 0) {
      report_.error(codes::unit, n->span,
                    fmt::format("the floor `{}` has no sign", report_.source.slice(n->span)),
                    fmt::format("write `-{0}` to allow a loss, `+{0}` to demand a gain",
                                report_.source.slice(n->span)));
      sound_ = false;
      return std::nullopt;
    }
    return divide(value, 100);
  }

  void effect() {
    if (!cursor_.take("effect")) return;
    cursor_.expect_symbol(">=");
    auto const* number = cursor_.peek();
    auto const threshold = points(false);
    if (number) out_.effect_span = number->span;
    if (!threshold) return;
    out_.effect = *threshold;
    if (threshold->num <= 0) refuse(number->span, "a threshold of zero or less (non-inferiority)");
  }

  void guard() {
    if (cursor_.sees("effect")) {
      twice(report_, cursor_.peek()->span, "the threshold on `effect`", out_.effect_span);
      cursor_.fail();
    } else if (cursor_.sees("cost") || cursor_.sees("latency")) {
      auto const* word = cursor_.take();
      refuse(word->span, fmt::format("a guard on `{}`", word->text));
      while (cursor_.peek() && !cursor_.sees("and")) cursor_.take();
    } else if (cursor_.sees("every")) {
      auto const begin = cursor_.take()->span.begin;
      if (auto const slice = cursor_.expect_column("a slice of `row`")) slice_guard(*slice, "", begin);
    } else if (cursor_.sees(TermKind::assignment)) {
      auto const* pair = cursor_.take();
      auto const& value = pair->items[1];
      if (value.kind != TermKind::word && value.kind != TermKind::text && value.kind != TermKind::number) {
        report_.error(codes::clause_form, value.span,
                      fmt::format("expected one value of the slice, found {}", shown(report_, value)),
                      "write `tier=smb`, or `tier=\"small business\"`");
        return cursor_.fail();
      }
      slice_guard({pair->text, pair->items[0].span}, value.text, pair->span.begin);
    } else if (cursor_.sees(TermKind::word) && cursor_.peek(1) && is_word(*cursor_.peek(1), "does")) {
      category_guard();
    } else {
      auto const* word = cursor_.peek();
      auto const compared = word && word->kind == TermKind::word && cursor_.peek(1) &&
                            cursor_.peek(1)->kind == TermKind::symbol;
      cursor_.unexpected(
          "`every SLICE >= -2pp`, `SLICE=VALUE >= -2pp` or `CATEGORY does not rise`",
          compared ? fmt::format("for the values of a slice write `every {}`", word->text) : std::string());
    }
  }

  void slice_guard(spec::Name slice, std::string value, std::uint32_t begin) {
    spec::SliceClause guard{std::move(slice), std::move(value), {}, spec::SliceMode::point, {}};
    cursor_.expect_symbol(">=");
    auto const* number = cursor_.peek();
    auto const floor = points(true);
    if (!cursor_.ok()) return;
    auto end = number->span.end;
    if (cursor_.take("by")) {
      auto const mode = cursor_.expect_name("`point`, `interval` or `harm`");
      if (!mode) return;
      end = mode->span.end;
      if (mode->value == "interval") {
        guard.mode = spec::SliceMode::interval;
      } else if (mode->value == "harm") {
        guard.mode = spec::SliceMode::harm;
      } else if (mode->value != "point") {
        report_.error(codes::clause_form, mode->span,
                      fmt::format("expected `point`, `interval` or `harm`, found `{}`", mode->value));
        sound_ = false;
      }
    }
    if (floor) guard.floor = *floor;
    guard.span = {begin, end};
    for (auto const& other : out_.slices)
      if (other.slice.value == guard.slice.value && other.value == guard.value) {
        twice(report_, guard.slice.span, "the clause on this slice", other.slice.span);
        sound_ = false;
      }
    out_.slices.push_back(std::move(guard));
  }

  void category_guard() {
    auto const* word = cursor_.take();
    cursor_.expect("does");
    cursor_.expect("not");
    auto const* last = cursor_.peek();
    if (!cursor_.expect("rise")) return;
    for (auto const& other : out_.categories)
      if (other.category.value == word->text) {
        twice(report_, word->span, fmt::format("the clause on `{}`", word->text), other.category.span);
        sound_ = false;
      }
    out_.categories.push_back({{word->text, word->span}, {word->span.begin, last->span.end}});
  }

  Report& report_;
  Clause const& clause_;
  Cursor cursor_;
  spec::ShipRule out_;
  bool sound_ = true;
};

void unknown(Report& report, spec::Name const& name, std::string_view what,
             std::vector<std::string> const& known, std::string_view how) {
  if (std::find(known.begin(), known.end(), name.value) != known.end()) return;
  auto const near = did_you_mean(name.value, known);
  report.error(codes::unknown_name, name.span, fmt::format("no {} is called `{}`", what, name.value),
               near ? fmt::format("did you mean `{}`?", *near)
               : known.empty()
                   ? fmt::format("there is none: {}", how)
                   : fmt::format("this experiment has {}; for another one {}", quoted(known), how));
}

}  // namespace

std::optional<spec::ShipRule> read_rule(Report& report, Clause const& clause) {
  return RuleReader(report, clause).read();
}

void resolve_rule(Report& report, spec::ShipRule const& rule, std::vector<spec::Name> const* slices,
                  std::vector<spec::Category> const* categories) {
  std::vector<std::string> known;
  if (slices) {
    for (auto const& slice : *slices) known.push_back(slice.value);
    for (auto const& guard : rule.slices)
      unknown(report, guard.slice, "slice", known,
              fmt::format("write `slice {}` in `row`", guard.slice.value));
  }
  known.clear();
  if (categories) {
    for (auto const& category : *categories) known.push_back(category.name.value);
    for (auto const& guard : rule.categories)
      unknown(report, guard.category, "failure category", known,
              fmt::format("write `failure {} weight 1 \"...\"`", guard.category.value));
  }
}

}  // namespace itera::dsl::meaning
