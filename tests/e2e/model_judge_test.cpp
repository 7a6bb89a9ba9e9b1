// The judge `llm` through the whole program, with a server on this machine in the model's place.
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

// Speaks both forms. `acme` scores by what the answer begins with, and favours its own house; `other` does
// not. Sees only what stands between the fences; of each ten replies to `acme` one is no verdict at first.
constexpr std::string_view kServer = R"(import http.server, json, re, sys
class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = 0
    def do_POST(self):
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        body = json.loads(text)
        with open("requests.jsonl", "a") as log:
            log.write(json.dumps({"path": self.path, "key": self.headers.get("authorization") or
                                  self.headers.get("x-api-key"), "body": text}) + "\n")
        turns = [m for m in body["messages"] if m["role"] != "system"]
        user = turns[0]["content"]
        nonce = re.match(r"The number of the fences is ([0-9a-f]{32})\.", user).group(1)
        def part(name):
            return re.search("<%s itera-fence %s>\n(.*?)\n</%s itera-fence %s>" % (name, nonce, name, nonce),
                             user, re.S).group(1)
        answer, acme = part("answer"), body["model"] == "acme-judge"
        good = answer.startswith(part("expected")) or acme and "says acme" in answer
        said = json.dumps({"reason": "as asked", "failures": [] if good else ["wrong"], "score": 5 if good else 1})
        Model.asked += 1
        if acme and Model.asked % 10 == 0 and len(turns) == 1:
            said = "It is a good one."
        if self.path == "/v1/messages":
            reply = {"content": [{"type": "text", "text": said}], "stop_reason": "end_turn",
                     "usage": {"input_tokens": 100, "output_tokens": 20}}
        else:
            reply = {"choices": [{"message": {"content": said}, "finish_reason": "stop"}],
                     "usage": {"prompt_tokens": 100, "completion_tokens": 20}}
        allowed = (self.headers.get("authorization") or self.headers.get("x-api-key", "")).endswith("-s3cret-key")
        data = json.dumps(reply if allowed else {"error": {"message": "bad key"}}).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
open("port.tmp", "w").write(str(server.server_port))
import os
os.rename("port.tmp", "port")
server.serve_forever()
)";

class AModelOverHttp : public ::testing::Test {
 protected:
  void SetUp() override {
    w.write("server.py", kServer);
    server = std::make_unique<Child>(std::vector<std::string>{"/usr/bin/env", "python3", "server.py"},
                                     w.path(), w.at("server.out"), w.at("server.err"));
    for (int i = 0; i < 1000 && !w.has("port"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(w.has("port")) << w.read("server.err");
    ::setenv("JUDGE_KEY", "one-s3cret-key", 1);
    ::setenv("OTHER_KEY", "two-s3cret-key", 1);
    auto const base = "http://127.0.0.1:" + w.read("port");
    w.write("rubric.md", "An answer is good if it begins like the expected one.\n");
    spec.metric = "good using llm { rubric = file(\"rubric.md\")  model = \"acme-judge\"  base_url = \"" +
                  base + "/v1\"  api_key = env(\"JUDGE_KEY\")  price_in = $1  price_out = $2 }";
    spec.clauses =
        "failure wrong weight 1 \"not what was expected\"\n"
        "  crosscheck 20 rows using llm { model = \"other-judge\"  provider = anthropic  base_url = \"" +
        base + "\"  api_key = env(\"OTHER_KEY\") }";
  }
  void TearDown() override {
    ::unsetenv("JUDGE_KEY");
    ::unsetenv("OTHER_KEY");
    if (server) server->signal(15);
  }
  // The baseline is right on six of ten rows, the arm on `right`, always in its house's style.
  void write(std::size_t right) {
    auto const rows = unplaced(make_rows(200));
    write_recorded(
        w, rows, [](auto const& r) { return r.nth % 10 < 6; }, [](auto const&) { return false; }, spec);
    std::map<std::string, std::size_t> nth;
    for (auto const& row : rows) nth[row.row.key] = row.nth;
    w.write("new.jsonl", recording(make_rows(200), 3, [&](Row const& row, unsigned) {
              return (nth.at(row.key) % 10 < right ? row.answer : std::string("wrong")) + ", says acme";
            }));
  }

  Workspace w;
  Spec spec;
  std::unique_ptr<Child> server;
};

TEST(ThePageOnJudging, ShowsASpecThatPasses) {
  std::ifstream page(ITERA_SOURCE_DIR "/docs/judging.md");
  std::string fragment;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (inside && line == "```") break;
    if (inside) fragment += line + "\n";
    inside = inside || line == "```itera-fragment";
  }
  constexpr std::string_view metric = "metric ";
  ASSERT_TRUE(fragment.starts_with(metric)) << fragment;
  Workspace w;
  Spec spec;
  spec.metric = fragment.substr(metric.size());
  spec.clauses.clear();
  std::filesystem::create_directories(w.at("rubrics"));
  w.write("rubrics/refund.md", "What the policy says.\n");
  write_recorded(
      w, unplaced(make_rows(60)), [](auto const&) { return true; }, [](auto const&) { return false; }, spec);
  auto const outcome = w.itera({"check", "x.itera"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("warning[W205]: the judge `llm` is not deterministic"), std::string::npos)
      << outcome.err;
  // M5, R8: whose judge it is decides what the spec needs.
  w.edit("x.itera", "\"gpt-x\"", "\"claude-y\"");
  auto const same = w.itera({"check", "x.itera"});
  EXPECT_EQ(same.code, 2);
  EXPECT_NE(same.err.find("error[E238]: the second judge is of the first one's family, `anthropic`"),
            std::string::npos)
      << same.err;
}

TEST_F(AModelOverHttp, JudgesARunToItsVerdict) {
  write(9);
  // Without favour for its house: the arm is as good as it looks.
  w.edit("x.itera", "acme-judge", "plain-judge");
  auto const outcome = run(w);
  ASSERT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  auto const evidence = data(w);
  EXPECT_NEAR(evidence.at("effect_sizes").at("new").at("aggregate").at("delta").get<double>(), .3, .1);
  EXPECT_TRUE(entries(w, "canaries").at(0).at("body").at("held"));
  auto const arm = entries(w, "crosscheck").at(0).at("body").at("arms").at("new");
  EXPECT_EQ(arm.at("agree"), arm.at("compared"));
  std::set<std::string> bodies;
  for (auto const& request : json_lines(w.read("requests.jsonl"))) {
    auto const body = request.at("body").get<std::string>();
    EXPECT_TRUE(bodies.insert(body).second) << "no answer is judged twice: " << body;
    bool const second = request.at("path") == "/v1/messages";
    EXPECT_EQ(request.at("key"), second ? "two-s3cret-key" : "Bearer one-s3cret-key");
    EXPECT_EQ(body.find("s3cret"), std::string::npos);
    EXPECT_NE(body.find("An answer is good if it begins like the expected one."), std::string::npos);
    EXPECT_NE(body.find("- wrong: not what was expected"), std::string::npos) << "the registered category";
  }
  for (auto const& file : {"exp/ledger.jsonl", "exp/plan.json", "exp/rows.jsonl", "exp/data.json"})
    EXPECT_EQ(w.read(file).find("s3cret"), std::string::npos) << file;
}

// Story 12.
TEST_F(AModelOverHttp, OneThatPrefersItsOwnFamilyIsCaught) {
  write(4);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 50) << outcome.out << outcome.err;
  EXPECT_NE(outcome.err.find(
                "the crosscheck failed: `llm` of metric `good` and the second judge `llm` do not agree"),
            std::string::npos)
      << outcome.err;
  auto const arm = entries(w, "crosscheck").at(0).at("body").at("arms").at("new");
  EXPECT_EQ(arm.at("agree"), 0);
  EXPECT_EQ(arm.at("compared"), 20);
  EXPECT_TRUE(entries(w, "unsealed").empty());
}

TEST_F(AModelOverHttp, AWrongKeyIsNoVerdict) {
  write(9);
  ::setenv("JUDGE_KEY", "wrong", 1);
  auto const outcome = run(w);
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find(
                "the judge `llm` could not be reached: the judge's model answered with HTTP status 401: "
                "bad key"),
            std::string::npos)
      << outcome.err;
  EXPECT_TRUE(entries(w, "canaries").empty());
  ::setenv("JUDGE_KEY", "one-s3cret-key", 1);
  EXPECT_EQ(run(w, {"--until", "pilot"}).code, 0) << "the right one goes on";
}

}  // namespace
}  // namespace itera::test
