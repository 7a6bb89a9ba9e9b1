#include "plugins/models/prices.hpp"

#include <algorithm>

#include "plugins/models/json.hpp"

namespace itera::models {
namespace {

bool digits(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() &&
         std::equal(text.begin(), text.end(), shape.begin(),
                    [](char c, char s) { return s == '0' ? c >= '0' && c <= '9' : c == s; });
}

std::uint64_t uncached(Usage const& usage) {
  auto const cached = usage.cached_in + usage.cache_write;
  return usage.in > cached ? usage.in - cached : 0;
}

std::optional<double> sum(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::optional(*a + *b) : std::nullopt;
}

}  // namespace

std::optional<Price> list_price(std::string_view provider, std::string_view model) {
  static Json const table = Json::parse(kPricesJson);
  for (auto const& entry : table.at(std::string(provider))) {
    auto const& name = entry.at("model").get_ref<std::string const&>();
    if (!model.starts_with(name)) continue;
    auto const rest = model.substr(name.size());
    if (!rest.empty() && !digits(rest, "-0000-00-00") && !digits(rest, "-00000000")) continue;
    Price out;
    out.in = entry.at("in");
    out.out = entry.at("out");
    out.cached_in = entry.value("cached_in", out.in);
    out.cache_write = entry.value("cache_write", out.in);
    return out;
  }
  return std::nullopt;
}

double cost(Usage const& usage, Price const& price) {
  return (static_cast<double>(uncached(usage)) * price.in +
          static_cast<double>(usage.cached_in) * price.cached_in +
          static_cast<double>(usage.cache_write) * price.cache_write +
          static_cast<double>(usage.out) * price.out) /
         1e6;
}

double steady_cost(Usage const& usage, Price const& price) {
  auto warm = usage;
  warm.cached_in += warm.cache_write;
  warm.cache_write = 0;
  return cost(warm, price);
}

Spent Spent::of(std::optional<Usage> const& usage, std::optional<Price> const& price) {
  Spent out{usage, std::nullopt, std::nullopt};
  if (usage && price) {
    out.usd = cost(*usage, *price);
    out.steady_usd = steady_cost(*usage, *price);
  }
  return out;
}

void Spent::add(Spent const& other) {
  usd = sum(usd, other.usd);
  steady_usd = sum(steady_usd, other.steady_usd);
  if (!tokens || !other.tokens) return tokens.reset();
  tokens->in += other.tokens->in;
  tokens->out += other.tokens->out;
  tokens->cached_in += other.tokens->cached_in;
  tokens->cache_write += other.tokens->cache_write;
}

void Spent::write(Json& into) const {
  if (usd) into["cost_usd"] = *usd;
  if (usd && steady_usd && *steady_usd != *usd) into["steady_usd"] = *steady_usd;
  if (!tokens) return;
  auto& out = into["tokens"] = {{"in", tokens->in}, {"out", tokens->out}};
  if (tokens->cached_in > 0) out["cached_in"] = tokens->cached_in;
  if (tokens->cache_write > 0) out["cache_write"] = tokens->cache_write;
}

Json Spent::state() const {
  Json out = Json::object();
  if (usd) out["usd"] = *usd;
  if (steady_usd) out["steady_usd"] = *steady_usd;
  if (tokens) out["tokens"] = {tokens->in, tokens->out, tokens->cached_in, tokens->cache_write};
  return out;
}

Spent Spent::from(Json const& state) {
  Spent out;
  auto const number = [&](char const* name) {
    return state.contains(name) ? std::optional(state.at(name).get<double>()) : std::nullopt;
  };
  out.usd = number("usd");
  out.steady_usd = number("steady_usd");
  out.tokens.reset();
  if (state.contains("tokens")) {
    auto const& t = state.at("tokens");
    out.tokens = Usage{t.at(0).get<std::uint64_t>(), t.at(1).get<std::uint64_t>(),
                       t.at(2).get<std::uint64_t>(), t.at(3).get<std::uint64_t>()};
  }
  return out;
}

}  // namespace itera::models
