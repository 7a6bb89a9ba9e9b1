#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/check/cursor.hpp"
#include "dsl/check/data.hpp"
#include "dsl/check/quantity.hpp"
#include "dsl/check/seen.hpp"
#include "dsl/check/strata.hpp"
#include "dsl/syntax/words.hpp"

namespace itera::dsl::meaning {
namespace {

constexpr std::span kHeads = syntax::words::split;

class SplitReader {
 public:
  SplitReader(Report& report, Clause const& clause, spec::RowMapping const* row, spec::SplitPolicy& out)
      : report_(report), clause_(clause), row_(row), out_(out) {}

  bool read() {
    out_.span = clause_.span();
    Cursor start(report_, clause_);
    if (!start.at_end() || !clause_.body) start.unexpected("`{`");
    if (!start.ok() || !clause_.body) return false;
    bool const whole = !has_broken(*clause_.body);
    sound_ = whole;
    for (auto const& part : clauses_of(*clause_.body, kHeads, true)) clause(part);
    if (whole) complete();
    if (row_ && row_->entity && !seen("cap")) out_.cap_per_entity = 3;
    if (row_ && !row_->entity) out_.cap_per_entity = 0;
    return sound_;
  }

 private:
  std::optional<Span> seen(std::string_view word) const {
    for (auto const& [name, span] : seen_)
      if (name == word) return span;
    return std::nullopt;
  }

  bool missing(std::string_view word) const {
    return !seen(word) && std::find(meant_.begin(), meant_.end(), word) == meant_.end();
  }

  void clause(Clause const& part) {
    auto const& head = part.terms.front();
    auto const word = part.word();
    if (std::find(std::begin(kHeads), std::end(kHeads), word) == std::end(kHeads)) {
      if (!part.broken)
        if (auto const meant = unknown_clause(report_, part, kHeads, "`split`")) meant_.push_back(*meant);
      sound_ = false;
      return;
    }
    if (auto const first = seen(word)) {
      twice(report_, head.span, fmt::format("`{}`", word), *first);
      sound_ = false;
      return;
    }
    seen_.emplace_back(word, head.span);
    Cursor cursor(report_, part);
    if (word == "train") share(cursor, out_.train);
    if (word == "dev") share(cursor, out_.dev);
    if (word == "test") share(cursor, out_.test);
    if (word == "stratify") stratify(cursor);
    if (word == "cap") cap(cursor);
    if (word == "seed")
      if (auto const n = cursor.expect_count("a seed", 0, 1'000'000'000'000'000)) out_.seed = *n;
    cursor.finish();
    sound_ = sound_ && cursor.ok() && !part.broken;
  }

  void share(Cursor& cursor, Rational& out) {
    auto const n = cursor.expect_number("a share such as `30%`");
    if (!n) return;
    if (n->value.unit != spec::Unit::percent) {
      report_.error(codes::unit, n->span, "a share of the split is a percentage",
                    "write it as in `train 30%`");
      return cursor.fail();
    }
    out = divide(n->value.value, 100);
    if (!is_plain(n->value.value) || out.num <= 0 || compare(out, {1, 1}) >= 0) {
      report_.error(codes::out_of_range, n->span,
                    "a share of the split is above 0% and below 100%, with at most four decimals");
      cursor.fail();
    }
  }

  void stratify(Cursor& cursor) {
    Seen seen;
    Strata const strata(row_);
    do {
      auto const column = cursor.expect_column();
      if (!column) return;
      if (auto const first = seen.met(column->value, column->span)) {
        twice(report_, column->span, fmt::format("the column `{}`", column->value), *first);
        cursor.fail();
      }
      out_.stratify.push_back(*column);
      if (!strata.require(report_, *column)) sound_ = false;
    } while (cursor.take_symbol(","));
  }

  void cap(Cursor& cursor) {
    auto const n = cursor.expect_count("a number of rows", 1, 1'000'000'000);
    if (!n) return;
    out_.cap_per_entity = static_cast<std::uint32_t>(n->value);
    cursor.expect("per");
    auto const column = cursor.expect_column("the column of the entity");
    if (!column) return;
    if (row_ && (!row_->entity || row_->entity->value != column->value)) {
      auto& problem = report_.error(
          codes::cap_entity, column->span, fmt::format("`{}` is not the entity of `row`", column->value),
          row_->entity ? fmt::format("write `cap {} per {}`", n->value, row_->entity->value)
                       : fmt::format("add it to `row`: `entity {}`", column->value));
      if (row_->entity) problem.labels.push_back({row_->entity->span, "the entity"});
      cursor.fail();
    }
    if (cursor.take_symbol(",")) {
      auto const share = cursor.expect_number("a share such as `1/3`");
      if (!share) return;
      bool const percent = share->value.unit == spec::Unit::percent;
      auto const value = percent ? divide(share->value.value, 100) : share->value.value;
      if ((!percent && share->value.unit != spec::Unit::none) || value.num <= 0 ||
          compare(value, {1, 1}) > 0 || value.den > 1'000'000) {
        report_.error(codes::out_of_range, share->span, "the share of one entity is above 0 and at most 1",
                      "write it as in `1/3 of rows` or `30% of rows`");
        return cursor.fail();
      }
      out_.cap_share = value;
      if (cursor.expect("of")) cursor.expect("rows");
    }
    if (cursor.ok() && n->value == 1)
      report_.warning(codes::cap_of_one, n->span, "a cap of one row hides that customers repeat themselves",
                      "a cap of about 3 keeps the sample like production");
  }

  void complete() {
    std::vector<std::string> absent;
    for (std::string_view const word : {"train", "dev", "test"})
      if (missing(word)) absent.emplace_back(word);
    if (absent.size() == 1 || absent.size() == 2) {
      report_.error(codes::shares, clause_.head(), fmt::format("`split` has no share for {}", quoted(absent)),
                    "write all three shares, or none for `train 30%  dev 50%  test 20%`");
      sound_ = false;
    } else if (sound_) {
      auto const sum = [](Rational a, Rational b) {
        return reduce(a.num * b.den + b.num * a.den, a.den * b.den);
      };
      auto const total = sum(sum(out_.train, out_.dev), out_.test);
      if (compare(total, {1, 1}) != 0) {
        report_.error(codes::shares, seen("train").value_or(clause_.head()),
                      fmt::format("the shares of the split add up to {}%, not to 100%",
                                  to_string(reduce(total.num * 100, total.den))));
        sound_ = false;
      }
    }
    if (missing("seed")) {
      report_.error(
          codes::missing_clause, clause_.head(), "`split` has no `seed`",
          "write `seed` and a whole number, today's date for example: who repeats the experiment needs it");
      sound_ = false;
    }
  }

  Report& report_;
  Clause const& clause_;
  spec::RowMapping const* row_;
  spec::SplitPolicy& out_;
  std::vector<std::pair<std::string_view, Span>> seen_;
  std::vector<std::string> meant_;  // clauses that were probably meant by unknown words
  bool sound_ = true;
};

}  // namespace

bool read_split(Report& report, Clause const& clause, spec::RowMapping const* row, spec::SplitPolicy& out) {
  return SplitReader(report, clause, row, out).read();
}

}  // namespace itera::dsl::meaning
