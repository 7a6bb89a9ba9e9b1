#include "rows_table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "html.hpp"

namespace itera::html {
namespace {

// The columns of the table, here and in the script: what stands in front, then for each arm score, change
// (not of the baseline), failures, cost and latency. A column that would say the same everywhere is left out;
// those marked `extra` are shown on request.
struct Columns {
  bool classes = false, weights = false, failures = false;
};

Columns columns_of(Selection const& selection) {
  Columns out;
  for (auto const& row : selection.rows) {
    out.classes = out.classes || row.row_class.has_value();
    out.weights = out.weights || row.weight != 1;
    for (auto const& cell : row.arms)
      out.failures = out.failures || !cell.failures.empty() || !cell.error.empty();
  }
  return out;
}

std::string head_cell(std::string_view sort, std::string_view name, std::string_view classes = "") {
  return fmt::format(R"(<th scope="col" data-sort="{}"{}>{}</th>)", sort,
                     classes.empty() ? "" : fmt::format(R"( class="{}")", classes), escape(name));
}

std::string head(Selection const& selection, std::vector<std::string> const& arms, Columns columns) {
  auto const lead = 2U + selection.columns.size() + (columns.classes ? 1 : 0) + (columns.weights ? 1 : 0);
  std::string groups = fmt::format(R"(<tr class="groups"><td colspan="{}"></td>)", lead);
  std::string names = head_cell("key", "key", "key") + head_cell("split", "split");
  if (columns.classes) names += head_cell("class", "class");
  for (std::size_t i = 0; i < selection.columns.size(); ++i)
    names += head_cell(fmt::format("slice:{}", i), selection.columns[i]);
  if (columns.weights) names += head_cell("weight", "weight", "n");
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    groups += fmt::format(R"(<th scope="colgroup" class="arm" colspan="{0}" data-columns="{0}">{1}{2}</th>)",
                          1 + (arm ? 1 : 0) + (columns.failures ? 1 : 0), isolated(arms[arm]),
                          arm ? "" : " <span class=\"quiet\">baseline</span>");
    auto const add = [&](std::string_view what, std::string_view heading, std::string_view style) {
      names += head_cell(fmt::format("{}:{}", what, arm), heading, style);
    };
    add("score", "score", "n first");
    if (arm) add("flip", "change", "");
    if (columns.failures) add("failures", "failures", "");
    add("cost", "cost", "n extra");
    add("latency", "latency", "n extra");
  }
  return fmt::format("<thead>\n{}</tr>\n<tr class=\"names\">{}</tr>\n</thead>\n", groups, names);
}

std::string score(ArmCell const& cell) {
  if (cell.scored == 0) return cell.trials == 0 ? "" : "no score";
  auto const mean = percent(cell.score_sum / cell.scored);
  return cell.trials < 2
             ? mean
             : fmt::format("{} <span class=\"quiet\">{}/{}</span>", mean, cell.passed, cell.trials);
}

std::string failures(ArmCell const& cell) {
  std::string out;
  for (auto const& failure : cell.failures)
    out += fmt::format("<span class=\"tag\">{}</span> ", isolated(visible(failure, 60)));
  if (!cell.error.empty())
    out += fmt::format("<span class=\"tag error\">{}</span>", isolated(visible(cell.error, 60)));
  return out;
}

std::string flip(Flip flip) {
  return flip == Flip::win    ? chip("win")
         : flip == Flip::loss ? chip("loss")
         : flip == Flip::same ? "same"
                              : "";
}

std::string body_row(TableRow const& row, Columns columns) {
  auto out = fmt::format(R"(<tr><th scope="row" class="key">{}</th><td>{}</td>)",
                         isolated(visible(row.key, 80)), row.test ? "test" : "dev");
  if (columns.classes) out += fmt::format("<td>{}</td>", isolated(visible(row.row_class.value_or(""), 60)));
  for (auto const& slice : row.slices) out += fmt::format("<td>{}</td>", isolated(visible(slice, 60)));
  if (columns.weights) out += fmt::format("<td class=\"n\">{:g}</td>", row.weight);
  for (std::size_t i = 0; i < row.arms.size(); ++i) {
    auto const& cell = row.arms[i];
    out += fmt::format("<td class=\"n first\">{}</td>", score(cell));
    if (i > 0) out += fmt::format("<td>{}</td>", flip(cell.flip));
    if (columns.failures) out += fmt::format("<td>{}</td>", failures(cell));
    out += fmt::format("<td class=\"n extra\">{}</td><td class=\"n extra\">{}</td>",
                       cell.cost_usd ? money(*cell.cost_usd) : "",
                       cell.latency_ms ? number(*cell.latency_ms) + " ms" : "");
  }
  return out + "</tr>\n";
}

constexpr std::string_view kFilters = R"(<form id="filters" class="filters" hidden>
<label>Key contains <input type="search" name="key" autocomplete="off" spellcheck="false"></label>
<label>Split <select name="split"><option value="">test and dev</option><option value="1">test</option><option value="0">dev</option></select></label>
<label>Arm <select name="arm"><option value="">any arm</option></select></label>
<label>Change <select name="flip"><option value="">any</option><option value="changed">win or loss</option><option value="1">win</option><option value="-1">loss</option><option value="0">same</option></select></label>
<label>Failure <select name="failure"><option value="">any</option></select></label>
<label>Slice <select name="slice"><option value="">any</option></select></label>
<label>Class <select name="class"><option value="">any</option></select></label>
<label class="check"><input type="checkbox" name="extra"> Cost and latency</label>
<button type="reset">Clear filters</button>
</form>
<p id="count" class="count" role="status" aria-live="polite"></p>
)";

constexpr std::string_view kPager = R"(<nav id="pager" class="pager" aria-label="Pages of rows" hidden>
<button type="button" name="previous">Previous</button> <span id="page"></span> <button type="button" name="next">Next</button>
</nav>
)";

std::string shown(Selection const& s) {
  auto const all = s.rows_in_all;
  auto out = fmt::format(
      "<p>Showing {} of {} rows; <code>rows.jsonl</code> has all. First the rows where an "
      "arm changes the baseline's outcome ({} of {}), then those that fail somewhere ({} of "
      "{}), then the rest ({} of {}); in each, test before dev, then by key. Rows have no "
      "text of inputs or outputs.</p>\n",
      count(all.shown), count(all.all), count(s.ranks[0].shown), count(s.ranks[0].all),
      count(s.ranks[1].shown), count(s.ranks[1].all), count(s.ranks[2].shown), count(s.ranks[2].all));
  if (s.classes_left_out)
    out +=
        fmt::format("<p>The expected answers are left out: more than {} different ones are no classes.</p>\n",
                    kMostClasses);
  return out;
}

}  // namespace

std::string rows_table(Selection const& selection, std::vector<std::string> const& arms) {
  if (!selection.problem.empty())
    return fmt::format("<p class=\"note\">There is no table of rows: {}.</p>\n", escape(selection.problem));
  if (selection.rows.empty())
    return fmt::format("<p class=\"note\">There is no table of rows: none of {} is to be shown.</p>\n",
                       count(selection.rows_in_all.all));
  auto const columns = columns_of(selection);
  auto const data = rows_json(selection, arms);
  auto out = shown(selection);
  out += kFilters;
  auto const first = std::min(kRowsPerPage, selection.rows.size());
  if (first < selection.rows.size())
    out += fmt::format(
        "<noscript><p class=\"note\">Without scripts, this table has its first {} rows and "
        "cannot be filtered or sorted.</p></noscript>\n",
        first);
  out += fmt::format(
      "<div class=\"scroll rows\" role=\"group\" aria-label=\"Rows\" tabindex=\"0\">\n<table "
      "id=\"row-table\"{}{}{}>\n<caption>Rows by split, slice and category</caption>\n{}<tbody>\n",
      columns.classes ? " data-classes" : "", columns.weights ? " data-weights" : "",
      columns.failures ? " data-failures" : "", head(selection, arms, columns));
  for (std::size_t i = 0; i < first; ++i) out += body_row(selection.rows[i], columns);
  out += "</tbody>\n</table>\n</div>\n";
  out += kPager;
  return out +
         fmt::format("<script type=\"application/json\" id=\"row-data\">{}</script>\n", script_json(data));
}

}  // namespace itera::html
