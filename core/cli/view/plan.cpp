#include "core/cli/view/plan.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/cli/view/human.hpp"
#include "core/cli/view/outlook.hpp"
#include "core/cli/view/split_audit.hpp"
#include "core/cli/view/table.hpp"
#include "core/plan/rule_text.hpp"

namespace itera::cli::view {
namespace {

using engine::RowsFrom;
using engine::Until;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kSlices = 20;  // more are for programs to read

std::string share(Rational r) {
  return fmt::format("{:.3g}%", to_double(r) * 100);
}

// Values of a slice are data: nothing of them may steer a terminal.
std::string visible(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20U || c == '\x7f') c = '?';
  return text;
}

// Words with commas between, none of the lines longer than the width.
void wrapped(std::ostream& out, std::vector<std::string> const& words, std::string_view indent) {
  std::string line;
  for (auto const& word : words) {
    auto const part = word + (&word == &words.back() ? "" : ",");
    if (!line.empty() && indent.size() + line.size() + 1 + part.size() > kWidth) {
      out << indent << line << "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + part;
  }
  out << indent << line << "\n";
}

std::string changes(plan::PlannedArm const& arm) {
  auto out = fmt::format("from {}, changes {}: {}", arm.parent, fmt::join(arm.changed, " and "), arm.summary);
  if (!arm.mechanism.empty()) out += fmt::format(" (one mechanism: {})", arm.mechanism);
  return out;
}

// What stands beside arms and metric, if anything does.
void sections(std::ostream& out, plan::Plan const& plan) {
  for (auto const& m : plan.secondaries)
    out << fmt::format("also {} by {} {}, of every judged answer\n", m.name, m.judge.info.short_name,
                       m.judge.info.version);
  if (plan.crosscheck)
    out << fmt::format("crosscheck {} dev rows by {} {}\n", plan.crosscheck->rows,
                       plan.crosscheck->judge.info.short_name, plan.crosscheck->judge.info.version);
  for (auto const& c : plan.categories)
    out << fmt::format("failure {} weight {}: {}{}\n", c.name, to_string(c.weight), c.description,
                       c.when.empty() ? "" : fmt::format(" (when {})", c.when));
  if (plan.row.severity) out << fmt::format("severity {}\n", plan.row.severity->text);
  for (auto const& t : plan.traffic) {
    std::vector<std::string> shares;
    for (auto const& [value, part] : t.shares) shares.push_back(fmt::format("{} {}", value, share(part)));
    out << fmt::format("traffic {}: {}\n", t.column, fmt::join(shares, ", "));
  }
  if (plan.budget_usd) out << fmt::format("budget ${}\n", to_string(*plan.budget_usd));
  for (auto const& a : plan.accepts) out << fmt::format("accept {}: {}\n", a.what, a.reason);
  for (auto const& sprint : plan.sprints) {
    out << fmt::format("sprint {}, outside of both locks: each iteration is registered by itself\n",
                       sprint.arm);
    for (auto const& iteration : sprint.iterations)
      out << fmt::format("  {}  {}\n", iteration.name, changes(iteration));
  }
}

std::string_view phase(Until until) {
  constexpr std::string_view names[] = {"frame", "source", "pilot", "dev", "test"};
  return names[static_cast<int>(until)];
}

void standing(std::ostream& out, std::optional<engine::Standing> const& standing) {
  if (!standing) {
    out << "not begun: nothing is locked\n";
    return;
  }
  auto const& s = *standing;
  out << fmt::format("stands in {}\n", s.folder.string());
  if (s.concluded)
    out << fmt::format("  concluded: the test was {}, and nothing runs any more\n",
                       s.opened ? "opened" : "blind and not opened");
  else
    out << fmt::format("  {} is done, {} is next{}\n", phase(s.done),
                       phase(static_cast<Until>(static_cast<int>(s.done) + 1)),
                       s.registered ? "; registered: nothing moves any more" : "");
  auto const told = [&](std::vector<std::string> const& moved, std::string_view then) {
    if (moved.empty()) return;
    out << fmt::format("  moved since the lock, {}:\n", then);
    for (auto const& change : moved) out << fmt::format("    {}\n", visible(change));
  };
  told(s.moved_frame, "so `run` refuses");
  told(s.moved_registration,
       s.registered ? "so `run` refuses" : "which `run` records as an amendment and shows in the conclusion");
}

std::string about(std::optional<std::uint64_t> n, RowsFrom from) {
  if (!n) return "unknown";
  return fmt::format("{}{}", from == RowsFrom::split ? "" : "about ", *n);
}

std::string where_rows_come_from(PlanView const& view) {
  switch (view.preview.rows_from) {
    case RowsFrom::split:
      return "as the locked split has them";
    case RowsFrom::source:
      return fmt::format(
          "of {} in the source, counted without their contents; duplicates and caps take some away",
          *view.preview.source_rows);
    case RowsFrom::sample:
      return fmt::format("`sample {} rows`; duplicates and caps may leave fewer", *view.plan.sample);
    default:
      return view.uncounted.empty()
                 ? "as many as the source gives"
                 : fmt::format("as many as the source gives, which cannot be told here: {}", view.uncounted);
  }
}

// Those with most test rows, in their own order.
std::vector<std::size_t> shown_slices(engine::Preview const& preview) {
  std::vector<std::size_t> out(preview.slices.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i;
  if (out.size() <= kSlices) return out;
  std::stable_sort(out.begin(), out.end(),
                   [&](auto a, auto b) { return preview.slices[a].test > preview.slices[b].test; });
  out.resize(kSlices);
  std::sort(out.begin(), out.end());
  return out;
}

std::string slice_name(engine::SliceRows const& slice) {
  return visible(fmt::format("{}={}", slice.column, slice.value));
}

void rows(std::ostream& out, PlanView const& view) {
  auto const& plan = view.plan;
  auto const& preview = view.preview;
  out << fmt::format("\nrows from {} {} ({})\n  {}\n", plan.source.info.short_name, plan.source.info.version,
                     plan.origin, where_rows_come_from(view));
  auto const from = preview.rows_from;
  std::vector<Line> lines{
      {"", "train", "dev", "test"},
      {"share", share(preview.shares.train), share(preview.shares.dev), share(preview.shares.test)},
      {"rows", about(preview.train, from), about(preview.dev, from), about(preview.test, from)}};
  if (preview.entities)
    lines.push_back({*plan.row.entity, std::to_string((*preview.entities)[0]),
                     std::to_string((*preview.entities)[1]), std::to_string((*preview.entities)[2])});
  for (auto const i : shown_slices(preview)) {
    auto const& slice = preview.slices[i];
    lines.push_back({slice_name(slice), std::to_string(slice.train), std::to_string(slice.dev),
                     std::to_string(slice.test)});
  }
  table(out, lines);
  if (preview.slices.size() > kSlices)
    out << fmt::format("  and {} more values, in `--format json`\n", preview.slices.size() - kSlices);
  if (preview.folds)
    out << "  fewer than 50 rows: five folds in place of train and dev; train is the reading fold, dev the "
           "other "
           "four\n";
  if (preview.too_few) out << "  fewer than 10 rows: `run` refuses\n";
  if (plan.row.slices.empty())
    out << "  no slice is declared\n";
  else if (preview.slices_from == RowsFrom::traffic)
    out << "  slices: expected, from `traffic`\n";
  else if (preview.slices.empty())
    out << "  rows by slice are known once the split is locked: `itera run --until source`, then this "
           "again\n";
  out << fmt::format("  stratified by {}; seed {}\n",
                     plan.split.stratify.empty() ? std::string("nothing")
                                                 : fmt::format("{}", fmt::join(plan.split.stratify, ", ")),
                     plan.seed);
  if (!view.standing || !view.standing->split) return;
  out << "\nthe split against production, as it was audited\n";
  auto audit = split_audit(view.standing->split->distribution_json);
  for (auto& line : audit) line.front() = visible(line.front());
  table(out, audit);
}

void arms(std::ostream& out, plan::Plan const& plan) {
  out << "\narms\n";
  for (auto const& arm : plan.arms)
    out << fmt::format(
        "  {}  {} {}, {}{}\n", arm.name, arm.actor.info.short_name, arm.actor.info.version,
        arm.baseline ? fmt::format("baseline, {}", arm.ref) : (arm.control ? "control " : "") + changes(arm),
        arm.deterministic ? " (declared deterministic, verified on dev first)" : "");
  out << fmt::format("metric {} by {} {}\n", plan.metric, plan.judge.info.short_name,
                     plan.judge.info.version);
  sections(out, plan);
}

// Nothing is known of money before an answer was paid for.
void money(std::ostream& out, PlanView const& view) {
  auto const* split = view.standing && view.standing->split ? &*view.standing->split : nullptr;
  auto const about = [](double usd) {
    return usd < 1 ? fmt::format("${:.4f}", usd) : fmt::format("${:.2f}", usd);
  };
  if (split && split->pilot_row_usd)
    out << fmt::format("  by the pilot's one row, dev costs about {} and test about {}, judging included\n",
                       about(*split->pilot_row_usd * static_cast<double>(split->dev)),
                       about(*split->pilot_row_usd * static_cast<double>(split->test)));
  else if (split && split->cost_per_row && *split->cost_per_row > 0)
    out << fmt::format("  at what dev cost a row, test costs about {}, judging included\n",
                       about(*split->cost_per_row * static_cast<double>(split->test)));
  else if (view.plan.budget_usd)
    out << "  what they cost is known after the pilot: `itera run FILE --until pilot`, then this again\n";
}

void calls(std::ostream& out, PlanView const& view) {
  auto const& preview = view.preview;
  auto const cell = [](std::optional<std::uint64_t> n) { return n ? std::to_string(*n) : std::string("?"); };
  auto const pass = [&](std::optional<std::uint64_t> n, std::uint32_t trials) {
    return n ? std::to_string(*n) : fmt::format("{} a row", trials);
  };
  out << fmt::format("\nanswers asked for{}; one that is lost is asked for again, three times in all\n",
                     preview.rows_from == RowsFrom::split ? " at most" : ", about");
  std::vector<Line> lines{{"", "trials", "pilot", "determinism", "dev", "test", "in all", "judged"}};
  std::optional<std::uint64_t> judged = 0;
  for (auto const& arm : preview.calls) {
    lines.push_back({arm.arm, std::to_string(arm.trials), std::to_string(arm.pilot), cell(arm.determinism),
                     pass(arm.dev, arm.trials), pass(arm.test, arm.trials), cell(arm.answers),
                     cell(arm.judged)});
    judged = judged && arm.judged ? std::optional(*judged + *arm.judged) : std::nullopt;
  }
  lines.push_back({"all arms", "", "", "", "", "", cell(preview.answers), cell(judged)});
  table(out, lines);
  money(out, view);
}

void power(std::ostream& out, PlanView const& view) {
  auto const& preview = view.preview;
  auto const effect = [](std::optional<double> least, std::optional<std::uint64_t> rows) {
    return !rows ? std::string("?") : least ? plan::points(*least) : std::string("none");
  };
  out << "\nwhat the test can show: the least effect (two-sided 5%, 80% power), by the share of rows on "
         "which "
         "baseline\nand arm differ; none: not even if every one of them is a win\n";
  Line head{"", "rows"}, test{"test", preview.test ? std::to_string(*preview.test) : "?"},
      needed{fmt::format("rows for {}", plan::threshold(view.plan.rule.effect, view.plan.rule.relative)), ""};
  for (auto const& line : preview.power) {
    head.push_back(fmt::format("{:.0f}%", line.discordance * 100));
    test.push_back(effect(line.detectable, preview.test));
    needed.push_back(line.rows_needed          ? fmt::format("{:.0f}", std::ceil(*line.rows_needed))
                     : view.plan.rule.relative ? std::string("?")
                                               : std::string("none"));
  }
  std::vector<Line> lines{head, test};
  for (auto const i : shown_slices(preview)) {
    auto const& slice = preview.slices[i];
    Line line{slice_name(slice), std::to_string(slice.test)};
    for (auto const& at : preview.power) line.push_back(effect(at.by_slice[i], slice.test));
    lines.push_back(std::move(line));
  }
  lines.push_back(needed);
  table(out, lines);
  out << fmt::format("  rule of thumb beside it: {}\n", preview.heuristic);
}

void locks(std::ostream& out, engine::Preview const& preview) {
  out << "\nwhat is locked when\n";
  for (auto const& lock : preview.locks) {
    out << fmt::format("  {}, {}{}\n", lock.name, lock.when,
                       lock.entry ? fmt::format(": done, ledger entry {}", *lock.entry) : "");
    wrapped(out, lock.covers, "    ");
    if (!lock.digest.empty()) out << fmt::format("    digest {}\n", lock.digest);
  }
}

}  // namespace

void human_plan(std::ostream& out, PlanView const& view) {
  out << fmt::format("experiment {}\n  {}\n", view.plan.name, view.plan.question);
  standing(out, view.standing);
  rows(out, view);
  arms(out, view.plan);
  calls(out, view);
  out << "\n";
  human_rule(out, view.plan);
  power(out, view);
  human_outlook(out, view);
  locks(out, view.preview);
}

}  // namespace itera::cli::view
