#include "dsl/check/sections.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/quantity.hpp"
#include "dsl/check/seen.hpp"
#include "dsl/check/settings.hpp"
#include "dsl/check/strata.hpp"

namespace itera::dsl::meaning {
namespace {

using syntax::TermKind;

// Overrides are a closed list: what is not on it cannot be accepted.
constexpr std::string_view kAcceptable[] = {"underpowered"};

// However the two are written.
bool same_value(spec::Value const& a, spec::Value const& b) {
  if (a.data.index() != b.data.index()) return false;
  if (auto const* text = std::get_if<std::string>(&a.data)) return *text == std::get<std::string>(b.data);
  if (auto const* word = std::get_if<spec::Word>(&a.data))
    return word->text == std::get<spec::Word>(b.data).text;
  if (auto const* env = std::get_if<spec::EnvRef>(&a.data))
    return env->name == std::get<spec::EnvRef>(b.data).name;
  if (auto const* file = std::get_if<spec::FileRef>(&a.data))
    return file->path == std::get<spec::FileRef>(b.data).path;
  if (auto const* number = std::get_if<spec::Quantity>(&a.data)) {
    auto const& other = std::get<spec::Quantity>(b.data);
    return number->unit == other.unit && compare(number->value, other.value) == 0;
  }
  auto const &all = std::get<spec::List>(a.data), &others = std::get<spec::List>(b.data);
  return std::equal(all.begin(), all.end(), others.begin(), others.end(), same_value);
}

Rational sum(Rational a, Rational b) {
  return reduce(a.num * b.den + b.num * a.den, a.den * b.den);
}

std::optional<spec::Traffic::Share> traffic_share(Report& report, Cursor& cursor) {
  constexpr std::string_view what = "a value of the column and its share, as in `smb 40%`";
  auto const* value = cursor.peek();
  if (!value ||
      (value->kind != TermKind::word && value->kind != TermKind::text && value->kind != TermKind::number)) {
    cursor.unexpected(what);
    return std::nullopt;
  }
  cursor.take();
  auto const share = cursor.expect_number("its share, a percentage such as `40%`");
  if (!share) return std::nullopt;
  spec::Traffic::Share out{{value->text, value->span}, divide(share->value.value, 100)};
  if (share->value.unit != spec::Unit::percent) {
    report.error(codes::unit, share->span, "a share of the traffic is a percentage",
                 "write it as in `smb 40%`");
    cursor.fail();
    return std::nullopt;
  }
  if (!is_plain(share->value.value) || out.share.num <= 0 || compare(out.share, {1, 1}) > 0) {
    report.error(codes::out_of_range, share->span,
                 "a share of the traffic is above 0% and at most 100%, with at most four decimals");
    cursor.fail();
    return std::nullopt;
  }
  return out;
}

void read_column(Report& report, Clause const& clause, Strata const& strata, Seen& columns,
                 spec::Experiment& out) {
  auto const& head = clause.terms.front();
  spec::Traffic traffic;
  traffic.column = {head.text, head.span};
  Cursor cursor(report, clause);
  Seen values;
  do {
    auto const share = traffic_share(report, cursor);
    if (!share) break;
    if (auto const first = values.met(share->value.value, share->value.span)) {
      twice(report, share->value.span, fmt::format("the value `{}`", share->value.value), *first);
      cursor.fail();
    }
    traffic.shares.push_back(*share);
  } while (cursor.take_symbol(","));
  if (cursor.ok() && !cursor.at_end())
    cursor.unexpected("`,` or end of line", "each column has a line of its own");
  cursor.finish();
  if (!cursor.ok() || clause.broken) return;
  if (auto const first = columns.first(head.text))
    return twice(report, head.span, fmt::format("the column `{}`", head.text), *first);
  if (!strata.require(report, traffic.column)) return;
  columns.met(head.text, head.span);
  Rational total;
  for (auto const& share : traffic.shares) total = sum(total, share.share);
  if (compare(total, {1, 1}) != 0)
    report.error(codes::traffic_shares, head.span,
                 fmt::format("the shares of `{}` add up to {}%, not to 100%", head.text,
                             to_string(reduce(total.num * 100, total.den))),
                 "name every value that production has");
  out.traffic.push_back(std::move(traffic));
}

}  // namespace

void read_traffic(Report& report, Clause const& clause, spec::RowMapping const* row, spec::Experiment& out) {
  Cursor start(report, clause);
  if (!start.at_end() || !clause.body) start.unexpected("`{`");
  if (!start.ok() || !clause.body) return;
  auto const parts = clauses_of(*clause.body, {}, true);
  Strata const strata(row);
  Seen columns;
  for (auto const& part : parts) {
    auto const& head = part.terms.front();
    if (head.kind == TermKind::word || head.kind == TermKind::column) {
      read_column(report, part, strata, columns, out);
    } else if (!part.broken) {
      report.error(codes::clause_form, head.span,
                   fmt::format("expected a column, found {}", shown(report, head)),
                   "write `COLUMN VALUE 60%, VALUE 40%`");
    }
  }
  if (parts.empty())
    report.error(codes::missing_clause, clause.head(), "`traffic` has no column",
                 "write `COLUMN VALUE 60%, VALUE 40%`");
}

void read_crosscheck(Report& report, Clause const& clause, ports::PluginInfo const* judge,
                     spec::Experiment& out, ports::PluginInfo const** second_judge) {
  bool const metric_known = judge != nullptr;
  Cursor cursor(report, clause);
  // Fewer than five directions say nothing of agreement.
  auto const rows = cursor.expect_count("a number of rows", 5, 100'000);
  cursor.expect("rows");
  cursor.expect("using");
  if (!cursor.ok()) return;
  auto const before = report.errors();
  auto const first = metric_known ? out.metric.judge : spec::Actor{};
  // Another family is another account: a key is not handed on to whoever the second judge is.
  auto parent = first;
  if (judge)
    std::erase_if(parent.settings, [&](spec::Setting const& s) {
      return std::any_of(judge->settings.begin(), judge->settings.end(),
                         [&](auto const& schema) { return schema.secret && schema.name == s.name.value; });
    });
  out.crosscheck = spec::Crosscheck{rows->value, {}, clause.head()};
  auto& second = out.crosscheck->judge;
  second = read_actor(report, ports::PluginKind::judge, cursor, clause, second_judge, &parent);
  if (!metric_known || report.errors() != before || first.plugin.value != second.plugin.value) return;
  auto const same = [&](spec::Setting const& a) {
    auto const b = std::find_if(first.settings.begin(), first.settings.end(),
                                [&](auto const& s) { return s.name.value == a.name.value; });
    return b != first.settings.end() && same_value(a.value, b->value);
  };
  if (!std::all_of(second.settings.begin(), second.settings.end(), same)) return;
  report
      .error(codes::same_judge, second.plugin.span, "the second judge is the first one again",
             "a judge agrees with itself: take one of another family")
      .labels.push_back({first.plugin.span, "the judge of the metric"});
}

void read_budget(Report& report, Clause const& clause, spec::Experiment& out) {
  Cursor cursor(report, clause);
  auto const most = cursor.expect_number("an amount of money such as `$40`");
  cursor.finish();
  if (!most || !cursor.ok()) return;
  auto const& [value, unit, sign] = most->value;
  if (unit != spec::Unit::usd)
    report.error(codes::unit, most->span, "a budget is in US dollars", "write it as in `budget $40`");
  else if (!is_plain(value) || value.num <= 0 || sign)
    report.error(codes::out_of_range, most->span,
                 "a budget is above $0, with at most four decimals and without a sign");
  else
    out.budget = spec::At<Rational>{value, most->span};
}

void read_accept(Report& report, Clause const& clause, spec::Experiment& out) {
  Cursor cursor(report, clause);
  auto const what = cursor.expect_name("what is accepted: `underpowered`");
  if (!what) return;
  auto const known = strings(kAcceptable);
  if (std::find(known.begin(), known.end(), what->value) == known.end()) {
    auto const near = did_you_mean(what->value, known);
    report.error(codes::unknown_name, what->span,
                 fmt::format("`{}` is nothing that can be accepted", what->value),
                 near ? fmt::format("did you mean `{}`?", *near)
                      : fmt::format("what can be accepted is {}; every other rule holds", quoted(known)));
    return;
  }
  auto const reason = cursor.expect_text("the reason, as a quoted text");
  cursor.finish();
  if (!reason || !cursor.ok()) return;
  if (squeeze(reason->value).empty()) {
    report.error(codes::missing_clause, reason->span, "the reason is empty",
                 "a reviewer has to be able to weigh it");
    return;
  }
  for (auto const& other : out.accepts)
    if (other.what.value == what->value)
      return twice(report, what->span, fmt::format("`accept {}`", what->value), other.what.span);
  out.accepts.push_back({*what, *reason, clause.head()});
}

}  // namespace itera::dsl::meaning
