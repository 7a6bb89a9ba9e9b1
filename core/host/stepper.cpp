#include "core/host/stepper.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/json_scan.hpp"

namespace itera::host {
namespace {

using Kind = ports::StepResult::Kind;
using StepFunction = itera_status (*)(itera_instance*, itera_call const*, itera_items const*);

constexpr std::string_view kText = "text/plain; charset=utf-8";

itera_str optional(std::optional<std::string_view> const& text) {
  return text ? borrow(*text) : itera_str{nullptr, 0};
}

std::vector<itera_item> to_abi(std::span<ports::StepItem const> items, bool judge) {
  std::vector<itera_item> out;
  out.reserve(items.size());
  for (auto const& from : items) {
    itera_item item{};
    item.handle = from.handle;
    item.seed = from.seed;
    item.trial = from.trial;
    item.step = from.step;
    item.row = borrow(from.row);
    item.state = optional(from.state);
    item.reply = optional(from.reply);
    // By construction an arm sees no answer, and a judge learns neither the row's key nor the arm's name.
    if (judge) {
      item.output = {borrow(kText), borrow(from.output)};
      item.expected = optional(from.expected);
      item.label = borrow(from.label);
    } else {
      item.key = borrow(from.key);
    }
    out.push_back(item);
  }
  return out;
}

std::optional<Kind> kind_of(std::int32_t emitted, bool judge) {
  switch (emitted) {
    case ITERA_EMIT_CALL:
      return Kind::call;
    case ITERA_EMIT_ANSWER:
      return judge ? std::nullopt : std::optional(Kind::answer);
    case ITERA_EMIT_SCORE:
      return judge ? std::optional(Kind::score) : std::nullopt;
    case ITERA_EMIT_ERROR:
      return Kind::error;
    default:
      return std::nullopt;
  }
}

std::string_view word(std::int32_t emitted) {
  constexpr std::string_view words[] = {"nothing", "a call", "an answer", "a score", "an error"};
  return emitted >= 0 && emitted < 5 ? words[emitted] : "something of an unknown kind";
}

bool is_object(std::string const& json) {
  auto const start = json.find_first_not_of(" \t\r\n");
  return start != json.npos && json[start] == '{' && (scan_object(json) || nlohmann::json::accept(json));
}

// The contract: each item of the batch exactly once, of a kind that fits, as a JSON object.
Status check(std::vector<Exchange::Emission>& emitted, std::span<ports::StepItem const> items,
             Instance const& instance, bool judge, std::vector<ports::StepResult>& out) {
  std::vector<std::uint64_t> wanted;
  wanted.reserve(items.size());
  for (auto const& item : items) wanted.push_back(item.handle);
  std::sort(wanted.begin(), wanted.end());
  std::stable_sort(emitted.begin(), emitted.end(),
                   [](auto const& a, auto const& b) { return a.handle < b.handle; });
  for (std::size_t i = 0; i < emitted.size(); ++i) {
    auto& emission = emitted[i];
    if (!std::binary_search(wanted.begin(), wanted.end(), emission.handle))
      return instance.broken(fmt::format("gave {} for handle {}, which it was not asked for",
                                         word(emission.kind), emission.handle));
    if (i > 0 && emitted[i - 1].handle == emission.handle)
      return instance.broken(fmt::format("gave two results for one item (handle {})", emission.handle));
    auto const kind = kind_of(emission.kind, judge);
    if (!kind)
      return instance.broken(
          fmt::format("gave {}, which {} cannot give", word(emission.kind), judge ? "a judge" : "an arm"));
    if (!is_object(emission.json))
      return instance.broken(fmt::format(
          "gave {} that is no JSON object: {}", word(emission.kind),
          emission.json.empty() ? "nothing"
                                : nlohmann::json(emission.json.substr(0, 80))
                                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
  }
  if (emitted.size() < wanted.size())
    return instance.broken(
        fmt::format("gave no result for {} of {} items", wanted.size() - emitted.size(), wanted.size()));
  for (auto& emission : emitted)
    out.push_back({emission.handle, *kind_of(emission.kind, judge), std::move(emission.json)});
  return {};
}

Result<std::vector<ports::StepResult>> step_all(Instance const& instance, StepFunction step,
                                                std::span<ports::StepItem const> items, bool judge) {
  std::vector<ports::StepResult> out;
  out.reserve(items.size());
  auto const most = instance.max_batch() == 0 ? items.size() : instance.max_batch();
  for (std::size_t from = 0; from < items.size(); from += most) {
    auto const batch = items.subspan(from, std::min<std::size_t>(most, items.size() - from));
    auto const lent = to_abi(batch, judge);
    itera_items const raw{sizeof raw, 0, lent.size(), sizeof(itera_item), lent.data()};
    Exchange exchange(instance.cancelled());
    exchange.emissions.reserve(lent.size());
    if (auto s = instance.call(exchange, [&] { return step(instance.raw(), exchange.raw(), &raw); }); !s)
      return fail(s.error());
    if (auto s = check(exchange.emissions, batch, instance, judge, out); !s) return fail(s.error());
  }
  std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.handle < b.handle; });
  return out;
}

}  // namespace

Result<std::vector<ports::StepResult>> PluginArm::step(std::span<ports::StepItem const> items) {
  return step_all(*instance_, static_cast<itera_arm_v1 const*>(instance_->table())->step, items, false);
}

Result<std::vector<ports::StepResult>> PluginJudge::step(std::span<ports::StepItem const> items) {
  return step_all(*instance_, static_cast<itera_judge_v1 const*>(instance_->table())->step, items, true);
}

Result<std::optional<std::string>> PluginArm::prepare() {
  auto const* table = static_cast<itera_arm_v1 const*>(instance_->table());
  if (!ITERA_HAS(table, prepare)) return std::nullopt;
  Exchange exchange(instance_->cancelled());
  if (auto s = instance_->call(exchange, [&] { return table->prepare(instance_->raw(), exchange.raw()); });
      !s)
    return fail(s.error());
  if (exchange.documents.empty()) return std::nullopt;
  if (exchange.documents.size() > 1) return instance_->broken("asked for two preparations");
  auto const document = parse_json(exchange.documents.front(), "the preparation");
  if (!document || !document->is_object() || !document->contains("exec") || !document->at("exec").is_object())
    return instance_->broken("asked for a preparation that is not {\"exec\": {...}}");
  return std::move(exchange.documents.front());
}

}  // namespace itera::host
