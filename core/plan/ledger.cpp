#include "core/plan/ledger.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace itera::plan {
namespace {

using Json = nlohmann::json;

std::string digest_of(std::uint64_t seq, std::string const& kind, Json const& body,
                      std::string const& previous) {
  return sha256(canonical({{"seq", seq}, {"kind", kind}, {"body", body}, {"prev", previous}}));
}

}  // namespace

Result<Ledger> Ledger::open(std::filesystem::path file) {
  Ledger out(std::move(file));
  std::error_code ec;
  if (!std::filesystem::exists(out.file_, ec)) return out;
  auto const text = read_file(out.file_);
  if (!text) return fail(text.error());
  auto const broken = [&](std::size_t line, std::string_view why) {
    return fail(ErrorClass::invalid, fmt::format("{}:{}: {}", out.file_.string(), line, why),
                "the ledger was edited or damaged: restore it from version control; it is never rebuilt");
  };
  if (!text->empty() && text->back() != '\n')
    return broken(split_lines(*text).size(), "the last entry is cut short");
  std::size_t number = 0;
  for (auto const& line : split_lines(*text)) {
    ++number;
    auto const entry = parse_json(line, "ledger");
    if (!entry || !entry->is_object()) return broken(number, "not a ledger entry");
    try {
      LedgerEntry e{entry->at("seq"),  entry->at("kind"),   canonical(entry->at("body")),
                    entry->at("prev"), entry->at("digest"), canonical(entry->value("meta", Json::object()))};
      if (e.seq != number || e.previous != out.head())
        return broken(number, "the chain is broken: it does not follow the entry before");
      if (e.digest != digest_of(e.seq, e.kind, entry->at("body"), e.previous))
        return broken(number, "its digest does not match its body");
      out.entries_.push_back(std::move(e));
    } catch (Json::exception const&) {
      return broken(number, "not a ledger entry");
    }
  }
  return out;
}

Status Ledger::append(std::string const& kind, Json const& body, Json const& meta) {
  LedgerEntry e{entries_.size() + 1, kind, canonical(body), head(), "", canonical(meta)};
  e.digest = digest_of(e.seq, kind, body, e.previous);
  Json const line = {{"seq", e.seq},       {"kind", kind},       {"body", body},
                     {"prev", e.previous}, {"digest", e.digest}, {"meta", meta}};
  if (auto const ok = append_line(file_, canonical(line)); !ok) return ok;
  entries_.push_back(std::move(e));
  return {};
}

LedgerEntry const* Ledger::last(std::string_view kind) const {
  for (auto it = entries_.rbegin(); it != entries_.rend(); ++it)
    if (it->kind == kind) return &*it;
  return nullptr;
}

std::string Ledger::head() const {
  return entries_.empty() ? std::string(64, '0') : entries_.back().digest;
}

}  // namespace itera::plan
