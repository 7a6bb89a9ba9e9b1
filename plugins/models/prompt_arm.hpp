#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/models/endpoint.hpp"
#include "plugins/models/json.hpp"
#include "plugins/models/model_arm.hpp"
#include "plugins/models/template.hpp"

namespace itera::models {

// Properties of a settings schema, each followed by a comma.
extern char const* const kPromptSettings;  ///< system, user, then_system, then_user, then_model
extern char const* const kReplySettings;   ///< json_schema, tools, output, extra, stream
extern char const* const kPriceSettings;   ///< price_in, price_out, price_cached_in, ..., then_price_out

/// Who serves the models, as far as it makes a difference here.
struct Provider {
  char const* name;        ///< in prices.json
  char const* public_url;  ///< its list prices hold there and nowhere else
};

/// What a model was asked.
struct Question {
  std::string model, system, user;
  std::uint64_t seed = 0;
  bool last = true;  ///< its reply is the answer: schema, tools and JSON mode hold for this one
};

/// What a model said, in the words of no API.
struct Said {
  std::optional<Failure> failure = {};
  std::string text = {};
  Json tool_calls = Json::array();  ///< {"name", "arguments"} each
  std::optional<Usage> usage = {};
  std::optional<double> usd = {};  ///< if the server is one that says what a call cost
  std::string tier = {};           ///< what the server calls a service of another price; empty: the usual
};

/// An arm that fills prompts with a row and sends them to a chat API.
class PromptArm : public ModelArm {
 protected:
  PromptArm(sdk::Settings const& settings, Provider const& provider);

  /// The body of the request, without what `extra` adds.
  virtual Json body(Question const& question) const = 0;
  virtual Json headers() const = 0;  ///< an object of texts
  virtual std::string url(Question const& question) const = 0;
  /// JSON pointers to where text stands in an event of a stream.
  virtual std::vector<std::string> first_token() const = 0;
  /// The events of a stream as the reply that would have come without one; nothing if they end too early.
  virtual std::optional<Json> joined(std::vector<Json> const& events) const = 0;
  /// `reply` is an object.
  virtual Said said(Json const& reply) const = 0;

  /// Throws sdk::Invalid if `extra` holds one of these: they have a setting of their own, or would undo a
  /// bound.
  void keep_out_of_extra(std::vector<std::string_view> const& fields) const;
  bool public_endpoint() const { return base_url_ == provider_.public_url; }

  std::string base_url_;
  std::optional<std::string> key_;  ///< a mark in the secret's place; for headers only
  std::optional<std::uint64_t> max_tokens_;
  std::optional<Json> schema_, tools_;
  Json extra_ = Json::object();
  bool stream_ = false;

 private:
  bool follows() const final { return !then_user_.empty(); }
  std::string request(sdk::Step const& item, Json const& row, Turn const& turn) const final;
  Outcome read(Json const& http, bool second, bool last) const final;
  Advice advice() const final;
  std::optional<Price> price(bool second, bool& listed) const;
  Outcome answer(Said const& said, bool last) const;

  Provider provider_;
  Endpoint endpoint_;
  std::string model_, then_model_;
  Template system_, user_, then_system_, then_user_;
  std::optional<Price> price_, then_price_;
  std::optional<std::string> output_;
};

/// The number settings among `names` that are set, by their names.
Json numbers(sdk::Settings const& settings, std::vector<std::string> const& names);

}  // namespace itera::models
