#include "core/cli/view/pass_line.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace itera::cli::view {
namespace {

std::string plural(std::uint64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string spent(double cost_usd, std::uint64_t errors) {
  std::string out;
  if (cost_usd > 0)
    out += cost_usd < 0.1 ? fmt::format(", ${:.4f}", cost_usd) : fmt::format(", ${:.2f}", cost_usd);
  if (errors > 0) out += ", " + plural(errors, "error");
  return out;
}

}  // namespace

std::string duration(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  auto const minutes = std::llround(seconds / 60);
  if (minutes < 90) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string pass_line(ports::PassState const& pass) {
  auto out = fmt::format("{}: {} of {}", pass.name, pass.done, plural(pass.total, "answer"));
  if (pass.per_second > 0) {
    out += fmt::format(", {:.{}f}/s", pass.per_second, pass.per_second < 10 ? 1 : 0);
    if (pass.done < pass.total)
      out +=
          fmt::format(", {} left", duration(static_cast<double>(pass.total - pass.done) / pass.per_second));
  }
  double cost = 0;
  std::uint64_t errors = 0;
  for (auto const& arm : pass.arms) {
    cost += arm.cost_usd;
    errors += arm.errors;
  }
  return out + spent(cost, errors);
}

std::string pass_begin(ports::PassState const& pass) {
  return fmt::format("{}: {} ({}, {}, {})", pass.name, plural(pass.total, "answer"),
                     plural(pass.arms.size(), "arm"), plural(pass.rows, "row"), plural(pass.trials, "trial"));
}

std::vector<std::string> pass_block(ports::PassState const& pass, std::size_t columns) {
  std::size_t widest = 0;
  for (auto const& arm : pass.arms) widest = std::max(widest, arm.name.size());
  std::vector<std::string> out{"  " + pass_line(pass)};
  if (pass.arms.size() > 1)
    for (auto const& arm : pass.arms)
      out.push_back(fmt::format("    {:<{}}  {} of {}{}", arm.name, widest, arm.done, arm.total,
                                spent(arm.cost_usd, arm.errors)));
  for (auto& line : out) line = line.substr(0, columns);
  return out;
}

}  // namespace itera::cli::view
