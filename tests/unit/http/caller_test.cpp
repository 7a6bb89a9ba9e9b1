#include <nlohmann/json.hpp>

#include "tests/unit/http/support.hpp"

namespace itera::tests {
namespace {

HttpAnswer echo(HttpRequest const& request) {
  HttpAnswer answer;
  nlohmann::json headers = nlohmann::json::object();
  for (auto const& [name, value] : request.headers) headers[name] = value;
  answer.body = nlohmann::json{{"method", request.method},
                               {"path", request.path},
                               {"body", request.body},
                               {"headers", headers},
                               {"http2", request.http2}}
                    .dump();
  return answer;
}

TEST(HttpCaller, MakesACallAndGivesTheWholeReply) {
  HttpServer server(echo);
  auto const reply = run_one(post(server.url("/v1/chat?x=1"), R"({"model": "m"})"));
  ASSERT_EQ(reply.status, HttpStatus::done) << reply.error;
  EXPECT_EQ(reply.code, 200);
  EXPECT_EQ(reply.headers, (std::vector<std::pair<std::string, std::string>>{
                               {"content-type", "application/json"},
                               {"content-length", std::to_string(reply.body.size())}}));
  auto const seen = nlohmann::json::parse(reply.body);
  EXPECT_EQ(seen["method"], "POST");
  EXPECT_EQ(seen["path"], "/v1/chat?x=1");
  EXPECT_EQ(seen["body"], R"({"model": "m"})");
  EXPECT_EQ(seen["headers"]["content-type"], "application/json");
  EXPECT_FALSE(seen["headers"].contains("expect"));
  EXPECT_GT(reply.latency_ms, 0);
  EXPECT_LT(reply.latency_ms, 5'000);
  EXPECT_TRUE(reply.retries.empty());
  EXPECT_FALSE(reply.first_token_ms.has_value());
}

TEST(HttpCaller, ProgramsAndRequestsAreMadeInOneLoop) {
  HttpServer server(echo);
  auto caller = http_caller();
  ports::ExecCall exec;
  exec.argv = {"/bin/sh", "-c", "echo program"};
  caller.submit(1, exec);
  caller.submit(2, post(server.url()));
  std::string output;
  int code = 0;
  while (caller.in_flight() > 0)
    for (auto const& [ticket, reply] : caller.wait()) {
      if (ticket == 1) output = std::get<ports::ExecReply>(reply).output;
      if (ticket == 2) code = std::get<HttpReply>(reply).code;
    }
  EXPECT_EQ(output, "program\n");
  EXPECT_EQ(code, 200);
}

}  // namespace
}  // namespace itera::tests
