#pragma once
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace itera::test {

/// An editor without a person: speaks with `itera lsp` over pipes. Every wait is bounded; a server that does
/// not answer in time fails the test and is killed at the end.
class LanguageClient {
 public:
  using Json = nlohmann::json;

  /// Starts the server in `folder`. Nothing is sent.
  explicit LanguageClient(std::filesystem::path const& folder);
  ~LanguageClient();
  LanguageClient(LanguageClient const&) = delete;
  LanguageClient& operator=(LanguageClient const&) = delete;

  /// `initialize` and `initialized`; gives the capabilities.
  Json begin(Json const& capabilities = Json::object());
  /// Sends a request and gives its whole answer, with `result` or `error`.
  Json ask(std::string const& method, Json const& params);
  /// The result; the test fails if it is an error.
  Json result(std::string const& method, Json const& params);
  void tell(std::string const& method, Json const& params);
  void send_bytes(std::string const& bytes);

  void open(std::string const& uri, std::string const& text);
  /// Replaces the whole text.
  void change(std::string const& uri, int version, std::string const& text);
  /// The parameters of the next publishDiagnostics.
  Json problems();
  /// The next message that is not told to nobody in particular: an answer, whatever its id.
  Json next_answer();

  void close_input();
  /// What the server still says, and its exit code or minus a signal.
  int end(std::string* rest = nullptr);

 private:
  std::optional<Json> read();
  bool fill();

  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, id_ = 0;
  std::string buffer_;
  std::deque<Json> notices_;
};

/// The message with its header, as it goes over the wire.
std::string framed(std::string const& message);
std::string uri_in(std::filesystem::path const& file);

}  // namespace itera::test
