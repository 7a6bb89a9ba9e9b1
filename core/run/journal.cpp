#include "core/run/journal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"

namespace itera::run {
namespace {

using Json = nlohmann::json;

std::string about(std::int64_t id, std::string_view key) {
  return fmt::format("journal:{}:{}", id, key);
}

tl::unexpected<Error> broken(std::int64_t id) {
  return fail(
      ErrorClass::refused,
      fmt::format("state/run.db cannot be believed: entry {} was changed, or is another experiment's", id),
      "`itera doctor DIR` shows what is whole and can save it");
}

// CBOR, because outputs may hold any bytes.
std::string packed(Json const& json) {
  std::string out;
  Json::to_cbor(json, out);
  return out;
}

// {} of what is not there, so that the entries of most cells do not grow.
Json spent_json(CellRest const& rest) {
  Json out = Json::object();
  if (rest.tokens && (rest.tokens->cached_in > 0 || rest.tokens->cache_write > 0))
    out["cache"] = {rest.tokens->cached_in, rest.tokens->cache_write};
  if (rest.steady_usd) out["steady"] = *rest.steady_usd;
  if (rest.judge_usd) out["judge"] = *rest.judge_usd;
  if (rest.judge_tokens)
    out["judge_tokens"] = {rest.judge_tokens->in, rest.judge_tokens->out, rest.judge_tokens->cached_in,
                           rest.judge_tokens->cache_write};
  if (rest.first_token_ms) out["first_token"] = *rest.first_token_ms;
  if (!rest.retries.empty()) out["retries"] = rest.retries;
  if (rest.replayed) out["replayed"] = true;
  return out;
}

void read_spent(Json const& in, CellRest& rest) {
  if (in.contains("cache") && rest.tokens) {
    rest.tokens->cached_in = in.at("cache").at(0);
    rest.tokens->cache_write = in.at("cache").at(1);
  }
  if (in.contains("steady")) rest.steady_usd = in.at("steady").get<double>();
  if (in.contains("judge")) rest.judge_usd = in.at("judge").get<double>();
  if (in.contains("judge_tokens")) {
    auto const& t = in.at("judge_tokens");
    rest.judge_tokens = Tokens{t.at(0), t.at(1), t.at(2), t.at(3)};
  }
  if (in.contains("first_token")) rest.first_token_ms = in.at("first_token").get<double>();
  if (in.contains("retries")) rest.retries = in.at("retries").get<std::vector<std::string>>();
  rest.replayed = in.value("replayed", false);
}

std::string pack(Cell const& cell) {
  Json out =
      Json::array({static_cast<int>(cell.ending), cell.score, cell.passed, cell.rest->failures,
                   cell.rest->error, Json::binary({cell.rest->output.begin(), cell.rest->output.end()}),
                   cell.cost_usd ? Json(*cell.cost_usd) : Json(),
                   cell.rest->tokens ? Json::array({cell.rest->tokens->in, cell.rest->tokens->out}) : Json(),
                   cell.latency_ms, cell.attempts, cell.rest->undecided});
  if (auto spent = spent_json(*cell.rest); !spent.empty()) out.push_back(std::move(spent));
  return packed(out);
}

Cell cell_from(Json const& in) {
  Cell out;
  out.ending = static_cast<Ending>(in.at(0).get<int>());
  out.score = in.at(1);
  out.passed = in.at(2);
  auto& rest = out.rest.edit();
  rest.failures = in.at(3).get<std::vector<std::string>>();
  rest.error = in.at(4);
  auto const& output = in.at(5).get_binary();
  rest.output.assign(output.begin(), output.end());
  if (!in.at(6).is_null()) out.cost_usd = in.at(6).get<double>();
  if (!in.at(7).is_null()) rest.tokens = Tokens{in.at(7).at(0), in.at(7).at(1)};
  out.latency_ms = in.at(8);
  out.attempts = in.at(9);
  if (in.size() > 10) rest.undecided = in.at(10).get<std::vector<std::string>>();
  if (in.size() > 11) read_spent(in.at(11), rest);
  out.rest.shrink();
  return out;
}

Json bytes(std::string const& text) {
  return Json::binary({text.begin(), text.end()});
}
std::string text_of(Json const& in) {
  auto const& bytes = in.get_binary();
  return {bytes.begin(), bytes.end()};
}

Json to_json(ports::ExecReply const& reply) {
  return Json::array({static_cast<int>(reply.status), reply.code, bytes(reply.output), bytes(reply.error),
                      reply.latency_ms});
}

Json to_json(ports::HttpReply const& reply) {
  Json headers = Json::array();
  for (auto const& [name, value] : reply.headers) headers.push_back(Json::array({bytes(name), bytes(value)}));
  return Json::array({"http", static_cast<int>(reply.status), reply.code, std::move(headers),
                      bytes(reply.body), bytes(reply.error), reply.latency_ms,
                      reply.first_token_ms ? Json(*reply.first_token_ms) : Json(), reply.retries,
                      reply.replayed});
}

std::string pack(ports::Reply const& reply) {
  return packed(std::visit([](auto const& r) { return to_json(r); }, reply));
}

ports::HttpReply http_from(Json const& in) {
  ports::HttpReply out;
  out.status = static_cast<ports::HttpReply::Status>(in.at(1).get<int>());
  out.code = in.at(2);
  for (auto const& header : in.at(3)) out.headers.emplace_back(text_of(header.at(0)), text_of(header.at(1)));
  out.body = text_of(in.at(4));
  out.error = text_of(in.at(5));
  out.latency_ms = in.at(6);
  if (!in.at(7).is_null()) out.first_token_ms = in.at(7).get<double>();
  out.retries = in.at(8).get<std::vector<std::string>>();
  out.replayed = in.at(9);
  return out;
}

// No other key begins so: the rest are digests.
constexpr char kCharge = '$';

Charge charge_from(Json const& in) {
  return {in.at(0), in.at(1), in.at(2)};
}

// A program's reply begins with its status, any other with its kind.
ports::Reply reply_from(Json const& in) {
  if (in.at(0).is_string()) return http_from(in);
  ports::ExecReply out;
  out.status = static_cast<ports::ExecReply::Status>(in.at(0).get<int>());
  out.code = in.at(1);
  out.output = text_of(in.at(2));
  out.error = text_of(in.at(3));
  out.latency_ms = in.at(4);
  return out;
}

}  // namespace

Result<Journal> Journal::open(ports::Store& store, split::Seal const& seal) {
  Journal out(store, seal);
  std::int64_t next = 1;
  std::unordered_map<std::string, std::size_t> place;
  auto const read = store.scan([&](std::int64_t id, std::string_view key, std::string_view value) -> Status {
    // A number that is left out is an entry that was taken out.
    auto const plain = id == next++ ? seal.unlock(value, about(id, key)) : std::nullopt;
    if (!plain) return broken(id);
    if (!key.starts_with(kCharge)) {
      out.known_[std::string(key)] = id;
      return {};
    }
    auto const [at, fresh] = place.emplace(key, out.charges_.size());
    if (fresh) out.charges_.emplace_back();
    out.charges_[at->second] = charge_from(Json::from_cbor(*plain));
    return {};
  });
  if (!read) return fail(read.error());
  return out;
}

std::string Journal::cell_key(std::string_view who, std::string_view row_digest, std::uint32_t trial) {
  return sha256(fmt::format("cell\x1f{}\x1f{}\x1f{}", who, row_digest, trial)).substr(0, 32);
}

std::string Journal::also_key(std::string_view cell_key, std::string_view metric) {
  return sha256(fmt::format("also\x1f{}\x1f{}", cell_key, metric)).substr(0, 32);
}

std::string Journal::call_key(std::string_view cell_key, std::uint32_t step, std::string_view call_json) {
  return sha256(fmt::format("call\x1f{}\x1f{}\x1f{}", cell_key, step, call_json)).substr(0, 32);
}

Result<std::optional<std::string>> Journal::find(std::string const& key) {
  auto const at = known_.find(key);
  if (at == known_.end()) return std::nullopt;
  auto const locked = store_->value(at->second);
  if (!locked) return fail(locked.error());
  auto plain = seal_->unlock(*locked, about(at->second, key));
  if (!plain) return broken(at->second);
  return plain;
}

Result<std::optional<Cell>> Journal::cell(std::string const& key) {
  auto const plain = find(key);
  if (!plain) return fail(plain.error());
  if (!*plain) return std::nullopt;
  return cell_from(Json::from_cbor(**plain));
}

Result<std::optional<ports::Reply>> Journal::reply(std::string const& key) {
  auto const plain = find(key);
  if (!plain) return fail(plain.error());
  if (!*plain) return std::nullopt;
  return reply_from(Json::from_cbor(**plain));
}

bool Journal::whole(split::Seal const& seal, std::int64_t id, std::string_view key, std::string_view value) {
  return seal.unlock(value, about(id, key)).has_value();
}

Status Journal::copy(std::int64_t id, std::string_view key, std::string_view value) {
  auto const plain = seal_->unlock(value, about(id, key));
  return plain ? append(std::string(key), *plain) : Status{broken(id)};
}

Status Journal::append(std::string const& key, std::string const& plain) {
  return store_->append(key, seal_->lock(plain, about(store_->next_id(), key)));
}
Status Journal::put(std::string const& key, Cell const& cell) {
  return append(key, pack(cell));
}
Status Journal::put(std::string const& key, ports::Reply const& reply) {
  return append(key, pack(reply));
}
Status Journal::put(std::string const& key, Charge const& charge) {
  return append(key, packed(Json::array({charge.amount, charge.bound, charge.by})));
}

std::string Journal::new_charge() {
  if (charge_prefix_.empty()) {
    // Another process may have been cut short, so that numbers alone would come again.
    // No other process began its charges at this entry, which it would have written.
    charge_prefix_ = fmt::format("{}{:016x}", kCharge, store_->next_id());
  }
  return fmt::format("{}-{}", charge_prefix_, next_charge_++);
}

}  // namespace itera::run
