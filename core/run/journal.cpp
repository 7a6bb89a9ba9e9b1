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

std::string pack(Cell const& cell) {
  Json out =
      Json::array({static_cast<int>(cell.ending), cell.score, cell.passed, cell.failures, cell.rest->error,
                   Json::binary({cell.rest->output.begin(), cell.rest->output.end()}),
                   cell.cost_usd ? Json(*cell.cost_usd) : Json(),
                   cell.rest->tokens ? Json::array({cell.rest->tokens->in, cell.rest->tokens->out}) : Json(),
                   cell.latency_ms, cell.attempts});
  return packed(out);
}

Cell cell_from(Json const& in) {
  Cell out;
  out.ending = static_cast<Ending>(in.at(0).get<int>());
  out.score = in.at(1);
  out.passed = in.at(2);
  auto& rest = out.rest.edit();
  out.failures = in.at(3).get<std::vector<std::string>>();
  rest.error = in.at(4);
  auto const& output = in.at(5).get_binary();
  rest.output.assign(output.begin(), output.end());
  if (!in.at(6).is_null()) out.cost_usd = in.at(6).get<double>();
  if (!in.at(7).is_null()) rest.tokens = Tokens{in.at(7).at(0), in.at(7).at(1)};
  out.latency_ms = in.at(8);
  out.attempts = in.at(9);
  out.rest.shrink();
  return out;
}

std::string pack(ports::ExecReply const& reply) {
  return packed(Json::array({static_cast<int>(reply.status), reply.code,
                             Json::binary({reply.output.begin(), reply.output.end()}),
                             Json::binary({reply.error.begin(), reply.error.end()}), reply.latency_ms}));
}

ports::ExecReply reply_from(Json const& in) {
  ports::ExecReply out;
  out.status = static_cast<ports::ExecReply::Status>(in.at(0).get<int>());
  out.code = in.at(1);
  auto const& output = in.at(2).get_binary();
  out.output.assign(output.begin(), output.end());
  auto const& error = in.at(3).get_binary();
  out.error.assign(error.begin(), error.end());
  out.latency_ms = in.at(4);
  return out;
}

}  // namespace

Result<Journal> Journal::open(ports::Store& store, split::Seal const& seal) {
  Journal out(store, seal);
  std::int64_t next = 1;
  auto const read = store.scan([&](std::int64_t id, std::string_view key, std::string_view value) -> Status {
    // A number that is left out is an entry that was taken out.
    if (id != next++ || !seal.unlock(value, about(id, key))) return broken(id);
    out.known_[std::string(key)] = id;
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

Result<std::optional<ports::ExecReply>> Journal::reply(std::string const& key) {
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
Status Journal::put(std::string const& key, ports::ExecReply const& reply) {
  return append(key, pack(reply));
}

}  // namespace itera::run
