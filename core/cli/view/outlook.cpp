#include "core/cli/view/outlook.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/cli/view/table.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::cli::view {
namespace {

using forecast::Outlook;
using Json = nlohmann::json;

std::string percent(double share) {
  return fmt::format("{:.0f}%", share * 100);
}

// One digit where it matters: a risk of 2.4% is not one of 2%.
std::string risk(forecast::Chance chance) {
  return fmt::format("{:.1f}%", forecast::share(chance) * 100);
}

std::string replicates(Outlook const& outlook) {
  std::uint32_t least = UINT32_MAX, most = 0;
  for (auto const& line : outlook.cells)
    for (auto const& cell : line)
      if (cell) {
        least = std::min(least, cell->ships.replicates);
        most = std::max(most, cell->ships.replicates);
      }
  return least >= most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
}

std::string columns(Outlook const& outlook) {
  return outlook.measured ? "what dev showed (middle, and 90% sure not to be more)" : "assumed";
}

void chances(std::ostream& out, Outlook const& outlook) {
  Line head{"true effect"};
  for (auto const psi : outlook.discordance) head.push_back(fmt::format("{:.3g}%", psi * 100));
  std::vector<Line> lines{head};
  for (std::size_t e = 0; e < outlook.effects.size(); ++e) {
    Line line{plan::points(outlook.effects[e])};
    for (auto const& cell : outlook.cells[e])
      line.push_back(!cell ? "-" : e == 0 ? risk(cell->ships) : percent(forecast::share(cell->ships)));
    lines.push_back(std::move(line));
  }
  Line needed{fmt::format("rows for 80% at {}", plan::points(outlook.effects.back()))};
  for (std::size_t i = 0; i < outlook.discordance.size(); ++i)
    needed.push_back(outlook.rows_needed[i]    ? std::to_string(*outlook.rows_needed[i])
                     : outlook.cells.back()[i] ? fmt::format(">{}", forecast::kMostRows)
                                               : "-");
  lines.push_back(std::move(needed));
  table(out, lines);
}

void clauses(std::ostream& out, Outlook const& outlook) {
  if (!outlook.clauses_at) return;
  out << fmt::format("  clause by clause for an arm that truly gains {} ({:.3g}% of rows differ):\n",
                     plan::points(outlook.effects.back()), *outlook.clauses_at * 100);
  std::vector<Line> lines;
  for (auto const& c : outlook.clauses)
    if (c.judged > 0 && c.id != "C0") {
      auto clause = fmt::format("{}  {}", c.id, c.clause);
      std::replace_if(
          clause.begin(), clause.end(),
          [](char ch) { return static_cast<unsigned char>(ch) < 0x20U || ch == '\x7f'; }, '?');
      lines.push_back({"  " + clause, percent(static_cast<double>(c.passed) / c.judged)});
    }
  table(out, lines);
}

void assumptions(std::ostream& out, Outlook const& outlook) {
  out << fmt::format(
      "  made up: {} test sets a figure, scores of 0 and 1; {} of rows waver between trials; of the others "
      "the\n"
      "    baseline passes {}, {}\n",
      replicates(outlook), percent(outlook.noisy), percent(outlook.baseline),
      outlook.measured ? "as on dev" : "or less where a gain needs it");
  if (outlook.rows_per_entity > 1)
    out << fmt::format("  {} rows an entity, two of them alike in {} of the cases (assumed)\n",
                       outlook.rows_per_entity, percent(outlook.alike * outlook.alike));
  if (outlook.categories > 1)
    out << fmt::format("  failures fall evenly on the {} categories (assumed)\n", outlook.categories);
  for (auto const& clause : outlook.assumed) out << fmt::format("  taken to hold: {}\n", clause);
}

void floors(std::ostream& out, PlanView const& view) {
  auto const& p = view.preview;
  if (!p.floor_rows_without_gain || view.plan.row.slices.empty()) return;
  out << fmt::format(
      "  a floor of -{:.3g}pp by interval takes {:.0f} test rows of a slice that gains nothing",
      p.margin * 100, std::ceil(*p.floor_rows_without_gain));
  if (p.floor_rows_with_gain)
    out << fmt::format(", {:.0f} of one that gains {}", std::ceil(*p.floor_rows_with_gain),
                       plan::threshold(view.plan.rule.effect, false));
  out << " (10% of rows differ)\n";
}

std::optional<std::size_t> rows_missing(PlanView const& view) {
  std::size_t most = 0;
  for (auto const& rows : view.preview.outlook.rows_needed) most = std::max(most, rows.value_or(0));
  if (!view.preview.test || most <= *view.preview.test) return std::nullopt;
  return most - *view.preview.test;
}

void verdict_on_size(std::ostream& out, PlanView const& view) {
  auto const& p = view.preview;
  if (auto const missing = rows_missing(view)) {
    out << fmt::format("  still missing for 80% in every column: {} test rows", *missing);
    if (p.cost_per_test_row)
      out << fmt::format(", about ${:.2f} at what dev cost a row",
                         *p.cost_per_test_row * static_cast<double>(*missing));
    out << "\n";
  }
  if (!p.best_case) return;
  if (forecast::too_small(*p.best_case)) {
    out << fmt::format(
        "  too small: at best, where every row that differs is a win, an arm of twice the threshold ships in "
        "{};\n    ",
        forecast::words(p.best_case->ships));
    out << (p.best_rows ? fmt::format("80% takes {} test rows", *p.best_rows)
                        : fmt::format("80% takes more than {} test rows", forecast::kMostRows));
    out << (p.accepted ? "; accepted as underpowered\n" : "; `run` refuses it\n");
    return;
  }
  auto const& twice = p.outlook.cells.back();
  auto const likely = [](auto const& cell) {
    return cell && forecast::share(cell->ships) >= forecast::kLeastChance;
  };
  if (std::none_of(twice.begin(), twice.end(), likely))
    out << "  weak: an arm of twice the threshold ships less often than not, whatever the share of rows that "
           "differ\n";
}

Json chance(forecast::Chance c) {
  return {{"share", forecast::share(c)}, {"replicates", c.replicates}};
}

}  // namespace

void human_outlook(std::ostream& out, PlanView const& view) {
  auto const& outlook = view.preview.outlook;
  out << "\nwhat the whole rule would do, by simulation\n";
  if (!view.unforeseen.empty() || !outlook.not_made.empty()) {
    out << fmt::format("  not simulated: {}\n", view.unforeseen.empty() ? outlook.not_made : view.unforeseen);
    floors(out, view);
    return;
  }
  out << fmt::format(
      "  how often the arm ships, by its true effect and the share of rows that truly differ, {};\n"
      "  the line of +0.0pp is the risk of shipping{}; -: so few rows that differ cannot make it up\n",
      columns(outlook), plan::candidates(view.plan) > 1 ? " any of the arms for nothing" : " for nothing");
  chances(out, outlook);
  clauses(out, outlook);
  assumptions(out, outlook);
  floors(out, view);
  verdict_on_size(out, view);
}

Json outlook_json(PlanView const& view) {
  auto const& p = view.preview;
  auto const& o = p.outlook;
  Json out = {{"floor_rows",
               {{"margin", p.margin},
                {"without_gain", p.floor_rows_without_gain ? Json(*p.floor_rows_without_gain) : Json()},
                {"with_gain", p.floor_rows_with_gain ? Json(*p.floor_rows_with_gain) : Json()}}}};
  auto const why = view.unforeseen.empty() ? o.not_made : view.unforeseen;
  out["not_simulated"] = why.empty() ? Json() : Json(why);
  if (!why.empty()) return out;
  Json effects = Json::array();
  for (std::size_t e = 0; e < o.effects.size(); ++e) {
    Json cells = Json::array();
    for (auto const& cell : o.cells[e])
      cells.push_back(cell ? Json{{"ships", chance(cell->ships)}, {"narrow", chance(cell->narrow)}} : Json());
    effects.push_back({{"true_effect", o.effects[e]}, {"by_discordance", cells}});
  }
  Json needed = Json::array();
  for (auto const& rows : o.rows_needed) needed.push_back(rows ? Json(*rows) : Json());
  Json clauses = Json::array();
  for (auto const& c : o.clauses)
    clauses.push_back({{"check", c.id}, {"clause", c.clause}, {"passed", c.passed}, {"judged", c.judged}});
  out["discordance"] = o.discordance;
  out["discordance_from"] = o.measured ? "dev" : "assumed";
  out["effects"] = effects;
  out["rows_for_80_percent"] = needed;
  out["clauses"] = clauses;
  out["clauses_at"] = o.clauses_at ? Json(*o.clauses_at) : Json();
  out["assumed"] = {
      {"baseline", o.baseline},     {"noisy", o.noisy},           {"rows_per_entity", o.rows_per_entity},
      {"alike", o.alike * o.alike}, {"categories", o.categories}, {"clauses", o.assumed}};
  auto const missing = rows_missing(view);
  out["rows_missing"] = missing ? Json(*missing) : Json();
  out["cost_per_test_row_usd"] = p.cost_per_test_row ? Json(*p.cost_per_test_row) : Json();
  out["best_case"] = p.best_case ? Json{{"ships", chance(p.best_case->ships)},
                                        {"too_small", forecast::too_small(*p.best_case)},
                                        {"accepted", p.accepted},
                                        {"rows_for_80_percent", p.best_rows ? Json(*p.best_rows) : Json()}}
                                 : Json();
  return out;
}

}  // namespace itera::cli::view
