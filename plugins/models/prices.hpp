#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace itera::models {

/// USD per million tokens.
struct Price {
  double in = 0;           ///< input that no cache held
  double out = 0;          ///< output, reasoning included
  double cached_in = 0;    ///< input read from the prompt cache
  double cache_write = 0;  ///< input written to it
};

/// Tokens of one reply, as its server counted them.
struct Usage {
  std::uint64_t in = 0;           ///< all input, `cached_in` and `cache_write` included
  std::uint64_t out = 0;          ///< all output, reasoning included
  std::uint64_t cached_in = 0;    ///< read from the prompt cache
  std::uint64_t cache_write = 0;  ///< written to it
};

/// prices.json, as it stood when this was built.
extern char const* const kPricesJson;

/// The list price of a model at its provider's public endpoint ("openai" or "anthropic"); nothing if the
/// table has none. A model may carry the date of a snapshot behind its name (`-2025-04-14`, `-20251001`),
/// which costs the same; another suffix is another model.
std::optional<Price> list_price(std::string_view provider, std::string_view model);

/// In USD.
double cost(Usage const& usage, Price const& price);
/// The same once the cache is warm: what was written to it now is read from it then.
double steady_cost(Usage const& usage, Price const& price);

/// What the calls of one item used and cost together. Unknown stays unknown: one call without tokens, or
/// without a price, leaves the whole item without.
struct Spent {
  std::optional<Usage> tokens = Usage{};
  std::optional<double> usd = 0.0, steady_usd = 0.0;

  /// Of one call.
  static Spent of(std::optional<Usage> const& usage, std::optional<Price> const& price);
  void add(Spent const& other);
  /// Puts `cost_usd`, `steady_usd` (if it differs) and `tokens` into an answer or an error.
  void write(nlohmann::ordered_json& into) const;
  /// As it goes through the state of a step.
  nlohmann::ordered_json state() const;
  static Spent from(nlohmann::ordered_json const& state);
};

}  // namespace itera::models
