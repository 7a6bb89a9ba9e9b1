#include "dsl/language_server/protocol.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dsl/language_server/uri.hpp"

namespace itera::dsl::language_server {
namespace {

using Json = nlohmann::json;

Json position_of(std::uint32_t offset, Positions const& at) {
  auto const point = at.point(offset);
  return {{"line", point.line}, {"character", point.character}};
}

// The part of a document at a JSON pointer; null if it is not there.
Json part(Json const& document, char const* pointer) {
  Json::json_pointer const where(pointer);
  return document.contains(where) ? document.at(where) : Json();
}

bool is_set(Json const& document, char const* pointer) {
  auto const value = part(document, pointer);
  return value.is_boolean() && value.get<bool>();
}

bool lists(Json const& document, char const* pointer, char const* word) {
  auto const value = part(document, pointer);
  return value.is_array() && std::find(value.begin(), value.end(), word) != value.end();
}

Json text(std::string const& words, bool markdown) {
  return {{"kind", markdown ? "markdown" : "plaintext"}, {"value", words}};
}

Json edit(Span span, std::string const& replacement, Positions const& at) {
  return {{"range", range_of(span, at)}, {"newText", replacement}};
}

int number_of(Completion::Kind kind) {
  constexpr int kinds[] = {14, 14, 9, 10,
                           12, 5,  6};  // keyword, keyword, module, property, value, field, variable
  return kinds[static_cast<int>(kind)];
}

int number_of(Symbol::Kind kind) {
  constexpr int kinds[] = {2,  19, 5, 13,
                           22, 3,  6, 17};  // module, object, class, variable, enumeration's member,
                                            // namespace, method, boolean
  return kinds[static_cast<int>(kind)];
}

Json nested(Symbol const& symbol, Positions const& at) {
  Json children = Json::array();
  for (auto const& child : symbol.children) children.push_back(nested(child, at));
  return {{"name", symbol.name},
          {"detail", symbol.detail},
          {"kind", number_of(symbol.kind)},
          {"range", range_of(symbol.whole, at)},
          {"selectionRange", range_of(symbol.span, at)},
          {"children", children}};
}

void flat(Symbol const& symbol, std::string const& container, std::string const& uri, Positions const& at,
          Json& out) {
  Json one{{"name", symbol.name},
           {"kind", number_of(symbol.kind)},
           {"location", {{"uri", uri}, {"range", range_of(symbol.whole, at)}}}};
  if (!container.empty()) one["containerName"] = container;
  out.push_back(std::move(one));
  for (auto const& child : symbol.children) flat(child, symbol.name, uri, at, out);
}

}  // namespace

Client client_of(Json const& initialize) {
  Client out;
  if (lists(initialize, "/capabilities/general/positionEncodings", "utf-8")) out.encoding = Encoding::utf8;
  out.related_information =
      is_set(initialize, "/capabilities/textDocument/publishDiagnostics/relatedInformation");
  out.diagnostic_tags =
      part(initialize, "/capabilities/textDocument/publishDiagnostics/tagSupport").is_object();
  out.markdown = lists(initialize, "/capabilities/textDocument/hover/contentFormat", "markdown");
  out.markdown_completion = lists(
      initialize, "/capabilities/textDocument/completion/completionItem/documentationFormat", "markdown");
  out.nested_symbols =
      is_set(initialize, "/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport");
  return out;
}

Json capabilities(Client const& client) {
  return {{"positionEncoding", client.encoding == Encoding::utf8 ? "utf-8" : "utf-16"},
          {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
          {"hoverProvider", true},
          {"completionProvider", {{"triggerCharacters", Json::array({" ", "=", "`"})}}},
          {"definitionProvider", true},
          {"documentSymbolProvider", true},
          {"documentFormattingProvider", true},
          {"codeActionProvider", {{"codeActionKinds", Json::array({"quickfix"})}}}};
}

Json range_of(Span span, Positions const& at) {
  return {{"start", position_of(span.begin, at)}, {"end", position_of(span.end, at)}};
}

Span span_of(Json const& range, Positions const& at) {
  auto const begin = at.offset(point_of(range.at("start")));
  return {begin, std::max(begin, at.offset(point_of(range.at("end"))))};
}

Point point_of(Json const& position) {
  auto const number = [&](char const* name) {
    auto const& value = position.at(name);
    if (!value.is_number_unsigned())
      throw Json::type_error::create(302, fmt::format("`{}` is no whole number from 0", name), &position);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(value.get<std::uint64_t>(), 0xFFFFFFFFU));
  };
  return {number("line"), number("character")};
}

Json to_json(Problem const& problem, SourceMap const& source, std::string const& uri, Client const& client,
             Positions const& at) {
  auto const& d = problem.diagnostic;
  auto message = d.summary;
  if (!d.help.empty()) message += "\nhelp: " + d.help;
  auto related = Json::array();
  for (auto const& label : d.labels) {
    if (client.related_information)
      related.push_back(
          {{"location", {{"uri", uri}, {"range", range_of(label.span, at)}}}, {"message", label.text}});
    else
      message += fmt::format("\nline {}: {}", source.position(label.span.begin).line, label.text);
  }
  Json out{{"range", range_of(d.subject, at)},
           {"severity", static_cast<int>(problem.level) + 1},
           {"code", d.code},
           {"source", "itera"},
           {"message", message}};
  if (!related.empty()) out["relatedInformation"] = std::move(related);
  if (problem.redundant && client.diagnostic_tags) out["tags"] = Json::array({1});
  return out;
}

Json to_json(Hover const& hover, Client const& client, Positions const& at) {
  return {{"contents", text(hover.markdown, client.markdown)}, {"range", range_of(hover.span, at)}};
}

Json to_json(Completions const& found, std::string const& typed, Client const& client, Positions const& at) {
  Json items = Json::array();
  for (auto const& item : found.items) {
    bool const begins = item.kind == Completion::Kind::clause || item.kind == Completion::Kind::setting;
    if (typed == " " && begins) continue;
    Json one{{"label", item.label},
             {"kind", number_of(item.kind)},
             {"sortText", fmt::format("{:04}", items.size())},
             {"textEdit", edit(found.replaces, item.insert, at)}};
    if (!item.filter.empty()) one["filterText"] = item.filter;
    if (!item.detail.empty()) one["detail"] = item.detail;
    if (!item.documentation.empty())
      one["documentation"] = text(item.documentation, client.markdown_completion);
    items.push_back(std::move(one));
  }
  return {{"isIncomplete", false}, {"items", items}};
}

Json to_json(Definition const& definition, std::string const& uri, Positions const& at) {
  if (auto const* text = std::get_if<InText>(&definition.target))
    return {{"uri", uri}, {"range", range_of(text->name, at)}};
  auto const& file = std::get<InFile>(definition.target);
  Json const begin{{"line", file.line - 1}, {"character", 0}};
  return {{"uri", uri_of(file.file)}, {"range", {{"start", begin}, {"end", begin}}}};
}

Json to_json(std::vector<Symbol> const& symbols, std::string const& uri, Client const& client,
             Positions const& at) {
  Json out = Json::array();
  for (auto const& symbol : symbols)
    if (client.nested_symbols)
      out.push_back(nested(symbol, at));
    else
      flat(symbol, "", uri, at, out);
  return out;
}

Json to_json(std::vector<Fix> const& fixes, Positions const& at) {
  Json out = Json::array();
  for (auto const& fix : fixes) out.push_back(edit(fix.span, fix.replacement, at));
  return out;
}

Json to_json(Fix const& fix, Json const& problem, SourceMap const& source, std::string const& uri,
             Positions const& at) {
  Json out{{"title", fmt::format("replace {} with {}", source.slice(fix.span), fix.replacement)},
           {"kind", "quickfix"},
           {"isPreferred", true}};
  out["diagnostics"].push_back(problem);
  out["edit"]["changes"][uri].push_back(edit(fix.span, fix.replacement, at));
  return out;
}

}  // namespace itera::dsl::language_server
