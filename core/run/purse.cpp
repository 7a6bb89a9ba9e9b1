#include "core/run/purse.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace itera::run {
namespace {

constexpr double kNano = 1e9;

// What was answered has a price; of the rest one can only say whether it may have one.
bool answered(ports::HttpReply const& reply) {
  return reply.status == ports::HttpReply::Status::done && reply.code < 400;
}

std::string end_of(ports::HttpReply const& reply) {
  return reply.status == ports::HttpReply::Status::done ? std::to_string(reply.code)
                                                        : std::string(ports::word(reply.status));
}

bool not_run(ports::ExecReply const& reply) {
  return reply.status == ports::ExecReply::Status::not_started;
}

}  // namespace

Nano nano(double usd) {
  // What decimal figures lose as binary ones is no billionth.
  auto const amount = usd * kNano;
  auto const whole = std::round(amount);
  return static_cast<Nano>(std::abs(amount - whole) < 1e-6 ? whole : std::ceil(amount));
}

double dollars(Nano amount) {
  return static_cast<double>(amount) / kNano;
}

std::string money(double usd) {
  if (usd >= 1) return fmt::format("${:.2f}", usd);
  auto out = fmt::format("${:.6f}", usd);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

Purse::Purse(Journal& journal, Rational budget_usd)
    : journal_(&journal), budget_(static_cast<Nano>(std::floor(to_double(budget_usd) * kNano + 1e-6))) {
  for (auto const& charge : journal.charges()) {
    spent_ += charge.amount;
    auto& bound = bounds_[charge.by];
    bound = std::max(bound, charge.bound);
  }
}

Status Purse::write(Hold& hold, std::string const& by) {
  auto const amount = hold.certain + hold.sunk;
  if (hold.key.empty() && amount == 0) return {};
  if (hold.key.empty()) hold.key = journal_->new_charge();
  return journal_->put(hold.key, Charge{amount, by.empty() ? 0 : hold.bound, by});
}

Status Purse::hold(Hold& hold, Nano most) {
  reserved_ += most;
  hold.certain += most;
  hold.bound += most;
  hold.paid_again = 0;
  return write(hold, {});
}

bool Purse::hold_again(Hold& hold, Nano most, std::string_view ended) {
  if (!ports::may_be_billed(ended)) return true;
  if (!affords(most)) return false;
  spent_ += most;
  hold.sunk += most;
  ++hold.paid_again;
  return write(hold, {}) && journal_->commit();
}

Status Purse::replied(Hold& hold, Nano most, ports::Reply const& reply) {
  auto const release = [&] {
    hold.certain -= most;
    reserved_ -= most;
  };
  if (auto const* exec = std::get_if<ports::ExecReply>(&reply)) {
    not_run(*exec) ? release() : void(++hold.answered);
    return {};
  }
  auto const& http = std::get<ports::HttpReply>(reply);
  auto const lost = [&](Nano amount) {
    hold.sunk += amount;
    spent_ += amount;
  };
  auto const billed = std::count_if(http.retries.begin(), http.retries.end(),
                                    [](auto const& ended) { return ports::may_be_billed(ended); });
  // A caller that did not ask made them all the same.
  bool const unasked = billed > hold.paid_again && !http.replayed;
  if (unasked) lost((billed - hold.paid_again) * most);
  if (http.replayed) {
    release();
  } else if (answered(http)) {
    ++hold.answered;
  } else {
    release();
    if (ports::may_be_billed(end_of(http))) lost(most);
  }
  return unasked ? write(hold, {}) : Status{};
}

Status Purse::settle(Hold& hold, std::string const& by, std::optional<double> cost_usd) {
  auto const certain = hold.certain;
  if (hold.answered == 0)
    hold.certain = 0;
  else if (cost_usd)
    hold.certain = hold.resumed ? std::min(hold.certain, nano(*cost_usd)) : nano(*cost_usd);
  reserved_ -= certain;
  spent_ += hold.certain;
  if (hold.certain > hold.bound && overdrawn_.empty())
    overdrawn_ = fmt::format("{} cost {}, and its calls could cost {} at most by what was said of them", by,
                             money(dollars(hold.certain)), money(dollars(hold.bound)));
  hold.bound = std::max(hold.bound, hold.certain);
  auto& bound = bounds_[by];
  bound = std::max(bound, hold.bound);
  auto const written = write(hold, by);
  hold = Hold{};
  return written;
}

Error does_not_cover(Purse const& purse, Nano most, PaidPass const& pass) {
  auto const left = pass.answers - pass.done;
  auto const needs =
      pass.done == 0
          ? std::string("what they need is not known yet")
          : fmt::format("they need about {} at what those did cost",
                        money(pass.done_usd / static_cast<double>(pass.done) * static_cast<double>(left)));
  return {ErrorClass::refused,
          fmt::format(
              "the budget of {} does not cover the next call: {} is spent, {} is reserved for answers "
              "that are not whole, and the call can cost {}; of {} answers of {} there are {}, {} are "
              "left, and {}",
              money(dollars(purse.budget())), money(dollars(purse.spent())), money(dollars(purse.reserved())),
              money(dollars(most)), pass.answers, pass.name, pass.done, left, needs),
          "what is paid for is kept; `budget` is part of the lock: before lock two a higher one is an "
          "amendment, after it a new experiment"};
}

Nano Purse::bound(std::string const& by) const {
  auto const found = bounds_.find(by);
  return found == bounds_.end() ? 0 : found->second;
}

}  // namespace itera::run
