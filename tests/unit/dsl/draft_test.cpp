#include "dsl/draft/draft.hpp"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dsl/check/names.hpp"
#include "dsl/draft/column_name.hpp"
#include "tests/unit/dsl/support.hpp"

namespace itera::dsl {
namespace {

using test::profile_of;
using Cells = std::vector<std::string>;

std::string drafted(Profile const& profile, DraftFrame const& frame) {
  auto const proposal = propose(profile);
  EXPECT_TRUE(proposal) << proposal.error().what;
  return proposal ? draft(profile, *proposal, frame) : std::string();
}

TEST(Draft, WholeText) {
  auto const profile =
      profile_of({"id", "subject", "the body", "tier", "label", "amount", "vendor", "free\nname"}, 300,
                 [](std::size_t i) {
                   return Cells{std::to_string(i),
                                fmt::format("s{}", i),
                                i % 4 ? fmt::format("body {}", i) : "",
                                i % 2 ? "smb" : "pro",
                                std::to_string(i % 3),
                                i % 10 ? "20" : "9000",
                                fmt::format("v{}", i / 4),
                                "x"};
                 });
  EXPECT_EQ(
      drafted(profile, {"tickets", "csv", {{"path", "data/tickets.csv"}, {"separator", ";"}}, 20261101}),
      R"(// Drafted by `itera init`. What was read for it: the names of 8 columns, and a profile of the cells of
// 300 rows (how many values, how often, how long). Nothing is locked yet, so nothing is lost by that.
// Each line of `row` is a guess with its evidence: look at it, change it, then `itera check` and `itera plan`.
experiment tickets {

  // What is decided, and what you expect and why. Both are quoted in the conclusion: write your own.
  question    "Does the candidate answer better than what runs today?"
  hypothesis  "It does, because ..."

  rows from csv {
    path = "data/tickets.csv"
    separator = ";"
  }
  // Or, if the rows were made: origin generated from "what they were made of"
  origin production

  // `key` tells rows apart; `input` is all that an arm gets to see, so leave out what is only known later; the
  // verdict is also given for each value of a `slice`; rows of one `entity` belong together.
  row {
    key       id                             // 300 values in 300 rows, none empty
    input     subject,                       // text, 4 characters on average
              `the body`                     // text, 8 characters on average, 25% empty
    expected  label                          // 3 values, largest 33% of rows; its name says so
    slice     tier                           // 2 values, smallest 50% of rows, largest 50%
    entity    vendor                         // 75 values, largest 1% of rows; 3 rows of each at most: 225 are left
    severity  min(abs(amount), 9k)           // 95th percentile 9,000 against a median of 20
    // Not used:
    //   `free?name`: its name cannot stand in a spec: rename it to use it
  }

  // Train 30%, dev 50%, test 20%. The split follows from the seed: any whole number.
  split {
    seed 20261101
  }

  // What runs today, and where it stands in the code. The program reads one line of JSON a row,
  // {"id": "7", "input": {...}}, and answers with one line, {"id": "7", "output": "..."}, flushed.
  baseline current using process {
    ref     "current.py:1"
    command = ["python3", "current.py"]
  }

  // One thing that changes, and what it is.
  arm candidate from current "what it does differently" {
    command = ["python3", "candidate.py"]
  }

  // 1 if the output is the expected answer, else 0. `itera plugins list` shows other judges.
  metric accuracy using exact

  // The kinds of failure and how bad each is: 3 to 5, before anything is seen. `check` warns while there is none.
  // failure no_answer  weight 2  "no answer at all"

  // What has to be shown before anything ships. It is locked before a score exists.
  ship when effect >= 5pp
        and every tier >= -2pp
}
)");
}

TEST(Draft, SeverityOfAColumnWithASpaceStandsInBackquotes) {
  auto const profile = profile_of({"id", "text", "order `value"}, 40, [](std::size_t i) {
    return Cells{std::to_string(i), fmt::format("t{}", i), i ? "1" : "2"};
  });
  Proposal proposal{
      {"id", "unique"}, {{"text", "text"}}, {}, {}, {}, Mapped{"order value", "a tail"}, "1300", {}};
  auto const text = draft(profile, proposal, {"e", "csv", {}, 1});
  EXPECT_NE(text.find("\n    severity  min(abs(`order value`), 1300)  // a tail\n"), std::string::npos)
      << text;
  EXPECT_NE(
      text.find("    // No column looks like the right answer. `exact` needs one: `expected COLUMN`.\n"),
      std::string::npos)
      << text;
}

TEST(Draft, NamesAreNeverThoseOfASlice) {
  auto const profile = profile_of({"id", "text", "current", "candidate", "accuracy"}, 100, [](std::size_t i) {
    auto const half = fmt::format("v{}", i % 2);
    return Cells{std::to_string(i), fmt::format("t{}", i), half, half, half};
  });
  auto const text = drafted(profile, {"e", "csv", {}, 1});
  EXPECT_NE(text.find("baseline current_1 using"), std::string::npos) << text;
  EXPECT_NE(text.find("arm candidate_1 from current_1 "), std::string::npos) << text;
  EXPECT_NE(text.find("metric accuracy_1 using"), std::string::npos) << text;
}

TEST(Draft, ManyOtherColumnsAreCounted) {
  Cells columns{"id", "text"};
  for (int i = 0; i < 30; ++i) columns.push_back(fmt::format("n{}", i));
  auto const profile = profile_of(columns, 60, [](std::size_t i) {
    Cells out(32, std::to_string(i));
    out[1] = fmt::format("t{}", i);
    return out;
  });
  auto const text = drafted(profile, {"e", "csv", {}, 1});
  EXPECT_NE(text.find("    //   `n11`: numbers, 0 to 59\n    //   and 18 more\n  }\n"), std::string::npos)
      << text;
}

// A column that is called like a word of the language must not be read as one.
TEST(ColumnName, EveryWordOfTheLanguageStandsInBackquotes) {
  for (auto const word : meaning::reserved_words()) EXPECT_EQ(column_text(word), fmt::format("`{}`", word));
  for (auto const* word :
       {"key", "input", "expected", "slice", "entity", "severity", "train", "dev", "test", "stratify", "cap",
        "seed", "min", "max", "abs", "len", "matches", "true", "output"})
    EXPECT_EQ(column_text(word), fmt::format("`{}`", word));
  EXPECT_EQ(column_text("amount_usd"), "amount_usd");
  EXPECT_EQ(column_text("amount usd"), "`amount usd`");
  EXPECT_EQ(column_text("größe"), "`größe`");
  EXPECT_EQ(column_text("2nd"), "`2nd`");
}

TEST(ColumnName, InAComment) {
  EXPECT_EQ(column_in_comment("a\nb`c"), "`a?b?c`");
  EXPECT_EQ(column_in_comment("a\xE2\x80\xAE"
                              "b"),
            "`a?b`");
  EXPECT_EQ(column_in_comment(std::string(100, 'x')), fmt::format("`{}...`", std::string(60, 'x')));
  EXPECT_EQ(column_in_comment(std::string(59, 'x') + "ö and more"),
            fmt::format("`{}...`", std::string(59, 'x')));
  EXPECT_EQ(column_in_comment(std::string(58, 'x') + "ö"), fmt::format("`{}ö`", std::string(58, 'x')));
}

TEST(ColumnName, Words) {
  EXPECT_EQ(words_of("ticketId"), (Cells{"ticket", "id"}));
  EXPECT_EQ(words_of("Ticket IDs"), (Cells{"ticket", "ids"}));
  EXPECT_EQ(words_of("USER_labels"), (Cells{"user", "label"}));
  EXPECT_EQ(words_of("class"), (Cells{"class"}));
  EXPECT_EQ(words_of("größe"), (Cells{"gr", "e"}));
  EXPECT_TRUE(words_of("---").empty());
}

TEST(ColumnName, Identifiers) {
  EXPECT_EQ(identifier_of("my tickets (2026)"), "my_tickets_2026");
  EXPECT_EQ(identifier_of("2026-rows"), "_2026_rows");
  EXPECT_EQ(identifier_of("--"), "");
  EXPECT_FALSE(is_identifier("2nd"));
  EXPECT_FALSE(is_identifier(""));
  EXPECT_FALSE(is_identifier("a-b"));
  EXPECT_TRUE(is_identifier("_a1"));
}

TEST(TextLiteral, EscapesWhatATextCannotHold) {
  EXPECT_EQ(text_literal("a \"b\" \\ c"), R"("a \"b\" \\ c")");
  EXPECT_EQ(text_literal("a\nb\tc\x01"), R"("a\nb\tc\u{1}")");
  EXPECT_EQ(text_literal("\xE2\x80\xAE größe"), R"("\u{202E} größe")");
}

// 312 rows that differ in their text, each answer a third of them.
TEST(FirstExperiment, RowsAreDistinct) {
  auto const files = first_experiment("mine", "mine.itera");
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].name, "mine.itera");
  EXPECT_NE(files[0].text.find("\nexperiment mine {\n"), std::string::npos);
  std::set<std::string> messages;
  std::size_t billing = 0, at = files[1].text.find('\n') + 1;
  for (std::size_t end = 0; (end = files[1].text.find('\n', at)) != std::string::npos; at = end + 1) {
    auto const line = files[1].text.substr(at, end - at);
    messages.insert(line.substr(line.find('"')));
    billing += line.ends_with(",billing");
  }
  EXPECT_EQ(messages.size(), 312U);
  EXPECT_EQ(billing, 104U);
}

}  // namespace
}  // namespace itera::dsl
