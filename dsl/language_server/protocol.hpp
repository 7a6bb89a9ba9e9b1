#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "dsl/language_server/analysis.hpp"
#include "dsl/language_server/positions.hpp"

namespace itera::dsl::language_server {

/// What a client said it understands.
struct Client {
  Encoding encoding = Encoding::utf16;
  bool related_information = false;
  bool diagnostic_tags = false;
  bool markdown = false;             ///< in hovers
  bool markdown_completion = false;  ///< beside completions
  bool nested_symbols = false;
};
/// From the parameters of `initialize`; missing parts mean no.
Client client_of(nlohmann::json const& initialize);
nlohmann::json capabilities(Client const& client);

// Analysis -> the protocol's JSON. `at` has the text's positions in the client's encoding.

nlohmann::json range_of(Span span, Positions const& at);
/// Throws nlohmann's type_error where the position is none.
Point point_of(nlohmann::json const& position);
/// Likewise; ends that stand before the begin are taken for it.
Span span_of(nlohmann::json const& range, Positions const& at);
nlohmann::json to_json(Problem const& problem, SourceMap const& source, std::string const& uri,
                       Client const& client, Positions const& at);
nlohmann::json to_json(Hover const& hover, Client const& client, Positions const& at);
/// `typed`: the character that asked for it, if one did: behind a blank nothing is offered that could just as
/// well begin the next line.
nlohmann::json to_json(Completions const& found, std::string const& typed, Client const& client,
                       Positions const& at);
nlohmann::json to_json(Definition const& definition, std::string const& uri, Positions const& at);
nlohmann::json to_json(std::vector<Symbol> const& symbols, std::string const& uri, Client const& client,
                       Positions const& at);
nlohmann::json to_json(std::vector<Fix> const& fixes, Positions const& at);
nlohmann::json to_json(Fix const& fix, nlohmann::json const& problem, SourceMap const& source,
                       std::string const& uri, Positions const& at);

}  // namespace itera::dsl::language_server
