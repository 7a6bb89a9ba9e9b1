#include "dsl/draft/propose.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "dsl/draft/column_name.hpp"

namespace itera::dsl {
namespace {

// From the most to the least telling.
constexpr std::string_view kKey[] = {"id",   "key",    "uuid", "guid", "identifier",
                                     "hash", "number", "no",   "nr",   "index"};
constexpr std::string_view kExpected[] = {"expected", "label",    "target",  "gold",      "truth",  "answer",
                                          "class",    "category", "section", "sentiment", "intent", "topic"};
constexpr std::string_view kEntity[] = {
    "vendor",   "customer", "user",         "account",      "client", "company", "merchant",
    "supplier", "tenant",   "organisation", "organization", "org",    "patient", "member",
    "author",   "sender",   "person",       "repository",   "repo",   "project", "source",
    "domain",   "thread",   "conversation", "session",      "entity"};
constexpr std::string_view kSeverity[] = {"amount", "usd",     "eur", "gbp",   "price",   "revenue",
                                          "value",  "balance", "sum", "total", "severity"};
constexpr std::string_view kSlice[] = {"tier",    "segment",  "region",   "plan",     "type",   "kind",
                                       "channel", "length",   "language", "lang",     "locale", "country",
                                       "market",  "priority", "size",     "platform", "device", "slice"};

constexpr std::uint64_t kMostSliceValues = 12, kMostClasses = 100, kMostSlices = 3, kMostInputs = 8;
constexpr double kShortKey = 40;                 // characters: a longer value is a text, not an id
constexpr std::uint64_t kRowsOfSliceValue = 25;  // a fifth is test, and `run` wants five there

template <std::size_t N>
bool named(ColumnProfile const& column, std::string_view const (&words)[N]) {
  return place_among(column.name, words) < N;
}

// Names of another row or thing: nothing that an arm could read.
bool is_identifier(ColumnProfile const& column) {
  return place_among(column.name, std::span(kKey).first(6)) < 6;
}

// What is the same in all but a row in a hundred tells an arm nothing.
bool is_constant(ColumnProfile const& c) {
  return !c.more && c.empty == 0 && c.largest * 100 >= c.rows * 99 && c.rows > 1;
}

bool is_unique(ColumnProfile const& c) {
  return c.rows > 0 && c.empty == 0 && !c.repeated;
}

bool is_slice_like(ColumnProfile const& c) {
  return (c.type == CellType::text || c.type == CellType::number) && !c.more && c.empty == 0 &&
         c.distinct >= 2 && c.distinct <= kMostSliceValues && c.distinct < c.rows &&
         c.smallest * 20 >= c.rows;
}

bool is_class_like(ColumnProfile const& c) {
  return c.type != CellType::empty && !c.more && c.distinct >= 2 && c.distinct <= kMostClasses &&
         c.empty * 10 <= c.rows && c.distinct * 2 <= c.rows;
}

// "12", "1,250.5", "8.3e+20"
std::string number(double n) {
  auto const size = std::abs(n);
  if (size >= 1e15 || (size > 0 && size < .005)) return fmt::format("{:.3g}", n);
  auto const text = fmt::format("{:.2f}", size);
  auto fraction = text.substr(text.size() - 3);
  while (fraction.ends_with('0') || fraction == ".") fraction.pop_back();
  return (n < 0 ? "-" : "") + counted(std::stoull(text.substr(0, text.size() - 3))) + fraction;
}

std::string values(ColumnProfile const& c) {
  return (c.more ? "at least " : "") + counted(c.distinct, "value");
}

std::string and_empty(ColumnProfile const& c) {
  return c.empty == 0 ? std::string() : fmt::format(", {} empty", percent(c.empty, c.rows));
}

std::string what_it_is(ColumnProfile const& c) {
  switch (c.type) {
    case CellType::empty:
      return "empty in every row";
    case CellType::number:
      return fmt::format("numbers, {} to {}{}", number(c.range->least), number(c.range->most), and_empty(c));
    case CellType::date:
      return fmt::format("dates, {}{}", values(c), and_empty(c));
    case CellType::text:
      break;
  }
  if (!c.more && c.distinct <= kMostClasses && c.distinct * 2 <= c.rows)
    return fmt::format("text, {}, largest {} of rows{}", values(c), percent(c.largest, c.rows), and_empty(c));
  return fmt::format("text, {:.0f} characters on average{}", c.mean_length, and_empty(c));
}

class Proposer {
 public:
  explicit Proposer(Profile const& profile) {
    for (auto const& column : profile.columns)
      (can_be_named(column.name) ? open_ : unnamed_).push_back(&column);
    rows_ = profile.rows;
  }

  Result<Proposal> propose() {
    if (open_.empty() && unnamed_.empty())
      return fail(ErrorClass::invalid, "the source has no column with a name", "give each column a name");
    if (rows_ == 0)
      return fail(ErrorClass::invalid, "the source has no row: there is nothing to propose from",
                  "give it rows, or write the spec by hand: `itera init` shows one");
    auto const* key = find_key();
    if (!key) return no_key();
    out_.key = {key->name,
                key->more
                    ? fmt::format("no two of the first {} rows are alike, none empty", counted(key->distinct))
                    : fmt::format("{} in {}, none empty", values(*key), counted(rows_, "row"))};
    take(key);
    find_expected();
    find_entity();
    find_severity();
    find_slices();
    find_inputs(*key);
    for (auto const* column : open_) out_.others.push_back({column->name, left_over(*column)});
    for (auto const* column : unnamed_)
      out_.others.push_back({column->name, "its name cannot stand in a spec: rename it to use it"});
    return std::move(out_);
  }

 private:
  void take(ColumnProfile const* column) { open_.erase(std::find(open_.begin(), open_.end(), column)); }

  ColumnProfile const* find_key() const {
    ColumnProfile const* best = nullptr;
    auto const rank = [](ColumnProfile const& c) {
      bool const of_another = named(c, kEntity) || named(c, kExpected);
      return std::tuple(c.mean_length > kShortKey, of_another, place_among(c.name, kKey), c.more);
    };
    for (auto const* column : open_)
      if (is_unique(*column) && (!best || rank(*column) < rank(*best))) best = column;
    return best;
  }

  tl::unexpected<Error> no_key() const {
    ColumnProfile const* nearest = nullptr;
    for (auto const* column : open_)
      if (!nearest || column->distinct > nearest->distinct) nearest = column;
    auto const hint = nearest
                          ? fmt::format("; {} comes nearest: {}{} in {}", column_in_comment(nearest->name),
                                        values(*nearest), and_empty(*nearest), counted(rows_, "row"))
                          : std::string("; no name of a column can stand in a spec");
    return fail(
        ErrorClass::invalid, "no column tells every row apart, and a spec needs a `key`" + hint,
        "number the rows, for a CSV file with:\n"
        "python3 -c 'import csv, sys; csv.writer(sys.stdout).writerows([n or \"row_id\", *row] for n, row "
        "in enumerate(csv.reader(sys.stdin)))' < rows.csv > numbered.csv");
  }

  void find_expected() {
    ColumnProfile const* best = nullptr;
    auto const rank = [](ColumnProfile const& c) {
      return std::tuple(!is_class_like(c), words_of(c.name).size() > 1, place_among(c.name, kExpected));
    };
    for (auto const* column : open_)
      if (named(*column, kExpected) && column->type != CellType::empty &&
          (!best || rank(*column) < rank(*best)))
        best = column;
    std::string why = "its name says so";
    if (!best) {
      why = "a guess: few values, and nothing in its name";
      for (auto const* column : open_)
        if (column->type == CellType::text && is_class_like(*column) && !is_slice_like(*column) &&
            !named(*column, kEntity))
          best = column;
    }
    if (!best) return;
    out_.expected = Mapped{best->name, is_class_like(*best)
                                           ? fmt::format("{}, largest {} of rows{}; {}", values(*best),
                                                         percent(best->largest, rows_), and_empty(*best), why)
                                           : fmt::format("{}{}; {}: `exact` asks for the very same text",
                                                         values(*best), and_empty(*best), why)};
    take(best);
  }

  void find_entity() {
    ColumnProfile const* best = nullptr;
    for (auto const* column : open_) {
      auto const filled = column->rows - column->empty;
      bool const repeats =
          !column->more && filled * 10 >= column->distinct * 12 && filled <= column->distinct * 50;
      if (named(*column, kEntity) && column->type != CellType::empty && column->distinct >= 2 && repeats &&
          !is_slice_like(*column) &&
          (!best || place_among(column->name, kEntity) < place_among(best->name, kEntity)))
        best = column;
    }
    if (!best) return;
    out_.entity =
        Mapped{best->name,
               fmt::format("{}, largest {} of rows{}; 3 rows of each at most: {} are left", values(*best),
                           percent(best->largest, rows_), and_empty(*best), counted(best->left_by_cap))};
    take(best);
  }

  void find_slices() {
    std::vector<ColumnProfile const*> found;
    for (auto const* column : open_)
      if (is_slice_like(*column)) found.push_back(column);
    // Those that are called like a slice first, texts before numbers, else in the order of the file.
    std::stable_sort(found.begin(), found.end(), [](auto const* a, auto const* b) {
      auto const rank = [](ColumnProfile const& c) {
        return std::tuple(!named(c, kSlice), c.type != CellType::text);
      };
      return rank(*a) < rank(*b);
    });
    found.resize(std::min<std::size_t>(found.size(), kMostSlices));
    for (auto const* column : found) {
      auto evidence = fmt::format("{}, smallest {} of rows, largest {}", values(*column),
                                  percent(column->smallest, rows_), percent(column->largest, rows_));
      if (column->smallest < kRowsOfSliceValue)
        evidence += fmt::format("; {} rows of the smallest are few", column->smallest);
      out_.slices.push_back({column->name, std::move(evidence)});
      take(column);
    }
  }

  void find_severity() {
    for (auto const* column : open_) {
      // A row without a number would stop the run.
      if (column->type != CellType::number || column->empty > 0 || !named(*column, kSeverity)) continue;
      auto const& range = *column->range;
      if (!(range.median > 0) || !(range.p95 > 5 * range.median) || range.p95 < 1 || range.p95 > 1e9)
        continue;
      // Two digits, rounded up: a cap is a matter of judgement, not of measurement.
      auto const unit = std::max(1.0, std::pow(10, std::floor(std::log10(range.p95)) - 1));
      auto const cap = std::llround(std::ceil(range.p95 / unit) * unit);
      out_.severity_cap = cap % 1000 == 0 ? fmt::format("{}k", cap / 1000) : std::to_string(cap);
      out_.severity = Mapped{column->name, fmt::format("95th percentile {} against a median of {}",
                                                       number(range.p95), number(range.median))};
      take(column);
      return;
    }
  }

  void find_inputs(ColumnProfile const& key) {
    std::vector<ColumnProfile const*> found;
    for (auto const* column : open_)
      if (column->type == CellType::text && !named(*column, kExpected) && !is_identifier(*column) &&
          !is_constant(*column))
        found.push_back(column);
    if (found.empty())
      for (auto const* column : open_)
        if (column->type != CellType::empty && !named(*column, kExpected)) found.push_back(column);
    keep_longest(found);
    for (auto const* column : found) {
      out_.inputs.push_back({column->name, what_it_is(*column)});
      take(column);
    }
    if (!out_.inputs.empty()) return;
    // An arm must see something; what it sees may have a second role.
    if (!out_.slices.empty())
      for (auto const& slice : out_.slices)
        out_.inputs.push_back({slice.column, "nothing else is left to see"});
    else
      out_.inputs.push_back({key.name, "nothing else is left to see"});
  }

  void keep_longest(std::vector<ColumnProfile const*>& columns) const {
    if (columns.size() <= kMostInputs) return;
    auto const by_length = [](auto const* a, auto const* b) { return a->mean_length > b->mean_length; };
    std::stable_sort(columns.begin(), columns.end(), by_length);
    columns.resize(kMostInputs);
    std::sort(columns.begin(), columns.end());  // back to the order of the file: they point into one vector
  }

  static std::string left_over(ColumnProfile const& column) {
    auto out = what_it_is(column);
    if (column.type != CellType::empty && named(column, kExpected))
      out += "; its name speaks of the answer, so no arm sees it";
    return out;
  }

  std::uint64_t rows_ = 0;
  std::vector<ColumnProfile const*> open_, unnamed_;
  Proposal out_;
};

}  // namespace

std::string counted(std::uint64_t n) {
  auto out = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
    out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

std::string counted(std::uint64_t n, std::string_view of) {
  return fmt::format("{} {}{}", counted(n), of, n == 1 ? "" : "s");
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  auto const p = 100.0 * static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(1, whole));
  if (part == 0 || part == whole) return part == 0 ? "0%" : "100%";
  if (p < .1) return "under 0.1%";
  if (p < 1) return fmt::format("{:.1f}%", p);
  return p > 99 ? std::string("over 99%") : fmt::format("{:.0f}%", p);
}

Result<Proposal> propose(Profile const& profile) {
  return Proposer(profile).propose();
}

}  // namespace itera::dsl
