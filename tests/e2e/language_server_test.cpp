// `itera lsp` as an editor uses it: the real program, its real plugins, one process a session.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/experiment.hpp"
#include "tests/support/language_client.hpp"

namespace itera::test {
namespace {

Json at(std::string const& uri, int line, int character) {
  return {{"textDocument", {{"uri", uri}}}, {"position", {{"line", line}, {"character", character}}}};
}

Json range(int line, int from, int to) {
  return {{"start", {{"line", line}, {"character", from}}}, {"end", {{"line", line}, {"character", to}}}};
}

std::vector<std::string> labels(Json const& completions) {
  std::vector<std::string> out;
  for (auto const& item : completions.at("items")) out.push_back(item.at("label").get<std::string>());
  return out;
}

bool has(std::vector<std::string> const& all, std::string const& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string codes(Json const& published) {
  std::string out;
  for (auto const& problem : published.at("diagnostics")) out += problem.at("code").get<std::string>() + " ";
  return out;
}

Json applied_to_whole_lines(Json const& edits, std::string& text) {
  for (auto const& edit : edits) {
    auto const offset = [&](Json const& point) {
      std::size_t begin = 0;
      for (auto line = point.at("line").get<int>(); line > 0; --line) begin = text.find('\n', begin) + 1;
      EXPECT_EQ(point.at("character"), 0);
      return begin;
    };
    auto const begin = offset(edit.at("range").at("start"));
    auto const end = offset(edit.at("range").at("end"));
    text.replace(begin, end - begin, edit.at("newText").get<std::string>());
  }
  return edits;
}

class LanguageServer : public ::testing::Test {
 protected:
  void SetUp() override {
    w.write("rows.csv", csv(make_rows(60)));
    w.write("old.jsonl", recording(make_rows(60), 3, [](auto const&, auto) { return "a"; }));
    w.write("new.jsonl", recording(make_rows(60), 3, [](auto const&, auto) { return "b"; }));
  }
  std::string text() const { return Spec().text(); }
  int end_properly(LanguageClient& client) {
    EXPECT_TRUE(client.result("shutdown", Json()).is_null());
    client.tell("exit", Json());
    std::string rest;
    auto const code = client.end(&rest);
    EXPECT_EQ(rest, "") << "nothing but the protocol is on standard output";
    return code;
  }

  Workspace w;
  std::string const uri = uri_in(w.at("x.itera"));
};

// Line 1 of this text has characters that take one, two and four bytes, and one and two UTF-16 units.
constexpr auto kText =
    "experiment router {\n"
    "  failure wrong weight 1 \"Für 😀\"  report using markdwn\n"
    "  rows from csv { path = \"rows.csv\" }\n"
    "  origin production\n"
    "  row { key id  input text  expected answer  slice tier }\n"
    "  split { seed 1 }\n"
    "  baseline old using recorded { ref \"rules.py:1\"  path = \"old.jsonl\" }\n"
    "  arm new from old { path = \"new.jsonl\" }\n"
    "  metric accuracy using exact\n"
    "  question \"Is it?\"  hypothesis \"It is.\"\n"
    "  ship when effect >= 5pp and every tier >= -2pp\n"
    "}\n";

TEST_F(LanguageServer, CarriesAWholeSession) {
  LanguageClient client(w.path());
  auto const about = client.begin(
      {{"textDocument",
        {{"publishDiagnostics", {{"relatedInformation", true}, {"tagSupport", {{"valueSet", {1}}}}}},
         {"hover", {{"contentFormat", {"markdown", "plaintext"}}}},
         {"documentSymbol", {{"hierarchicalDocumentSymbolSupport", true}}}}}});
  EXPECT_EQ(about["serverInfo"]["name"], "itera");
  EXPECT_EQ(about["capabilities"]["positionEncoding"], "utf-16");
  EXPECT_EQ(about["capabilities"]["textDocumentSync"]["change"], 2);

  client.open(uri, kText);
  auto const published = client.problems();
  EXPECT_EQ(published["uri"], uri);
  EXPECT_EQ(published["version"], 1);
  ASSERT_EQ(codes(published), "E301 ") << published.dump(2);
  auto const& problem = published["diagnostics"][0];
  EXPECT_EQ(problem["range"], range(1, 48, 55))
      << "in UTF-16 units: bytes would be 51 to 58, characters 47 to 54";
  EXPECT_EQ(problem["severity"], 1);
  EXPECT_EQ(problem["source"], "itera");
  EXPECT_EQ(problem["message"], "no reporter plugin is called `markdwn`\nhelp: did you mean `markdown`?");

  auto const fixes =
      client.result("textDocument/codeAction", {{"textDocument", {{"uri", uri}}},
                                                {"range", range(1, 49, 49)},
                                                {"context", {{"diagnostics", Json::array()}}}});
  ASSERT_EQ(fixes.size(), 1U) << fixes.dump(2);
  EXPECT_EQ(fixes[0]["title"], "replace markdwn with markdown");
  auto const& edit = fixes[0]["edit"]["changes"][uri][0];
  EXPECT_EQ(edit["range"], problem["range"]);

  // The edit, as a client would send it back.
  Json change{{"range", edit["range"]}, {"text", edit["newText"]}};
  client.tell("textDocument/didChange",
              {{"textDocument", {{"uri", uri}, {"version", 2}}}, {"contentChanges", Json::array({change})}});
  auto const corrected = client.problems();
  EXPECT_EQ(corrected["version"], 2);
  EXPECT_EQ(codes(corrected), "");

  auto const keyword = client.result("textDocument/hover", at(uri, 1, 36));
  EXPECT_EQ(keyword["contents"]["kind"], "markdown");
  EXPECT_NE(keyword["contents"]["value"].get<std::string>().find("report using REPORTER"), std::string::npos);
  EXPECT_EQ(keyword["range"], range(1, 35, 41));
  auto const setting = client.result("textDocument/hover", at(uri, 6, 53));
  EXPECT_NE(setting["contents"]["value"].get<std::string>().find("setting of the arm plugin `recorded`"),
            std::string::npos);
  auto const column = client.result("textDocument/hover", at(uri, 4, 55));
  EXPECT_NE(column["contents"]["value"].get<std::string>().find("text column of the source `csv`"),
            std::string::npos);
  EXPECT_TRUE(client.result("textDocument/hover", at(uri, 1, 31)).is_null());

  EXPECT_EQ(labels(client.result("textDocument/completion", at(uri, 7, 15))),
            std::vector<std::string>{"old"});
  EXPECT_EQ(labels(client.result("textDocument/completion", at(uri, 8, 25))),
            (std::vector<std::string>{"exact", "llm"}));
  EXPECT_TRUE(has(labels(client.result("textDocument/completion", at(uri, 4, 12))), "answer"));

  auto const parent = client.result("textDocument/definition", at(uri, 7, 16));
  EXPECT_EQ(parent["uri"], uri);
  EXPECT_EQ(parent["range"], range(6, 11, 14));
  auto const file = client.result("textDocument/definition", at(uri, 7, 34));
  EXPECT_EQ(file["uri"], uri_in(w.at("new.jsonl")));

  auto const symbols = client.result("textDocument/documentSymbol", {{"textDocument", {{"uri", uri}}}});
  ASSERT_EQ(symbols.size(), 1U);
  EXPECT_EQ(symbols[0]["name"], "router");
  EXPECT_EQ(symbols[0]["children"].size(), 6U);

  std::string formatted = kText;
  formatted.replace(formatted.find("markdwn"), 7, "markdown");
  auto const edits =
      applied_to_whole_lines(client.result("textDocument/formatting",
                                           {{"textDocument", {{"uri", uri}}}, {"options", Json::object()}}),
                             formatted);
  EXPECT_EQ(edits.size(), 1U);
  w.write("formatted.itera", formatted);
  EXPECT_EQ(w.itera({"fmt", "--check", "formatted.itera"}).code, 0) << formatted;

  client.tell("textDocument/didClose", {{"textDocument", {{"uri", uri}}}});
  EXPECT_EQ(codes(client.problems()), "");
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, CountsBytesWhereTheClientCan) {
  LanguageClient client(w.path());
  EXPECT_EQ(
      client.begin(
          {{"general", {{"positionEncodings", {"utf-16", "utf-8"}}}}})["capabilities"]["positionEncoding"],
      "utf-8");
  client.open(uri, kText);
  EXPECT_EQ(client.problems()["diagnostics"][0]["range"], range(1, 51, 58));
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, AnswersNonsenseWithErrorsAndGoesOn) {
  LanguageClient client(w.path());
  auto const error = [](Json const& answer) { return answer.at("error").at("code").get<int>(); };
  auto const send = [&](std::string const& message) {
    client.send_bytes(framed(message));
    return client.next_answer();
  };
  EXPECT_EQ(error(client.ask("textDocument/hover", at(uri, 0, 0))), -32002)
      << "nothing comes before `initialize`";
  client.begin();
  EXPECT_EQ(error(client.ask("initialize", Json::object())), -32600);

  auto const broken = send("{\"jsonrpc\": \"2.0\", \"id\": 7, \"meth");
  EXPECT_EQ(error(broken), -32700);
  EXPECT_TRUE(broken.at("id").is_null());
  EXPECT_EQ(error(send("[]")), -32600);
  EXPECT_EQ(error(send("{}")), -32600);
  EXPECT_EQ(error(send("{\"id\": {}, \"method\": \"shutdown\"}")), -32600);
  EXPECT_EQ(error(send("\"\xFF\"")), -32700);
  EXPECT_EQ(error(send(std::string(100'000, '['))), -32700);

  auto const unknown = client.ask("textDocument/rename", Json::object());
  EXPECT_EQ(error(unknown), -32601);
  EXPECT_EQ(unknown["error"]["message"], "there is no method `textDocument/rename`");
  auto const unopened = client.ask("textDocument/hover", at("file:///nowhere.itera", 0, 0));
  EXPECT_EQ(error(unopened), -32602);
  EXPECT_EQ(unopened["error"]["message"], "`file:///nowhere.itera` is not open");
  EXPECT_EQ(error(client.ask("textDocument/hover", Json::object())), -32602);
  EXPECT_EQ(error(client.ask("textDocument/hover", 3)), -32602);

  // Headers that are none: each costs one answer, and what follows is read.
  client.send_bytes("Nonsense: 1\r\n\r\n{\"id\": 1}");
  EXPECT_EQ(error(client.next_answer()), -32600);
  EXPECT_EQ(error(client.ask("no/such", Json::object())), -32601);
  client.send_bytes("Content-Length: -5\r\n\r\n{}");
  EXPECT_EQ(error(client.next_answer()), -32600);
  client.send_bytes("Content-Length: 99999999999999999999\r\n\r\n{}");
  EXPECT_EQ(error(client.next_answer()), -32600);
  client.send_bytes("Content-Length: 33554433\r\n\r\n" + std::string(33'554'433, ' '));
  auto const large = client.next_answer();
  EXPECT_EQ(error(large), -32600);
  EXPECT_EQ(large["error"]["message"], "a message has 33554433 bytes, at most 33554432 are read");

  // Notifications are never answered, however wrong.
  client.tell("textDocument/didChange", {{"textDocument", {{"uri", "file:///nowhere.itera"}}}});
  client.tell("textDocument/didOpen", Json::object());
  client.tell("no/such", Json::object());
  client.tell("$/cancelRequest", {{"id", 1}});
  client.send_bytes(framed("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": null}"));
  client.open(uri, kText);
  EXPECT_EQ(codes(client.problems()), "E301 ");
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, EndsAsTheProtocolSays) {
  {
    LanguageClient client(w.path());
    client.begin();
    client.tell("exit", Json());
    EXPECT_EQ(client.end(), 1) << "without `shutdown`";
  }
  {
    LanguageClient client(w.path());
    EXPECT_EQ(client.end(), 1) << "the input ends before anything";
  }
  {
    LanguageClient client(w.path());
    client.begin();
    client.send_bytes("Content-Length: 100\r\n\r\n{");
    EXPECT_EQ(client.end(), 1) << "the input ends in a message";
  }
  {
    LanguageClient client(w.path());
    client.begin();
    client.result("shutdown", Json());
    EXPECT_EQ(client.ask("textDocument/hover", at(uri, 0, 0)).at("error").at("code"), -32600);
    EXPECT_EQ(client.end(), 0) << "the input ends after `shutdown`";
  }
}

TEST_F(LanguageServer, TakesTextsThatAreNoSpecs) {
  LanguageClient client(w.path());
  client.begin();
  std::string garbage;
  for (unsigned state = 1; garbage.size() < 50'000; state = state * 1664525U + 1013904223U)
    garbage += " {}[]\"`=,\n\r\tabc1%$/\\#()"[(state >> 16U) % 23];
  client.open(uri, garbage);
  auto const problems = client.problems();
  EXPECT_GE(problems["diagnostics"].size(), 1U);
  EXPECT_LE(problems["diagnostics"].size(), 202U);
  for (int line = 0; line < 200; line += 20) {
    client.result("textDocument/completion", at(uri, line, 3));
    client.result("textDocument/hover", at(uri, line, 3));
  }
  EXPECT_TRUE(client.result("textDocument/formatting", {{"textDocument", {{"uri", uri}}}}).is_null());
  client.result("textDocument/documentSymbol", {{"textDocument", {{"uri", uri}}}});

  client.change(uri, 2, std::string(5'000'000, 'x'));
  EXPECT_EQ(codes(client.problems()), "E107 ");
  EXPECT_TRUE(labels(client.result("textDocument/completion", at(uri, 0, 3))).empty());
  client.change(uri, 3, "");
  EXPECT_EQ(codes(client.problems()), "E201 ");
  EXPECT_EQ(labels(client.result("textDocument/completion", at(uri, 900, 900))),
            (std::vector<std::string>{"use", "experiment"}))
      << "past the end is the end";
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, LooksAtTheLatestTextOnly) {
  LanguageClient client(w.path());
  client.begin();
  client.open(uri, "");
  client.problems();
  std::string burst;
  for (int version = 2; version <= 300; ++version) {
    Json const change{{"range", range(0, version - 2, version - 2)}, {"text", "x"}};
    burst += framed(Json{
        {"jsonrpc", "2.0"},
        {"method", "textDocument/didChange"},
        {"params",
         {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", Json::array({change})}}}}
                        .dump());
  }
  client.send_bytes(burst);
  int published = 0;
  Json last;
  do {
    last = client.problems();
    ++published;
  } while (last.value("version", 300) != 300);
  EXPECT_LT(published, 150) << "299 edits, most of which were out of date before they could be looked at";
  EXPECT_EQ(last["diagnostics"][0]["range"], range(0, 0, 299));
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, KnowsAPluginAsLongAsTheTextUsesIt) {
  w.write("team/README", "");
  std::filesystem::copy_file(ITERA_TEAM_JUDGE, w.at("team/judge_prefix.so"));
  Spec spec;
  spec.uses = "use prefix from \"team/judge_prefix.so\"";
  spec.metric = "start using prefix { length = 1 }";
  LanguageClient client(w.path());
  client.begin();
  client.open(uri, spec.text());
  EXPECT_EQ(codes(client.problems()), "");
  auto const line = [&](std::string const& text, std::string const& part) {
    return static_cast<int>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(part)), '\n'));
  };
  auto const metric = line(spec.text(), "metric start");
  EXPECT_TRUE(has(labels(client.result("textDocument/completion", at(uri, metric, 21))), "prefix"));
  EXPECT_EQ(client.result("textDocument/definition", at(uri, metric, 24))["range"], range(0, 4, 10));

  // An edit and a question in one go: the plugin is known before the text was looked at for problems.
  Json const change{{"text", spec.text()}};
  auto const question = at(uri, metric, 21);
  client.send_bytes(
      framed(Json{
          {"method", "textDocument/didChange"},
          {"params",
           {{"textDocument", {{"uri", uri}, {"version", 2}}}, {"contentChanges", Json::array({change})}}}}
                 .dump()) +
      framed(Json{{"id", "burst"}, {"method", "textDocument/hover"}, {"params", question}}.dump()));
  EXPECT_NE(client.next_answer()["result"].dump().find("**prefix**"), std::string::npos);
  EXPECT_EQ(codes(client.problems()), "");

  auto const other = uri_in(w.at("other.itera"));
  spec.uses = "";
  client.open(other, spec.text());
  EXPECT_EQ(codes(client.problems()).substr(0, 5), "E301 ") << "another text did not say `use`";
  client.change(uri, 3, spec.text());
  EXPECT_EQ(codes(client.problems()).substr(0, 5), "E301 ") << "the line is gone";
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, KeepsPluginsOffItsStreams) {
  w.write("team/README", "");
  std::filesystem::copy_file(ITERA_TALKATIVE_JUDGE, w.at("team/judge_prefix.so"));
  Spec spec;
  spec.uses = "use prefix from \"team/judge_prefix.so\"";
  spec.metric = "start using prefix { length = 1 }";
  LanguageClient client(w.path());
  client.begin();
  client.open(uri, spec.text());
  EXPECT_EQ(codes(client.problems()), "") << "it was loaded";
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, LooksAgainWhenFilesChange) {
  LanguageClient client(w.path());
  client.begin();
  client.open(uri, text());
  EXPECT_EQ(codes(client.problems()), "");
  w.edit("rows.csv", "tier", "tire");
  client.tell("textDocument/didSave", {{"textDocument", {{"uri", uri}}}});
  EXPECT_EQ(codes(client.problems()), "E230 ");
  w.edit("rows.csv", "tire", "tier");
  client.tell("workspace/didChangeWatchedFiles", {{"changes", Json::array()}});
  EXPECT_EQ(codes(client.problems()), "");
  EXPECT_EQ(end_properly(client), 0);
}

TEST_F(LanguageServer, DoesNotWaitForAPipe) {
  w.remove("rows.csv");
  ASSERT_EQ(::mkfifo(w.at("rows.csv").c_str(), 0600), 0);
  LanguageClient client(w.path());
  client.begin();
  client.open(uri, text());
  EXPECT_EQ(codes(client.problems()), "");
  client.open("untitled:Untitled-1",
              "experiment e {\n  rows from csv { path = \"/dev/stdin\" }\n  row { key ");
  EXPECT_EQ(codes(client.problems()), "E104 ");
  client.result("textDocument/completion", at("untitled:Untitled-1", 2, 12));
  EXPECT_EQ(end_properly(client), 0);
}

}  // namespace
}  // namespace itera::test
