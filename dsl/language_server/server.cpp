#include "dsl/language_server/server.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/log.hpp"
#include "dsl/grammar/scan.hpp"
#include "dsl/language_server/framing.hpp"
#include "dsl/language_server/protocol.hpp"
#include "dsl/language_server/uri.hpp"

namespace itera::dsl::language_server {
namespace {

using Json = nlohmann::json;

// Of JSON-RPC and of the protocol.
constexpr int kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601,
              kInvalidParams = -32602, kInternalError = -32603, kNotInitialized = -32002;

/// What a client did not do right; becomes the error of an answer.
struct Refusal {
  int code;
  std::string message;
};

/// A text that the client has open. It holds views of itself, so it stays where it is.
struct Document {
  Document(std::string uri, std::filesystem::path const& file, std::string text, Json version,
           Encoding encoding)
      : uri(std::move(uri)),
        folder(file.parent_path()),
        version(std::move(version)),
        source(file.string(), std::move(text)),
        positions(source.text(), encoding) {}
  Document(Document const&) = delete;
  Document& operator=(Document const&) = delete;

  Outline const& outline() {
    // A text that is too large to be a spec gets that one problem and no further look.
    if (!outline_) outline_.emplace(source.text().size() > grammar::kMaxBytes ? "" : source.text());
    return *outline_;
  }

  std::string uri;
  std::filesystem::path folder;
  Json version;
  SourceMap source;
  Positions positions;
  std::unique_ptr<Surroundings> surroundings;
  std::vector<Problem> problems;
  bool examined = false;

 private:
  std::optional<Outline> outline_;
};

class Server {
 public:
  Server(std::istream& in, std::ostream& out, ServerSetup const& setup) : in_(in), out_(out), setup_(setup) {}

  int run() {
    while (!ended_) {
      if (!setup_.more_waits || !setup_.more_waits() || postponed_ >= kMostPostponed) examine_all();
      ++postponed_;
      auto const next = read_message(in_);
      if (next.kind == Incoming::Kind::end) break;
      if (next.kind == Incoming::Kind::malformed)
        refuse(nullptr, {kInvalidRequest, next.text});
      else
        handle(next.text);
      if (!out_) return 1;  // nobody listens any more
    }
    return shut_down_ ? 0 : 1;
  }

 private:
  static constexpr int kMostPostponed = 100;
  using Handler = Json (Server::*)(Json const&);

  void send(Json message) {
    message["jsonrpc"] = "2.0";
    write_message(out_, message.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  void refuse(Json const& id, Refusal const& refusal) {
    log::write(log::Level::warning, fmt::format("lsp: {}", refusal.message));
    send({{"id", id}, {"error", {{"code", refusal.code}, {"message", refusal.message}}}});
  }

  void handle(std::string const& text) {
    auto const message = parse_json(text, "message");
    if (!message) return refuse(nullptr, {kParseError, message.error().what});
    if (!message->is_object())
      return refuse(nullptr, {kInvalidRequest, "a message is a JSON object; lists of them are not read"});
    auto const id = message->find("id");
    bool const asks = id != message->end();
    auto const method = message->find("method");
    if (method == message->end() && asks) return;  // an answer, though nothing was asked
    if (method == message->end() || !method->is_string() || (asks && !id->is_string() && !id->is_number()))
      return refuse(nullptr,
                    {kInvalidRequest, "a message has a `method`, and an `id` that is a number or a text"});
    auto const params = message->find("params");
    static Json const none = Json::object();
    dispatch(method->get<std::string>(), params == message->end() || params->is_null() ? none : *params,
             asks ? &*id : nullptr);
  }

  void dispatch(std::string const& method, Json const& params, Json const* id) {
    try {
      if (id) {
        auto const handler = request(method);
        send({{"id", *id}, {"result", (this->*handler)(params)}});
      } else if (auto const handler = notification(method)) {
        (this->*handler)(params);
      }
    } catch (Refusal const& refusal) {
      said(id, method, refusal);
    } catch (Json::exception const& e) {
      said(id, method, {kInvalidParams, fmt::format("`{}` has other parameters: {}", method, e.what())});
    } catch (std::exception const& e) {
      // Nothing here throws by design, but a session is worth more than one answer.
      said(id, method, {kInternalError, fmt::format("`{}` failed: {}", method, e.what())});
    }
  }

  // A notification has no answer, not even an error.
  void said(Json const* id, std::string const& method, Refusal const& refusal) {
    if (id) return refuse(*id, refusal);
    log::write(log::Level::warning, fmt::format("lsp: {}: {}", method, refusal.message));
  }

  Handler request(std::string const& method) const {
    static std::map<std::string, Handler> const known{{"initialize", &Server::initialize},
                                                      {"shutdown", &Server::shutdown},
                                                      {"textDocument/hover", &Server::hover_at},
                                                      {"textDocument/completion", &Server::completions_at},
                                                      {"textDocument/definition", &Server::definition_at},
                                                      {"textDocument/documentSymbol", &Server::symbols_of},
                                                      {"textDocument/formatting", &Server::layout_of},
                                                      {"textDocument/codeAction", &Server::fixes_in}};
    if (shut_down_) throw Refusal{kInvalidRequest, fmt::format("`{}` came after `shutdown`", method)};
    if (!initialized_ && method != "initialize")
      throw Refusal{kNotInitialized, fmt::format("`{}` came before `initialize`", method)};
    auto const it = known.find(method);
    if (it == known.end()) throw Refusal{kMethodNotFound, fmt::format("there is no method `{}`", method)};
    return it->second;
  }

  // What is not known is ignored, as the protocol asks: `$/cancelRequest` among it, since every request is
  // answered before the next message is read.
  Handler notification(std::string const& method) const {
    static std::map<std::string, Handler> const known{
        {"textDocument/didOpen", &Server::opened},
        {"textDocument/didChange", &Server::changed},
        {"textDocument/didSave", &Server::saved},
        {"textDocument/didClose", &Server::closed},
        {"workspace/didChangeWatchedFiles", &Server::saved},
    };
    if (method == "exit") return &Server::exit;
    auto const it = known.find(method);
    return it == known.end() || !initialized_ || shut_down_ ? nullptr : it->second;
  }

  // --- the session

  Json initialize(Json const& params) {
    if (initialized_) throw Refusal{kInvalidRequest, "`initialize` came twice"};
    client_ = client_of(params);
    initialized_ = true;
    return {{"capabilities", capabilities(client_)},
            {"serverInfo", {{"name", "itera"}, {"version", setup_.version}}}};
  }
  Json shutdown(Json const&) {
    shut_down_ = true;
    return nullptr;
  }
  Json exit(Json const&) {
    ended_ = true;
    return nullptr;
  }

  // --- texts

  static std::string uri_in(Json const& params) {
    return params.at("textDocument").at("uri").get<std::string>();
  }

  Document& document_in(Json const& params) {
    auto const uri = uri_in(params);
    auto const it = documents_.find(uri);
    if (it == documents_.end()) throw Refusal{kInvalidParams, fmt::format("`{}` is not open", uri)};
    return *it->second;
  }

  void set(std::string const& uri, std::string text, Json version) {
    // A text without a file is looked at as if it stood in the folder in which the server runs.
    std::error_code unknown;
    auto const file = path_of(uri).value_or("/" / std::filesystem::current_path(unknown) / "untitled.itera");
    documents_[uri] =
        std::make_unique<Document>(uri, file, std::move(text), std::move(version), client_.encoding);
  }

  Json opened(Json const& params) {
    auto const& document = params.at("textDocument");
    set(uri_in(params), document.at("text").get<std::string>(), document.value("version", Json()));
    return nullptr;
  }

  Json changed(Json const& params) {
    auto const& document = document_in(params);
    auto text = document.source.text();
    for (auto const& change : params.at("contentChanges")) {
      auto const& replacement = change.at("text").get_ref<std::string const&>();
      if (!change.contains("range")) {
        text = replacement;
        continue;
      }
      auto const span = span_of(change.at("range"), Positions(text, client_.encoding));
      text.replace(span.begin, span.end - span.begin, replacement);
    }
    set(document.uri, std::move(text), params.at("textDocument").value("version", Json()));
    return nullptr;
  }

  // What a text says may depend on any file: prompts, rows, plugins.
  Json saved(Json const&) {
    for (auto& [uri, document] : documents_) document->examined = false;
    return nullptr;
  }

  Json closed(Json const& params) {
    if (documents_.erase(uri_in(params)) > 0) publish(uri_in(params), Json(), Json::array());
    return nullptr;
  }

  void publish(std::string const& uri, Json const& version, Json problems) {
    Json params{{"uri", uri}, {"diagnostics", std::move(problems)}};
    if (version.is_number()) params["version"] = version;
    send({{"method", "textDocument/publishDiagnostics"}, {"params", std::move(params)}});
  }

  void examine_all() {
    postponed_ = 0;
    for (auto& [uri, document] : documents_) {
      try {
        examine(*document);
      } catch (std::exception const& e) {
        said(nullptr, uri, {kInternalError, e.what()});
      }
    }
  }

  void examine(Document& document) {
    if (document.examined) return;
    document.examined = true;
    document.surroundings = setup_.surroundings(document.folder);
    document.problems = diagnose(document.source, document.surroundings->lookup());
    Json problems = Json::array();
    for (auto const& problem : document.problems) problems.push_back(json_of(problem, document));
    publish(document.uri, document.version, std::move(problems));
  }

  Json json_of(Problem const& problem, Document const& document) const {
    return to_json(problem, document.source, document.uri, client_, document.positions);
  }

  Lookup lookup(Document& document) {
    if (!document.surroundings) {
      document.surroundings = setup_.surroundings(document.folder);
      use_plugins(document.outline(), document.surroundings->lookup());
    }
    return document.surroundings->lookup();
  }

  // --- questions

  static std::uint32_t offset_in(Json const& params, Document const& document) {
    return document.positions.offset(point_of(params.at("position")));
  }

  Json hover_at(Json const& params) {
    auto& document = document_in(params);
    auto const offset = offset_in(params, document);
    auto const found = hover(document.source, document.outline(), offset, lookup(document));
    return found ? to_json(*found, client_, document.positions) : Json();
  }

  Json completions_at(Json const& params) {
    auto& document = document_in(params);
    auto const offset = offset_in(params, document);
    auto const context = params.value("context", Json::object());
    auto const typed = context.value("triggerKind", 1) == 2 ? context.value("triggerCharacter", "") : "";
    auto const found = document.source.text().size() > grammar::kMaxBytes
                           ? Completions{}
                           : complete(document.source, offset, lookup(document));
    return to_json(found, typed, client_, document.positions);
  }

  Json definition_at(Json const& params) {
    auto& document = document_in(params);
    auto const offset = offset_in(params, document);
    auto const found = definition(document.outline(), offset, lookup(document));
    return found ? to_json(*found, document.uri, document.positions) : Json();
  }

  Json symbols_of(Json const& params) {
    auto& document = document_in(params);
    return to_json(symbols(document.source, document.outline()), document.uri, client_, document.positions);
  }

  Json layout_of(Json const& params) {
    auto const& document = document_in(params);
    auto const found = formatted(document.source);
    return found ? to_json(*found, document.positions) : Json();
  }

  Json fixes_in(Json const& params) {
    auto& document = document_in(params);
    auto const asked = span_of(params.at("range"), document.positions);
    Json out = Json::array();
    auto const only = params.at("context").value("only", Json());
    bool const wanted = !only.is_array() || std::find(only.begin(), only.end(), "quickfix") != only.end();
    if (!wanted) return out;
    examine(document);
    for (auto const& problem : document.problems) {
      auto const& subject = problem.diagnostic.subject;
      auto const fix = fix_of(problem.diagnostic, document.source);
      if (!fix || subject.end < asked.begin || subject.begin > asked.end) continue;
      out.push_back(
          to_json(*fix, json_of(problem, document), document.source, document.uri, document.positions));
    }
    return out;
  }

  std::istream& in_;
  std::ostream& out_;
  ServerSetup const& setup_;
  Client client_;
  bool initialized_ = false, shut_down_ = false, ended_ = false;
  int postponed_ = 0;
  std::map<std::string, std::unique_ptr<Document>> documents_;
};

}  // namespace

int serve(std::istream& in, std::ostream& out, ServerSetup const& setup) {
  return Server(in, out, setup).run();
}

}  // namespace itera::dsl::language_server
