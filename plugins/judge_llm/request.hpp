#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <itera/sdk/plugin.hpp>

namespace judge_llm {

/// Where the model is and how it is asked.
struct Endpoint {
  bool anthropic = false;  ///< the form of Anthropic's messages; else that of OpenAI's chat completions
  std::string base_url, model, api_key;
  std::optional<double> temperature = 0;  ///< nothing: not sent
  std::int64_t max_tokens = 1024;
  std::uint32_t timeout_ms = 120'000;
  std::int64_t in_flight = 0;                 ///< 0: no ceiling
  std::optional<double> price_in, price_out;  ///< US dollars for a million tokens
};

/// Of all calls of an item together.
struct Usage {
  std::uint64_t in = 0, out = 0;
};

/// What is said in turn, the user first.
using Turns = std::vector<std::pair<std::string_view, std::string_view>>;

/// {"http": {...}}
std::string request(Endpoint const& endpoint, std::string_view system, Turns const& turns);

/// What the model wrote.
struct Said {
  std::string text;
  std::optional<Usage> usage;
};
/// Why there is nothing: `kind` as Step::error() takes it.
struct Nothing {
  std::string kind, message;
};
/// `reply` is {"http": {...}}.
std::variant<Said, Nothing> read_reply(Endpoint const& endpoint, std::string_view reply);

/// Nothing without both prices.
std::optional<double> cost_usd(Endpoint const& endpoint, Usage const& usage);

}  // namespace judge_llm
