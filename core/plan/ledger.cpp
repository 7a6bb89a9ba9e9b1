#include "core/plan/ledger.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"

namespace itera::plan {
namespace {

using Json = nlohmann::json;

std::string digest_of(std::uint64_t seq, std::string const& kind, Json const& body,
                      std::string const& previous) {
  return sha256(canonical({{"seq", seq}, {"kind", kind}, {"body", body}, {"prev", previous}}));
}

}  // namespace

Result<Ledger> Ledger::open(std::filesystem::path file, std::optional<std::uint64_t> acknowledged) {
  Ledger out(std::move(file));
  std::error_code ec;
  if (!std::filesystem::exists(out.file_, ec)) return out;
  auto const text = read_file(out.file_);
  if (!text) return fail(text.error());
  auto const broken = [&](std::size_t line, std::string_view why) {
    return fail(ErrorClass::invalid, fmt::format("{}:{}: {}", out.file_.string(), line, why),
                "the ledger was edited or damaged: restore it from version control; it is never rebuilt");
  };
  for (std::string_view rest = *text; !rest.empty();) {
    auto const end = rest.find('\n');
    auto read = end == rest.npos
                    ? Result<LedgerEntry>(fail(ErrorClass::invalid, "the last entry is cut short"))
                    : out.entry_from(rest.substr(0, end));
    if (!read) {
      // One entry at a time is under way, so only what follows all acknowledged ones can be unfinished. A
      // file grows before its bytes are written: blocks that were not are zeros, which no entry holds.
      bool const unfinished = end == rest.npos || rest.find('\0') != rest.npos;
      if (unfinished && acknowledged && out.entries_.size() >= *acknowledged) {
        out.torn_ = rest.size();
        return out;
      }
      return broken(out.entries_.size() + 1, read.error().what);
    }
    out.entries_.push_back(std::move(*read));
    rest.remove_prefix(end + 1);
  }
  return out;
}

// The next entry of the chain; the Error says what is wrong with the line.
Result<LedgerEntry> Ledger::entry_from(std::string_view line) const {
  auto const broken = [](char const* why) { return fail(ErrorClass::invalid, why); };
  auto const entry = parse_json(line, "ledger");
  if (!entry || !entry->is_object()) return broken("not a ledger entry");
  try {
    LedgerEntry out{entry->at("seq"),  entry->at("kind"),   canonical(entry->at("body")),
                    entry->at("prev"), entry->at("digest"), canonical(entry->value("meta", Json::object()))};
    if (out.seq != entries_.size() + 1 || out.previous != head())
      return broken("the chain is broken: it does not follow the entry before");
    if (out.digest != digest_of(out.seq, out.kind, entry->at("body"), out.previous))
      return broken("its digest does not match its body");
    return out;
  } catch (Json::exception const&) {
    return broken("not a ledger entry");
  }
}

Status Ledger::cut_torn() {
  std::error_code ec;
  auto const size = std::filesystem::file_size(file_, ec);
  if (ec || size < torn_)
    return fail(ErrorClass::unavailable, fmt::format("cannot cut {}: it changed meanwhile", file_.string()));
  if (auto const ok = cut_file(file_, size - torn_); !ok) return ok;
  torn_ = 0;
  return {};
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
