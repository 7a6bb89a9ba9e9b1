// `itera init`: from nothing to a verdict, and from a CSV file to a spec that passes `check`.
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

void expect_contains(std::string const& text, std::string const& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "`" << part << "` is not in:\n" << text;
}

// A header and 80 rows; `row` gives a line without its line break.
std::string table(std::string const& header, std::function<std::string(int)> const& row, int n = 80) {
  auto out = header + "\n";
  for (int i = 0; i < n; ++i) out += row(i) + "\n";
  return out;
}

std::string tickets() {
  return table(
      "ticket_id,subject,vendor,tier,label,amount_usd,opened",
      [](int i) {
        return fmt::format("T{:03},subject {:03},vendor {},{},{},{},2026-04-{:02}", i, i, i % 200,
                           i % 5 < 2 ? "smb" : "enterprise", "abcd"[i % 4], i % 10 == 0 ? 4321 : 10 + i % 7,
                           i % 30 + 1);
      },
      600);
}

TEST(Init, AStrangersFirstTwoMinutesEndInAVerdict) {
  Workspace w;
  auto const begun = w.itera({"init"});
  EXPECT_EQ(begun.code, 0) << begun.err;
  EXPECT_EQ(begun.err, "");
  EXPECT_EQ(begun.out,
            "wrote experiment.itera  the experiment, with a comment on every clause\n"
            "wrote rows.csv          312 made-up messages and the team that each is for\n"
            "wrote old.py            what runs today: a table of words\n"
            "wrote new.py            the candidate: a larger table\n"
            "next: itera check experiment.itera, itera plan experiment.itera, itera run experiment.itera\n");
  auto const checked = w.itera({"check", "experiment.itera"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.err.find("W203"), std::string::npos) << checked.err;
  EXPECT_EQ(w.itera({"plan", "experiment.itera"}).code, 0);
  auto const run = w.itera({"run", "experiment.itera", "--format", "json"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(Json::parse(run.out).at("outcome"), "ship") << run.out;
}

TEST(Init, NothingThatIsThereIsTouched) {
  for (auto const& [file, help] :
       std::vector<std::pair<std::string, std::string>>{{"experiment.itera", "`itera init NAME`"},
                                                        {"rows.csv", "`itera init --from rows.csv`"},
                                                        {"old.py", "take an empty folder"},
                                                        {"new.py", "take an empty folder"}}) {
    Workspace w;
    w.write(file, "mine");
    auto const outcome = w.itera({"init"});
    EXPECT_EQ(outcome.code, 1) << file;
    EXPECT_EQ(outcome.out, "");
    expect_contains(outcome.err, fmt::format("error: {} is there already: nothing was written", file));
    expect_contains(outcome.err, help);
    EXPECT_EQ(w.read(file), "mine");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(w.path()), {}), 1) << file;
  }
}

TEST(Init, NameAndPlaceCanBeChosen) {
  Workspace w;
  EXPECT_EQ(w.itera({"init", "mail_router"}).code, 0);
  expect_contains(w.read("mail_router.itera"), "\nexperiment mail_router {\n");
  std::filesystem::create_directories(w.at("deep/er"));
  auto const there = w.itera({"init", "again", "--out", "deep/er/x.itera", "--format", "json"});
  EXPECT_EQ(there.code, 0) << there.out;
  auto const json = Json::parse(there.out);
  EXPECT_EQ(json["ok"], true);
  EXPECT_EQ(json["spec"], "deep/er/x.itera");
  EXPECT_EQ(json["files"].size(), 4U);
  EXPECT_EQ(json["files"][1]["path"], "deep/er/rows.csv");
  expect_contains(w.read("deep/er/x.itera"), "\nexperiment again {\n");
  EXPECT_EQ(w.itera({"check", "deep/er/x.itera"}).code, 0);

  auto const bad = w.itera({"init", "mail-router"});
  EXPECT_EQ(bad.code, 2);
  expect_contains(bad.err, "`mail-router` cannot be the name of an experiment");
  expect_contains(bad.err, "begins with no digit: `mail_router`");
  auto const nowhere = w.itera({"init", "--out", "no/such/x.itera", "--format", "json"});
  EXPECT_EQ(nowhere.code, 1);
  expect_contains(Json::parse(nowhere.out)["error"]["message"].get<std::string>(), "cannot write");
}

// Names of experiments that are words of the language.
TEST(Init, AnyIdentifierIsAName) {
  for (auto const* name : {"experiment", "use", "row", "split", "and", "when", "_1"}) {
    Workspace w;
    EXPECT_EQ(w.itera({"init", name, "--out", "x.itera"}).code, 0) << name;
    auto const checked = w.itera({"check", "x.itera"});
    EXPECT_EQ(checked.code, 0) << name << "\n" << checked.err;
  }
}

TEST(Init, FromRowsEveryRoleIsProposed) {
  Workspace w;
  w.write("tickets.csv", tickets());
  auto const outcome = w.itera({"init", "--from", "tickets.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            R"(wrote experiment.itera  a draft for tickets.csv
read: the names of 7 columns and a profile of 600 rows
  key       ticket_id   600 values in 600 rows, none empty
  input     subject     text, 11 characters on average
  expected  label       4 values, largest 25% of rows; its name says so
  slice     tier        2 values, smallest 40% of rows, largest 60%
  entity    vendor      200 values, largest 0.5% of rows; 3 rows of each at most: 600 are left
  severity  amount_usd  95th percentile 4,321 against a median of 13
next: look at each line of `row`, write question, baseline and arm, then itera check experiment.itera
)");
  auto const checked = w.itera({"check", "experiment.itera"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.err.find("W203"), std::string::npos) << checked.err;
  EXPECT_EQ(checked.out.find("`run` refuses"), std::string::npos) << checked.out;
  expect_contains(w.read("experiment.itera"), "\nexperiment tickets_experiment {\n");

  auto const plan = Json::parse(w.itera({"plan", "experiment.itera", "--format", "json"}).out);
  EXPECT_EQ(plan["plan"]["registration"]["row"], Json({{"key", "ticket_id"},
                                                       {"input", {"subject"}},
                                                       {"expected", "label"},
                                                       {"slice", {"tier"}},
                                                       {"entity", "vendor"},
                                                       {"severity", "min(abs(amount_usd), 4400)"}}));
  // The split works on it, with the columns as they were mapped.
  auto const split = w.itera({"run", "experiment.itera", "--until", "source", "--out", "exp"});
  EXPECT_EQ(split.code, 0) << split.err;
}

// The guide shows what is drafted for these very rows.
TEST(Init, TheGuideShowsARealDraft) {
  Workspace w;
  w.write("tickets.csv", tickets());
  EXPECT_EQ(w.itera({"init", "--from", "tickets.csv"}).code, 0);
  auto const spec = w.read("experiment.itera");
  auto const begin = spec.find("  row {\n");
  auto const block = spec.substr(begin, spec.find("\n  }\n", begin) + 5 - begin);
  std::ifstream guide(ITERA_SOURCE_DIR "/docs/guide.md");
  std::ostringstream text;
  text << guide.rdbuf();
  expect_contains(text.str(), "```\n" + block + "```\n");
}

TEST(Init, FromRowsInJson) {
  Workspace w;
  w.write("tickets.csv", tickets());
  auto const outcome = w.itera({"init", "mine", "--from", "tickets.csv", "--format", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_EQ(outcome.err, "");
  auto const json = Json::parse(outcome.out);
  EXPECT_EQ(json["spec"], "mine.itera");
  EXPECT_EQ(json["files"].size(), 1U);
  EXPECT_EQ(json["rows"], 600);
  ASSERT_EQ(json["columns"].size(), 7U);
  auto const amount = json["columns"][5];
  EXPECT_EQ(amount["name"], "amount_usd");
  EXPECT_EQ(amount["type"], "number");
  EXPECT_EQ(amount["range"], Json({{"least", 10.0}, {"most", 4321.0}, {"median", 13.0}, {"p95", 4321.0}}));
  EXPECT_EQ(json["columns"][0]["unique"], true);
  EXPECT_EQ(json["columns"][2]["distinct"], 200);
  EXPECT_EQ(json["columns"][3]["smallest"], 240);
  std::map<std::string, std::string> roles;
  for (auto const& proposal : json["proposals"]) roles[proposal["role"]] = proposal["column"];
  EXPECT_EQ(roles, (std::map<std::string, std::string>{{"key", "ticket_id"},
                                                       {"input", "subject"},
                                                       {"expected", "label"},
                                                       {"slice", "tier"},
                                                       {"entity", "vendor"},
                                                       {"severity", "amount_usd"}}));
  EXPECT_EQ(json["not_used"], Json::parse(R"([{"column": "opened", "what": "dates, 30 values"}])"));
}

// The path in the spec starts where the spec stands; a table with another separator says which.
TEST(Init, RowsAndSpecMayStandInDifferentFolders) {
  Workspace w;
  w.write("data/rows.tsv",
          table("id\ttext\tlabel", [](int i) { return fmt::format("{}\thi, {}\t{}", i, i, i % 3); }));
  std::filesystem::create_directories(w.at("specs"));
  auto const outcome = w.itera({"init", "--from", "data/rows.tsv", "--out", "specs/x.itera"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_contains(w.read("specs/x.itera"), "    path = \"../data/rows.tsv\"\n    separator = \"\\t\"\n");
  auto const checked = w.itera({"check", "specs/x.itera"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.err.find("W203"), std::string::npos) << checked.err;
}

TEST(Init, HostileTablesPassCheckOrGiveAClearError) {
  auto const plain = [](int i) { return fmt::format("{},text {},{}", i, i, i % 3); };
  std::string wide = "id";
  for (int c = 1; c < 200; ++c) wide += fmt::format(",column {}", c);
  struct Case {
    std::string name, bytes, error;  // no error: the draft has to pass
  };
  std::vector<Case> const cases{
      {"one column", table("text", [](int i) { return fmt::format("word {}", i); }), ""},
      {"one column that repeats", table("text", [](int i) { return fmt::format("word {}", i % 7); }),
       "no column tells every row apart"},
      {"no rows", "id,text,label\n", "the source has no row"},
      {"no bytes", "", "is empty"},
      {"line breaks alone", "\n\n\n", "no column with a name"},
      {"200 columns",
       table(wide,
             [](int i) {
               std::string out = std::to_string(i);
               for (int c = 1; c < 200; ++c) out += fmt::format(",{} {}", c, i * c);
               return out;
             }),
       ""},
      {"another alphabet",
       table("номер,текст,größe,答え",
             [](int i) { return fmt::format("{},привет {},{},{}", i, i, i % 2 ? "x" : "y", i % 17); }),
       ""},
      {"look-alikes", table("іd,tеxt,lаbel", plain), ""},
      {"byte order mark", "\xEF\xBB\xBF" + table("id,text,label", plain), ""},
      {"line breaks in cells",
       table("id,text,label", [](int i) { return fmt::format("{},\"a\nb \"\"{}\"\"\",{}", i, i, i % 3); }),
       ""},
      {"line breaks and backquotes in names", table("id,\"te\nxt\",`label`", plain), ""},
      {"a carriage return in a name", table("id,\"te\rxt\",label", plain), ""},
      {"control characters in names",
       table("id,te\xE2\x80\xAExt,la\x01"
             "bel",
             plain),
       ""},
      {"invisible characters in names",
       table("id,te\xC2\xA0xt,la\xE2\x80\x8B"
             "bel",
             plain),
       ""},
      {"names that look like the language", table("id,// text,\"label \"\"x\"\"\"", plain), ""},
      {"braces for names", table("id,{,}", plain), ""},
      {"spaces in names", table("Ticket ID, the text ,Right answer", plain), ""},
      {"words of the language for names", table("key,input,expected", plain), ""},
      {"slices that are words of the language",
       table("id,text,and,rows,every",
             [](int i) { return fmt::format("{},text {},{},{},{}", i, i, i % 2, i % 3, i % 2); }),
       ""},
      {"the same name twice", "id,text,text\n1,a,b\n", "two columns are named `text`"},
      {"a column without a name", table(",text,label", plain), ""},
      {"all empty", table("id,text,label", [](int) { return ",,"; }), "no column tells every row apart"},
      {"one row", "id,text,label\n1,a,b\n", ""},
      {"huge cells",
       table(
           "id,text,label",
           [](int i) { return fmt::format("{},{},{}", i, std::string(i == 3 ? 3'000'000 : 5, 'x'), i % 3); }),
       ""},
      {"huge numbers",
       table("id,text,amount", [](int i) { return fmt::format("{},text {},1e{}", i, i, i * 3 + 60); }), ""},
      {"a huge name", table("id," + std::string(200'000, 'x') + ",label", plain), ""},
      {"a short row", "id,text,label\n1,a,b\n2,a\n", "the row has 2 cells, the header has 3"},
      {"not UTF-8", "id,text\n1,\xFF\n", "not UTF-8"},
      {"an open quote", "id,text\n1,\"a\n", "never closed"}};
  for (auto const& one : cases) {
    Workspace w;
    w.write("rows.csv", one.bytes);
    auto const outcome = w.itera({"init", "--from", "rows.csv"});
    if (one.error.empty()) {
      EXPECT_EQ(outcome.code, 0) << one.name << "\n" << outcome.err;
      auto const checked = w.itera({"check", "experiment.itera"});
      EXPECT_EQ(checked.code, 0) << one.name << "\n" << checked.err << w.read("experiment.itera");
      EXPECT_EQ(checked.err.find("W203"), std::string::npos) << one.name << "\n" << checked.err;
    } else {
      EXPECT_EQ(outcome.code, 1) << one.name;
      EXPECT_EQ(outcome.out, "") << one.name;
      expect_contains(outcome.err, one.error);
      expect_contains(outcome.err, "= help: ");
      EXPECT_FALSE(w.has("experiment.itera")) << one.name;
    }
  }
}

TEST(Init, FromWhatIsNotThere) {
  Workspace w;
  auto const missing = w.itera({"init", "--from", "nowhere.csv"});
  EXPECT_EQ(missing.code, 1);
  expect_contains(missing.err, "nowhere.csv");
  std::filesystem::create_directories(w.at("folder.csv"));
  auto const folder = w.itera({"init", "--from", "folder.csv", "--format", "json"});
  EXPECT_EQ(folder.code, 1);
  EXPECT_EQ(Json::parse(folder.out)["ok"], false);
  EXPECT_FALSE(w.has("experiment.itera"));
}

// What the error for rows without a key tells one to do, done.
TEST(Init, TheCommandThatNumbersRowsWorks) {
  Workspace w;
  w.write("rows.csv",
          table("text,label", [](int i) { return fmt::format("\"a\nb, {}\",{}", i % 9, i % 3); }));
  auto const error = Json::parse(w.itera({"init", "--from", "rows.csv", "--format", "json"}).out)["error"];
  auto const help = error["help"].get<std::string>();
  w.write("number.sh", help.substr(help.find('\n') + 1));
  Child child({"/bin/sh", w.at("number.sh")}, w.path(), w.at("out"), w.at("err"));
  EXPECT_EQ(child.wait(), 0) << w.read("err");
  auto const outcome = w.itera({"init", "--from", "numbered.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_contains(outcome.out, "key       row_id  80 values in 80 rows, none empty");
}

}  // namespace
}  // namespace itera::test
