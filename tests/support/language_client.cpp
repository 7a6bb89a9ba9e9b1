#include "tests/support/language_client.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace itera::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(30);

}  // namespace

std::string framed(std::string const& message) {
  return "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + message;
}

std::string uri_in(std::filesystem::path const& file) {
  return "file://" + file.string();
}

LanguageClient::LanguageClient(std::filesystem::path const& folder) {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ::signal(SIGPIPE, SIG_IGN);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    ::unsetenv("ITERA_PLUGIN_PATH");
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    int const quiet = ::open("/dev/null", O_WRONLY);
    ::dup2(quiet, STDERR_FILENO);
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::execl(ITERA_BIN, ITERA_BIN, "lsp", nullptr);
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
}

LanguageClient::~LanguageClient() {
  close_input();
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
}

void LanguageClient::send_bytes(std::string const& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto const put = ::write(in_, bytes.data() + at, bytes.size() - at);
    if (put <= 0) {
      ADD_FAILURE() << "the server reads no more";
      return;
    }
    at += static_cast<std::size_t>(put);
  }
}

void LanguageClient::tell(std::string const& method, Json const& params) {
  send_bytes(framed(Json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}}.dump()));
}

LanguageClient::Json LanguageClient::ask(std::string const& method, Json const& params) {
  auto const id = ++id_;
  send_bytes(framed(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump()));
  auto answer = next_answer();
  EXPECT_EQ(answer.value("id", Json()), id) << answer.dump();
  return answer;
}

LanguageClient::Json LanguageClient::result(std::string const& method, Json const& params) {
  auto const answer = ask(method, params);
  EXPECT_TRUE(answer.contains("result")) << method << ": " << answer.dump();
  return answer.value("result", Json());
}

LanguageClient::Json LanguageClient::begin(Json const& capabilities) {
  auto const out = result("initialize", {{"processId", ::getpid()}, {"capabilities", capabilities}});
  tell("initialized", Json::object());
  return out;
}

void LanguageClient::open(std::string const& uri, std::string const& text) {
  tell("textDocument/didOpen",
       {{"textDocument", {{"uri", uri}, {"languageId", "itera"}, {"version", 1}, {"text", text}}}});
}

void LanguageClient::change(std::string const& uri, int version, std::string const& text) {
  Json changes = Json::array();
  changes.push_back({{"text", text}});
  tell("textDocument/didChange",
       {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", changes}});
}

bool LanguageClient::fill() {
  pollfd asked{out_, POLLIN, 0};
  auto const patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
  if (::poll(&asked, 1, static_cast<int>(patience.count())) <= 0) {
    ADD_FAILURE() << "the server says nothing";
    return false;
  }
  char bytes[65536];
  auto const got = ::read(out_, bytes, sizeof bytes);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::optional<LanguageClient::Json> LanguageClient::read() {
  std::string const head = "Content-Length: ";
  for (;;) {
    auto const blank = buffer_.find("\r\n\r\n");
    if (blank != std::string::npos) {
      if (!buffer_.starts_with(head)) {
        ADD_FAILURE() << "no message: " << buffer_.substr(0, 200);
        return std::nullopt;
      }
      auto const size = std::stoul(buffer_.substr(head.size(), blank - head.size()));
      while (buffer_.size() < blank + 4 + size)
        if (!fill()) return std::nullopt;
      auto const message = Json::parse(buffer_.substr(blank + 4, size));
      buffer_.erase(0, blank + 4 + size);
      EXPECT_EQ(message.value("jsonrpc", ""), "2.0");
      return message;
    }
    if (!fill()) return std::nullopt;
  }
}

LanguageClient::Json LanguageClient::next_answer() {
  while (auto message = read()) {
    if (!message->contains("method")) return *message;
    notices_.push_back(std::move(*message));
  }
  ADD_FAILURE() << "the server ended without an answer";
  return Json::object();
}

LanguageClient::Json LanguageClient::problems() {
  while (notices_.empty()) {
    auto message = read();
    if (!message) return Json::object();
    notices_.push_back(std::move(*message));
  }
  auto out = notices_.front();
  notices_.pop_front();
  EXPECT_EQ(out.value("method", ""), "textDocument/publishDiagnostics") << out.dump();
  return out.value("params", Json::object());
}

void LanguageClient::close_input() {
  if (in_ >= 0) ::close(in_);
  in_ = -1;
}

int LanguageClient::end(std::string* rest) {
  close_input();
  while (fill()) continue;
  if (rest) *rest = buffer_;
  auto const until = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  pid_t done = 0;
  while ((done = ::waitpid(pid_, &status, WNOHANG)) == 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  if (done == 0) {
    ADD_FAILURE() << "the server does not end";
    return -1;
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace itera::test
