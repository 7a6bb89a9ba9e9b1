#include "dsl/draft/propose.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/dsl/support.hpp"

namespace itera::dsl {
namespace {

using test::profile_of;
using Cells = std::vector<std::string>;

Proposal proposed(Profile const& profile) {
  auto out = propose(profile);
  EXPECT_TRUE(out) << out.error().what;
  return out.value_or(Proposal());
}

std::string names(std::vector<Mapped> const& columns) {
  std::string out;
  for (auto const& c : columns) out += (out.empty() ? "" : " ") + c.column;
  return out;
}

// 200 tickets of 50 vendors; four amounts in a hundred are very large, tier is two fifths smb.
Profile tickets() {
  return profile_of(
      {"ticket_id", "subject", "body", "vendor", "tier", "label", "amount_usd", "opened", "notes"}, 200,
      [](std::size_t i) {
        return Cells{fmt::format("T{}", i),
                     fmt::format("subject {}", i),
                     fmt::format("a body of some length, the {}th", i),
                     fmt::format("vendor {}", i % 50),
                     i % 5 < 2 ? "smb" : "enterprise",
                     std::string(1, "abcd"[i % 4]),
                     std::to_string(i % 10 == 0 ? 4321 : 10 + i % 7),
                     "2026-04-12",
                     ""};
      });
}

TEST(Propose, EveryRoleWithItsEvidence) {
  auto const p = proposed(tickets());
  ASSERT_TRUE(p.expected && p.entity && p.severity);
  EXPECT_EQ(p.key.column, "ticket_id");
  EXPECT_EQ(p.key.evidence, "200 values in 200 rows, none empty");
  EXPECT_EQ(names(p.inputs), "subject body");
  EXPECT_EQ(p.inputs[0].evidence, "text, 10 characters on average");
  EXPECT_EQ(p.expected->column, "label");
  EXPECT_EQ(p.expected->evidence, "4 values, largest 25% of rows; its name says so");
  EXPECT_EQ(names(p.slices), "tier");
  EXPECT_EQ(p.slices[0].evidence, "2 values, smallest 40% of rows, largest 60%");
  EXPECT_EQ(p.entity->column, "vendor");
  EXPECT_EQ(p.entity->evidence, "50 values, largest 2% of rows; 3 rows of each at most: 150 are left");
  EXPECT_EQ(p.severity->column, "amount_usd");
  EXPECT_EQ(p.severity->evidence, "95th percentile 4,321 against a median of 13");
  EXPECT_EQ(p.severity_cap, "4400");
  EXPECT_EQ(names(p.others), "opened notes");
  EXPECT_EQ(p.others[0].evidence, "dates, 1 value");
  EXPECT_EQ(p.others[1].evidence, "empty in every row");
}

TEST(Propose, TheKeyIsCalledLikeOneAndTellsEveryRowApart) {
  auto const key = [](Cells const& columns, auto const& row) {
    return proposed(profile_of(columns, 60, row)).key.column;
  };
  auto const unique = [](std::size_t i) { return Cells{fmt::format("a {}", i), fmt::format("b {}", i)}; };
  EXPECT_EQ(key({"text", "id"}, unique), "id");
  EXPECT_EQ(key({"userId", "row_id"}, unique), "row_id") << "a user's id names the user";
  EXPECT_EQ(key({"first", "second"}, unique), "first");
  EXPECT_EQ(key({"id", "name"},
                [](std::size_t i) {
                  return Cells{i == 7 ? "" : std::to_string(i), fmt::format("n{}", i)};
                }),
            "name")
      << "an id that is empty in a row is none";
  EXPECT_EQ(key({"id", "name"},
                [](std::size_t i) {
                  return Cells{std::to_string(i / 2), fmt::format("n{}", i)};
                }),
            "name");
}

TEST(Propose, WithoutAKeyThereIsNoSpec) {
  auto const none = propose(profile_of({"text", "label"}, 60, [](std::size_t i) {
    return Cells{fmt::format("t{}", i % 50), std::to_string(i % 3)};
  }));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what,
            "no column tells every row apart, and a spec needs a `key`; `text` comes nearest: 50 values in "
            "60 rows");
  EXPECT_TRUE(none.error().help.starts_with("number the rows, for a CSV file with:\npython3 -c "));
  auto const unnamed =
      propose(profile_of({"a`b"}, 9, [](std::size_t i) { return Cells{std::to_string(i)}; }));
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(
      unnamed.error().what,
      "no column tells every row apart, and a spec needs a `key`; no name of a column can stand in a spec");
}

TEST(Propose, NoRowsAndNoColumns) {
  EXPECT_EQ(propose(profile_of({"id"}, 0, [](auto) { return Cells(); })).error().what,
            "the source has no row: there is nothing to propose from");
  EXPECT_EQ(propose(Profile{3, {}}).error().what, "the source has no column with a name");
}

TEST(Propose, TheAnswerIsNeverAnInput) {
  auto const p =
      proposed(profile_of({"id", "question", "answer", "category", "gold"}, 100, [](std::size_t i) {
        return Cells{std::to_string(i), fmt::format("why {}?", i), fmt::format("because of {}", i),
                     std::to_string(i % 30), std::to_string(i % 40)};
      }));
  EXPECT_EQ(p.expected->column, "gold") << "few values, and the most telling name";
  EXPECT_EQ(names(p.inputs), "question");
  EXPECT_EQ(names(p.others), "answer category");
  EXPECT_EQ(p.others[0].evidence,
            "text, 13 characters on average; its name speaks of the answer, so no arm sees it");

  auto const open = proposed(profile_of({"id", "question", "answer"}, 100, [](std::size_t i) {
    return Cells{std::to_string(i), fmt::format("why {}?", i), fmt::format("because of {}", i)};
  }));
  EXPECT_EQ(open.expected->evidence, "100 values; its name says so: `exact` asks for the very same text");
}

TEST(Propose, WithoutATellingNameTheAnswerIsATextWithFewValuesThatIsNoSlice) {
  auto const with = [](std::size_t values) {
    return proposed(profile_of({"id", "text", "tier", "kingdom"}, 300, [&](std::size_t i) {
      return Cells{std::to_string(i), fmt::format("t {}", i), i % 2 ? "x" : "y",
                   fmt::format("k{}", i % values)};
    }));
  };
  EXPECT_EQ(with(20).expected->column, "kingdom");
  EXPECT_EQ(with(20).expected->evidence,
            "20 values, largest 5% of rows; a guess: few values, and nothing in its name");
  EXPECT_FALSE(with(5).expected) << "that is a slice";
  EXPECT_EQ(names(with(5).slices), "tier kingdom");
  EXPECT_FALSE(with(120).expected) << "that is a text";
}

TEST(Propose, SlicesAreFewAndHoldRows) {
  auto const slices = [](auto const& value, std::size_t n = 400) {
    auto const p = proposed(profile_of({"id", "text", "s"}, n, [&](std::size_t i) {
      return Cells{std::to_string(i), fmt::format("t {}", i), value(i)};
    }));
    return names(p.slices);
  };
  EXPECT_EQ(slices([](std::size_t i) { return std::to_string(i % 12); }), "s");
  EXPECT_EQ(slices([](std::size_t i) { return std::to_string(i % 13); }), "");
  EXPECT_EQ(slices([](std::size_t) { return std::string("one"); }), "");
  EXPECT_EQ(slices([](std::size_t i) { return std::string(i % 20 ? "a" : "b"); }), "s") << "5% of rows";
  EXPECT_EQ(slices([](std::size_t i) { return std::string(i % 22 ? "a" : "b"); }), "") << "less than 5%";
  EXPECT_EQ(slices([](std::size_t i) { return std::string(i == 3 ? "" : i % 2 ? "a" : "b"); }), "");

  auto const p = proposed(profile_of({"id", "text", "a", "b", "region", "c", "d"}, 100, [](std::size_t i) {
    auto const half = std::to_string(i % 2);
    return Cells{
        std::to_string(i), fmt::format("t {}", i), half, half, i % 5 ? "eu" : "us", "x" + half, half};
  }));
  EXPECT_EQ(names(p.slices), "region c a")
      << "a telling name, then texts, then the order of the file; at most three";
  EXPECT_EQ(p.slices[0].evidence,
            "2 values, smallest 20% of rows, largest 80%; 20 rows of the smallest are few");
}

TEST(Propose, AnEntityIsCalledLikeOneAndRepeats) {
  auto const entity = [](char const* name, std::size_t values, std::size_t rows = 600) {
    return proposed(
               profile_of(
                   {"id", "text", name}, rows,
                   [&](std::size_t i) {
                     return Cells{std::to_string(i), fmt::format("t {}", i), fmt::format("v{}", i % values)};
                   }))
        .entity.has_value();
  };
  EXPECT_TRUE(entity("customer", 200));
  EXPECT_TRUE(entity("customerName", 500)) << "1.2 rows a value";
  EXPECT_FALSE(entity("customer", 501));
  EXPECT_TRUE(entity("vendor", 13)) << "46 rows a value";
  EXPECT_FALSE(entity("vendor", 13, 700)) << "more than 50 rows a value";
  EXPECT_FALSE(entity("colour", 200)) << "not called like one";
  EXPECT_FALSE(entity("source", 3)) << "that is a slice: a cap of three rows would leave nine";
}

TEST(Propose, SeverityNeedsATailAndACap) {
  auto const severity = [](char const* name, auto const& amount) {
    return proposed(profile_of({"id", "text", name}, 100, [&](std::size_t i) {
      return Cells{std::to_string(i), fmt::format("t {}", i), amount(i)};
    }));
  };
  auto const tail = [](std::string const& large) {
    return [large](std::size_t i) { return i < 10 ? large : std::to_string(10 + i % 3); };
  };
  EXPECT_EQ(severity("price", tail("50000")).severity_cap, "50k");
  EXPECT_EQ(severity("price", tail("-50001")).severity_cap, "51k") << "magnitudes, rounded up to two digits";
  EXPECT_EQ(severity("order value", tail("123.4")).severity_cap, "130");
  EXPECT_FALSE(severity("price", tail("54")).severity) << "less than five times the median";
  EXPECT_FALSE(severity("weight", tail("50000")).severity) << "not called like an amount";
  EXPECT_FALSE(severity("price", tail("1e300")).severity) << "no cap that a spec can write";
  EXPECT_FALSE(severity("price", [](std::size_t i) { return std::to_string(i < 40 ? 1000 : 0); }).severity)
      << "a median of zero";
}

TEST(Propose, AnArmSeesSomething) {
  auto const inputs = [](Cells const& columns, auto const& row) {
    return names(proposed(profile_of(columns, 100, row)).inputs);
  };
  EXPECT_EQ(inputs({"only"}, [](std::size_t i) { return Cells{fmt::format("t {}", i)}; }), "only");
  EXPECT_EQ(inputs({"id", "width", "label"},
                   [](std::size_t i) {
                     return Cells{std::to_string(i), std::to_string(i % 37), std::to_string(i % 2)};
                   }),
            "width");
  EXPECT_EQ(inputs({"id", "tier", "label"},
                   [](std::size_t i) {
                     return Cells{std::to_string(i), i % 2 ? "a" : "b", std::to_string(i % 5)};
                   }),
            "tier")
      << "a slice, where nothing else is left";
  EXPECT_EQ(inputs({"id", "user_key", "same", "text"},
                   [](std::size_t i) {
                     return Cells{std::to_string(i), fmt::format("u{}", i), "x", fmt::format("t {}", i)};
                   }),
            "text")
      << "neither an identifier nor what is the same everywhere";

  Cells many{"id"};
  for (int c = 0; c < 20; ++c) many.push_back(fmt::format("c{}", c));
  auto const p = proposed(profile_of(many, 60, [](std::size_t i) {
    Cells out{std::to_string(i)};
    for (std::size_t c = 0; c < 20; ++c) out.push_back(std::string(1 + c % 10, 'x') + std::to_string(i));
    return out;
  }));
  EXPECT_EQ(names(p.inputs), "c6 c7 c8 c9 c16 c17 c18 c19") << "the eight longest, in the order of the file";
}

TEST(Propose, ANameThatNoSpecCanHoldIsLeftOut) {
  auto const p = proposed(profile_of({"id", "a`b", "c\nd",
                                      "e\xE2\x80\xAE"
                                      "f",
                                      std::string(600, 'x'), "text"},
                                     60, [](std::size_t i) { return Cells(6, fmt::format("t {}", i)); }));
  EXPECT_EQ(names(p.inputs), "text");
  ASSERT_EQ(p.others.size(), 4U);
  for (auto const& other : p.others)
    EXPECT_EQ(other.evidence, "its name cannot stand in a spec: rename it to use it");
}

TEST(Propose, NumbersForPeople) {
  EXPECT_EQ(counted(0), "0");
  EXPECT_EQ(counted(999), "999");
  EXPECT_EQ(counted(1000), "1,000");
  EXPECT_EQ(counted(12345678), "12,345,678");
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(2, "row"), "2 rows");
  EXPECT_EQ(percent(0, 7), "0%");
  EXPECT_EQ(percent(7, 7), "100%");
  EXPECT_EQ(percent(1, 5000), "under 0.1%");
  EXPECT_EQ(percent(1, 400), "0.2%");
  EXPECT_EQ(percent(1, 3), "33%");
  EXPECT_EQ(percent(9999, 10000), "over 99%");
}

}  // namespace
}  // namespace itera::dsl
