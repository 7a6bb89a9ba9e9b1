// Arms that call models: what docs/models.md shows passes the checker with the real plugins, and experiments
// go to a verdict through a server on this machine that speaks both APIs.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/experiment.hpp"

namespace itera::test {
namespace {

constexpr auto kKey = "sk-local-1234567890";

// `small` is right on 120 of 200 rows, `large` on 180. Every
// path that is no API gets 404, every other key 401.
constexpr auto kServer = R"(import http.server, json, threading
KEY = "sk-local-1234567890"
class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def say(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers.get("authorization") != "Bearer " + KEY and self.headers.get("x-api-key") != KEY:
            return self.say(401, {"error": {"message": "who is " + str(self.headers.get("authorization"))}})
        number = (int(body["messages"][-1]["content"].split("tok")[1][:5]) - 13) // 7
        right = number % 200 < (180 if body["model"] == "large" else 120)
        answer = "abc"[number // 10 % 3] if right else "wrong"
        if self.path == "/v1/chat/completions":
            self.say(200, {"choices": [{"message": {"role": "assistant", "content": answer, "refusal": None}, "finish_reason": "stop"}],
                           "usage": {"prompt_tokens": 100, "completion_tokens": 1}})
        elif self.path == "/v1/messages":
            self.say(200, {"content": [{"type": "text", "text": answer}], "stop_reason": "end_turn",
                           "usage": {"input_tokens": 100, "output_tokens": 1}})
        else:
            self.say(404, {"error": {"message": "no such path"}})
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
server = Server(("127.0.0.1", 0), Api)
open("port.new", "w").write(str(server.server_address[1]))
import os; os.rename("port.new", "port")
server.serve_forever()
)";

class Models : public ::testing::Test {
 protected:
  Models() {
    ::setenv("ITERA_TEST_KEY", kKey, 1);
    w.write("server.py", kServer);
    w.write("rows.csv", csv(make_rows(200)));
    server_.emplace(std::vector<std::string>{"/usr/bin/env", "python3", "server.py"}, w.path(),
                    w.at("server.out"), w.at("server.err"));
    for (int i = 0; i < 3000 && !w.has("port"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    url_ = "http://127.0.0.1:" + w.read("port");
  }
  ~Models() override { ::unsetenv("ITERA_TEST_KEY"); }

  Outcome conclude(std::string const& plugin, std::string const& settings) {
    Spec spec;
    spec.baseline = fmt::format(
        "using {} {{ ref \"ask.py:1\"  model = \"small\"  user = \"Sort: {{{{text}}}}\"  api_key = "
        "env(\"ITERA_TEST_KEY\")  "
        "max_tokens = 5  price_in = $1  price_out = $5  {} }}",
        plugin, settings);
    spec.arms = "arm new from old \"the large model\" { model = \"large\"  price_in = $2  price_out = $10 }";
    w.write("x.itera", spec.text());
    return run(w);
  }

  void expect_shipped(Outcome const& outcome) {
    EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err << w.read("server.err");
    EXPECT_NE(outcome.out.find("verdict     ship. `new` ships:"), std::string::npos) << outcome.out;
    for (auto const& row : json_lines(w.read("exp/rows.jsonl"))) {
      ASSERT_TRUE(row.contains("cost_usd")) << row;
      EXPECT_DOUBLE_EQ(row["cost_usd"].get<double>(), row["arm"] == "new" ? 210e-6 : 105e-6) << row;
    }
  }

  void expect_no_key_anywhere() {
    for (auto const& entry : std::filesystem::recursive_directory_iterator(w.path()))
      if (entry.is_regular_file() && entry.path().filename() != "server.py") {
        EXPECT_EQ(w.read(std::filesystem::relative(entry.path(), w.path()).string()).find(kKey),
                  std::string::npos)
            << entry.path();
      }
  }

  Workspace w;
  std::string url_;

 private:
  std::optional<Child> server_;
};

TEST_F(Models, ChatCompletionsToAVerdict) {
  expect_shipped(conclude("openai", "base_url = \"" + url_ + "/v1\""));
  expect_no_key_anywhere();
}

TEST_F(Models, MessagesToAVerdict) {
  expect_shipped(conclude("anthropic", "base_url = \"" + url_ + "\""));
  expect_no_key_anywhere();
}

TEST_F(Models, AWrongPathSaysWhichSettingToLookAt) {
  auto const outcome = conclude("openai", "base_url = \"" + url_ + "/v2\"");
  EXPECT_NE(outcome.code, 0);
  EXPECT_NE((outcome.out + outcome.err)
                .find("the server has nothing there (HTTP 404): no such path; check `model` and `base_url`"),
            std::string::npos)
      << outcome.out << outcome.err;
}

TEST_F(Models, AWrongKeyIsSaidAndNotShown) {
  ::setenv("ITERA_TEST_KEY", "sk-wrong-0987654321", 1);
  auto const outcome = conclude("openai", "base_url = \"" + url_ + "/v1\"");
  EXPECT_NE(outcome.code, 0);
  auto const said = outcome.out + outcome.err;
  EXPECT_NE(said.find("the server does not know the key (HTTP 401): who is Bearer [secret ITERA_TEST_KEY]; "
                      "check `api_key`"),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find("sk-wrong"), std::string::npos) << said;
}

// Each whole example of the page as a file of its own.
TEST(ModelsPage, ExamplesPassTheChecker) {
  Workspace w;
  w.write("tickets.csv", "id,subject,amount,label,tier\n1,Refund,3,refund,smb\n");
  std::filesystem::create_directory(w.at("prompts"));
  w.write("prompts/v1.txt", "Sort it.\n");
  w.write("prompts/v2.txt", "Sort it.\nA negative amount is a refund.\n");
  std::ifstream file(ITERA_SOURCE_DIR "/docs/models.md");
  std::string const page((std::istreambuf_iterator<char>(file)), {});
  std::size_t examples = 0;
  for (std::size_t at = 0; (at = page.find("```itera\n", at)) != page.npos; ++examples) {
    at += 9;
    auto const end = page.find("```", at);
    w.write("x.itera", page.substr(at, end - at));
    at = end;
    auto const checked = w.itera({"check", "x.itera"});
    EXPECT_EQ(checked.code, 0) << checked.err;
    EXPECT_EQ(checked.err.find("E3"), std::string::npos) << checked.err;
  }
  EXPECT_EQ(examples, 3U);
}

TEST(ModelsPage, OnlyASecondCallHasAReply) {
  Workspace w;
  w.write("rows.csv", csv(make_rows(20)));
  Spec spec;
  spec.baseline =
      R"(using openai { ref "ask.py:1"  model = "m"  user = "{{text}} {{reply}}"  then_user = "{{reply}} {{rely}} {{json text}}" })";
  spec.arms = R"(arm new from old "another model" { model = "n" })";
  w.write("x.itera", spec.text());
  auto const checked = w.itera({"check", "x.itera"});
  EXPECT_EQ(checked.code, 2);
  EXPECT_NE(checked.err.find("`user` names `reply`, which is no input"), std::string::npos) << checked.err;
  EXPECT_NE(checked.err.find("`then_user` names `rely`, which is no input"), std::string::npos)
      << checked.err;
  EXPECT_NE(checked.err.find("did you mean `{{reply}}`?"), std::string::npos) << checked.err;
  EXPECT_NE(checked.err.find("x.itera: 2 errors"), std::string::npos) << checked.err;
}

}  // namespace
}  // namespace itera::test
