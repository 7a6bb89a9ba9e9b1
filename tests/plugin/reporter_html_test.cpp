// conclusion.html as bytes: what is in it, in which order, and that no text of an experiment can become
// mark-up. How it behaves in a browser is tested in tests/browser.
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Json = nlohmann::json;

// Two arms on four test rows; every member that the page reads.
Json evidence() {
  return Json::parse(R"json({
    "schema": 1,
    "experiment": {"name": "router", "question": "Better?", "hypothesis": "Yes.", "metric": "accuracy", "origin": "production",
      "threshold_pct": 5.0, "threshold_rule": "ship when effect on accuracy >= 5pp", "test_set_n": 1506, "trials_per_arm": 3},
    "arms": [
      {"id": "old", "name": "old", "baseline": true, "from": "", "summary": "", "ref": "rules.py:1", "changed": [], "cost_per_1k_usd": 0.5},
      {"id": "new", "name": "new", "baseline": false, "from": "old", "summary": "more words", "ref": "", "changed": ["program"],
       "cost_per_1k_usd": null}],
    "slices": [{"id": "tier=ent", "name": "tier=ent", "production_share": 0.7, "major": true, "n": 1000}],
    "failure_modes": {"registered_at_phase_2": true, "categories": [{"id": "wrong", "name": "another answer", "severity_weight": 2.0}],
      "test_set_counts": {"old": {"wrong": 388.3333333}, "new": {"wrong": 301.0}}},
    "severity": null,
    "test_set_aggregate": {"old": 0.7423, "new": 0.8012},
    "test_set_per_slice": {"old": {"tier=ent": 0.75}, "new": {"tier=ent": 0.74}},
    "variance_trials": {"old": [0.74, 0.75, 0.74], "new": [0.8, 0.8, 0.8]},
    "effect_sizes": {"new": {"aggregate": {"delta": 0.0589, "ci_low": 0.041, "ci_high": 0.0768, "n": 1506, "excluded": 0},
      "per_slice": {"tier=ent": {"delta": -0.01, "ci_low": -0.03, "ci_high": 0.01, "n": 1000, "excluded": 0, "status": "pass",
        "floor": -0.02, "by_point": "pass", "by_interval": "fail", "by_harm": "pass"}}}},
    "arm_verdicts": {"new": {"outcome": "inconclusive", "decided_by": "C3", "checks": [
        {"id": "C1", "clause": "effect on accuracy >= 5pp", "status": "pass", "evidence": "+5.9pp"},
        {"id": "C3", "clause": "evidence, one-sided p <= 0.025", "status": "unproven", "evidence": "p 0.03 of `new`"}],
      "p": 0.03, "p_holm": 0.03, "p_sign_flip": 0.031, "s_noise": 0.0123, "rows_needed": 2100.0, "detectable": 0.062,
      "ships_for": [], "not_for": []}},
    "endings": {"old": {"arm_errors": 0, "judge_errors": 0, "missing": 0}, "new": {"arm_errors": 2, "judge_errors": 0, "missing": 1}},
    "verdict": {"outcome": "inconclusive", "winner": null, "killed": [], "decided_by": "C3", "deciding_clause": "C3 evidence is not shown",
      "rationale": "`new` is inconclusive.", "not_shown": "an effect of 5pp", "next": "keep `old`"},
    "rule": [{"check": "C1", "implied": false, "text": "effect on accuracy >= 5pp"},
             {"check": "C3", "implied": true, "text": "evidence: one-sided p <= 0.025"}],
    "dev": {"n": 998, "scores": {"old": 0.7, "new": 0.75}, "trials": {"old": [0.7, 0.7], "new": [0.75, 0.75]},
      "effects": {"new": {"delta": 0.05, "ci_low": 0.01, "ci_high": 0.09, "n": 998, "excluded": 0, "p_exploratory": 0.01, "s_noise": 0.0}},
      "endings": {"old": {"arm_errors": 0, "judge_errors": 0, "missing": 0}, "new": {"arm_errors": 0, "judge_errors": 0, "missing": 0}}},
    "self_audit": [{"line": "pilot passed", "answer": "yes", "evidence": "ledger entry 1 `pilot`"},
                   {"line": "cross-judge", "answer": "not applicable", "evidence": "`exact` is deterministic"}],
    "ledger": [{"seq": 1, "kind": "framed", "digest": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "body": {"name": "router"}},
               {"seq": 2, "kind": "amended", "digest": "ffff", "body": {"changes": ["arms: `new` was <changed>"]}}],
    "digests": {"frame": "aa", "plan": "bb", "ledger": "cc"},
    "meta": {"latency": {"old": {"mean_ms": 1.0, "p50_ms": 0.9, "p95_ms": 2.0, "calls": 3}, "new": null}}
  })json");
}

struct Record {
  std::string key, arm = "old", split = "test", row_class = "a", tier = "ent", ending = "scored";
  int trial = 0;
  bool passed = true;
  std::vector<std::string> failures = {};
  std::string error = {};
};

std::string line(Record const& r) {
  bool const scored = r.ending == "scored" || r.ending == "arm_error";
  return Json{{"split", r.split},
              {"key", r.key},
              {"arm", r.arm},
              {"trial", r.trial},
              {"ending", r.ending},
              {"slices", {{"tier", r.tier}}},
              {"entity", 0},
              {"weight", 1},
              {"failures", r.failures},
              {"class", r.row_class},
              {"score", scored ? Json(r.passed ? 1.0 : 0.0) : Json()},
              {"passed", scored ? Json(r.passed) : Json()},
              {"cost_usd", 0.0005},
              {"tokens", nullptr},
              {"error", r.error.empty() ? Json() : Json(r.error)},
              {"meta", {{"latency_ms", 1.5}, {"attempts", 1}}}}
             .dump() +
         "\n";
}

/// A row on which both arms have one trial.
std::string row(std::string const& key, bool old_passed, bool new_passed, std::string const& split = "test") {
  return line({.key = key, .split = split, .passed = old_passed}) +
         line({.key = key, .arm = "new", .split = split, .passed = new_passed});
}

class HtmlReport : public ::testing::Test {
 protected:
  std::string page(Json document, std::string const& rows, int most = 2000) {
    document["records"] = {{"path", folder_.write("rows.jsonl", rows).string()}};
    return of(document, most);
  }
  std::string of(Json const& document, int most = 2000) {
    auto reporter = plugins_.reporter("html", fmt::format(R"({{"rows": {}}})", most));
    EXPECT_TRUE(reporter) << (reporter ? "" : reporter.error().what);
    auto const files = (*reporter)->write(document.dump());
    EXPECT_TRUE(files) << (files ? "" : files.error().what);
    if (!files || files->size() != 1) return {};
    EXPECT_EQ(files->front().path, "conclusion.html");
    return files->front().bytes;
  }

  TempFolder folder_;
  Plugins plugins_;
};

std::string between(std::string const& text, std::string const& begin, std::string const& end) {
  auto const from = text.find(begin);
  if (from == text.npos) return "nothing begins with " + begin;
  return text.substr(from + begin.size(), text.find(end, from) - from - begin.size());
}

Json embedded(std::string const& page) {
  return Json::parse(between(page, "<script type=\"application/json\" id=\"row-data\">", "</script>"));
}

std::vector<std::string> keys(std::string const& page) {
  std::vector<std::string> out;
  for (auto const data = embedded(page); auto const& row : data.at("rows")) out.push_back(row.at(1));
  return out;
}

std::string base64(std::string const& hex) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, n = 0;
  for (char const c : hex) {
    bits = bits << 4 | static_cast<unsigned>(std::stoi(std::string(1, c), nullptr, 16));
    for (n += 4; n >= 6; n -= 6) out += alphabet[bits >> (n - 6) & 63];
  }
  if (n > 0) out += alphabet[bits << (6 - n) & 63];
  return out + std::string((4 - out.size() % 4) % 4, '=');
}

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << "no " << (part)
#define EXPECT_HAS_NOT(text, part) EXPECT_EQ((text).find(part), std::string::npos) << (part)

TEST_F(HtmlReport, HasTheVerdictItsClausesAndItsNumbers) {
  auto const html = page(evidence(), row("k1", true, true));
  EXPECT_HAS(html, "<title>router: inconclusive</title>");
  EXPECT_HAS(html,
             "<p class=\"eyebrow\">accuracy on production rows, 1,506 of them test, 3 trials per arm</p>");
  EXPECT_HAS(html, "<p class=\"rationale\"><code>new</code> is inconclusive.</p>");
  EXPECT_HAS(html, "<dt>Decided by</dt><dd>C3 evidence is not shown.</dd>");
  EXPECT_HAS(html, "<dt>Not shown</dt><dd>an effect of 5pp.</dd>");
  EXPECT_HAS(html, "<dt>What to do next</dt><dd>keep <code>old</code>.</dd>");
  EXPECT_HAS(
      html,
      "<strong>C3</strong> evidence: one-sided p &lt;= 0.025 <span class=\"quiet\">always applies</span>");
  EXPECT_HAS(html, "<td>evidence, one-sided p &lt;= 0.025</td><td>p 0.03 of <code>new</code></td>");
  EXPECT_HAS(html, "takes about 2100 test rows (80% power); this test could show +6.2pp.");
  EXPECT_HAS(html, "<strong>+5.9pp</strong> <span class=\"quiet nowrap\">[+4.1pp, +7.7pp]</span>");
  EXPECT_HAS(html, "</svg>pass, loss not excluded</span>");
  EXPECT_HAS(html, "<td class=\"n\">388.3</td><td class=\"n\">301</td>");
  EXPECT_HAS(html, "2 arm errors (scored 0), 0 judge errors, 1 missing");
  EXPECT_HAS(html, "998 rows. Scores on dev are exploratory: they decide nothing.");
  EXPECT_HAS(html, "<li>arms: `new` was &lt;changed&gt;</li>");
  EXPECT_HAS(
      html,
      "<code "
      "title=\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\">0123456789ab…</code>");
  EXPECT_HAS(html, "<td class=\"n\">$0.5</td>");
  EXPECT_HAS(html, "<td class=\"n\">not reported</td><td class=\"n\">not measured</td>");
}

TEST_F(HtmlReport, SaysOfAnInvalidExperimentThatNothingIsShown) {
  auto document = evidence();
  for (auto const* member : {"arm_verdicts", "effect_sizes", "test_set_aggregate", "test_set_per_slice",
                             "variance_trials", "slices", "endings"})
    document.erase(member);
  document["experiment"]["test_set_n"] = nullptr;
  document["verdict"]["outcome"] = "invalid";
  auto const html = page(document, row("k1", true, true, "dev"));
  EXPECT_HAS(html, "The pass on test did not come to its end; nothing of it is shown.");
  EXPECT_HAS(html, "<title>router: invalid</title>");
  EXPECT_HAS(html, "<p class=\"note\">There is no forest plot: the data has no effect to plot.</p>");
  EXPECT_EQ(keys(html), std::vector<std::string>{"k1"});
}

TEST_F(HtmlReport, ItsPolicyNamesTheDigestsOfItsStyleAndScript) {
  auto const html = page(evidence(), row("k1", true, true));
  auto const style = base64(sha256(between(html, "<style>", "</style>")));
  auto const script = base64(sha256(between(html, "<script>", "</script>")));
  EXPECT_HAS(html,
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" +
                 style + "'; script-src 'sha256-" + script + "'; base-uri 'none'; form-action 'none'\">");
}

// Searched by hand: std::regex recurses once per character, which a page of this size takes past the stack.
std::string without(std::string const& element, std::string html) {
  auto const open = "<" + element + ">", close = "</" + element + ">";
  for (auto at = html.find(open); at != std::string::npos; at = html.find(open, at)) {
    auto const end = html.find(close, at);
    EXPECT_NE(end, std::string::npos) << open << " is not closed";
    if (end == std::string::npos) break;
    html.erase(at, end + close.size() - at);
  }
  return html;
}

TEST_F(HtmlReport, LoadsNothingAndHasNoStyleOrHandlerOfItsOwnInAnAttribute) {
  auto const html = page(evidence(), row("k1", true, true));
  auto const without_code = without("style", without("script", html));
  for (auto const* pattern :
       {"<link", "<img", "<iframe", "@import", "\\bsrc=", "\\bstyle=", "\\bon[a-z]+=", "href=\"[^#]"})
    EXPECT_FALSE(std::regex_search(without_code, std::regex(pattern))) << pattern;
  EXPECT_HAS_NOT(html, folder_.path().string());
}

TEST_F(HtmlReport, TheSameEvidenceAndRowsGiveTheSameBytes) {
  auto const rows = row("k1", true, false) + row("k2", false, false);
  EXPECT_EQ(page(evidence(), rows), page(evidence(), rows));
}

TEST_F(HtmlReport, NoTextCanBecomeMarkUp) {
  std::string const hostile = "</script><script>\"'>&<b>`x`\u202e\u2028";
  auto document = evidence();
  document["experiment"]["name"] = hostile;
  document["experiment"]["question"] = hostile;
  document["experiment"]["hypothesis"] = hostile;
  document["experiment"]["metric"] = hostile;
  document["experiment"]["origin"] = hostile;
  for (auto const* member : {"rationale", "not_shown", "next", "deciding_clause"})
    document["verdict"][member] = hostile;
  for (auto const* member : {"summary", "ref"}) document["arms"][1][member] = hostile;
  document["arms"][1]["changed"] = {hostile};
  document["failure_modes"]["categories"][0]["name"] = hostile;
  document["rule"][0]["text"] = hostile;
  document["self_audit"][0] = {{"line", hostile}, {"answer", hostile}, {"evidence", hostile}};
  document["arm_verdicts"]["new"]["checks"][0] = {
      {"id", hostile}, {"clause", hostile}, {"status", hostile}, {"evidence", hostile}};
  document["ledger"][0]["body"] = {{hostile, hostile}};
  document["ledger"][0]["kind"] = hostile;
  document["ledger"][0]["digest"] = hostile;
  auto const rows =
      line({.key = hostile, .row_class = hostile, .tier = hostile, .failures = {hostile}, .error = hostile}) +
      line({.key = hostile, .arm = "new", .row_class = hostile, .tier = hostile, .ending = "missing"});
  auto const html = page(document, rows);
  auto const plain = page(evidence(), row("k", true, true));
  for (auto const* mark : {"<script", "</script", "<b>", "<style", "</style"}) {
    auto const times = [&](std::string const& text) {
      std::size_t n = 0;
      for (std::size_t at = 0; (at = text.find(mark, at)) != text.npos; ++at) ++n;
      return n;
    };
    EXPECT_EQ(times(html), times(plain)) << mark;
  }
  EXPECT_HAS_NOT(html, "\u202e");
  EXPECT_HAS_NOT(html, "\u2028");
  EXPECT_HAS(html,
             "<h1 "
             "id=\"title\"><bdi>&lt;/"
             "script&gt;&lt;script&gt;&quot;&#39;&gt;&amp;&lt;b&gt;`x`[U+202E][U+2028]</bdi></h1>");
  auto const data = embedded(html);
  EXPECT_EQ(data.at("rows")[0][1], "</script><script>\"'>&<b>`x`[U+202E][U+2028]");
}

TEST_F(HtmlReport, RowsThatFlipComeFirstThenFailuresThenTheRestAndTestBeforeDev) {
  auto const rows = row("d-flip", true, false, "dev") + row("d-same", true, true, "dev") +
                    row("a-rest", true, true) + row("b-fail", false, false) + row("c-flip", false, true) +
                    row("e-flip", true, false) + row("f-rest", true, true);
  EXPECT_EQ(keys(page(evidence(), rows)),
            (std::vector<std::string>{"c-flip", "e-flip", "d-flip", "b-fail", "a-rest", "f-rest", "d-same"}));
  EXPECT_EQ(keys(page(evidence(), rows, 4)),
            (std::vector<std::string>{"c-flip", "e-flip", "d-flip", "b-fail"}));
  auto const html = page(evidence(), rows, 4);
  EXPECT_HAS(html,
             "Showing 4 of 7 rows; <code>rows.jsonl</code> has all. First the rows where an arm changes the "
             "baseline's outcome (3 of 3), "
             "then those that fail somewhere (1 of 1), then the rest (0 of 3)");
}

TEST_F(HtmlReport, ARowIsItsArmsOverTheirTrials) {
  std::string rows;
  for (int trial = 0; trial < 3; ++trial) {
    rows += line({.key = "k",
                  .trial = trial,
                  .passed = trial == 0,
                  .failures = trial ? std::vector<std::string>{"wrong"} : std::vector<std::string>{}});
    rows += line({.key = "k",
                  .arm = "new",
                  .ending = trial == 2 ? "judge_error" : "scored",
                  .trial = trial,
                  .error = trial == 2 ? "no verdict" : ""});
  }
  auto const data = embedded(page(evidence(), rows));
  auto const& texts = data.at("texts");
  auto const& cells = data.at("rows")[0][5];
  // Mean score, trials passed, trials, change, failures, cost, latency, error.
  EXPECT_EQ(cells[0], Json::parse(fmt::format("[0.333333, 1, 3, null, [{}], 0.0005, 1.5, null]",
                                              cells[0][4][0].dump())));
  EXPECT_EQ(texts[cells[0][4][0].get<std::size_t>()], "wrong");
  EXPECT_EQ(cells[1], Json::parse(fmt::format("[1.0, 2, 3, 1, [], 0.0005, 1.5, {}]", cells[1][7].dump())));
  EXPECT_EQ(texts[cells[1][7].get<std::size_t>()], "no verdict");
}

TEST_F(HtmlReport, WhereNeitherHasAScoreThereIsNoChange) {
  auto const html =
      page(evidence(), line({.key = "k"}) + line({.key = "k", .arm = "new", .ending = "missing"}));
  EXPECT_EQ(embedded(html).at("rows")[0][5][1][3], nullptr);
  EXPECT_EQ(embedded(html).at("rows")[0][5][1][0], nullptr);
  EXPECT_HAS(html, "<td class=\"n first\">no score</td><td></td>");
}

TEST_F(HtmlReport, AnswersInFreeTextAreNoClassesAndStayOut) {
  std::string few, many;
  for (int i = 0; i < 201; ++i) {
    auto const key = fmt::format("k{:03}", i);
    for (auto const* arm : {"old", "new"}) {
      few += line({.key = key, .arm = arm, .row_class = fmt::format("answer {}", i % 200)});
      many += line({.key = key, .arm = arm, .row_class = fmt::format("answer {}", i)});
    }
  }
  EXPECT_HAS(page(evidence(), few), "answer 199");
  auto const html = page(evidence(), many);
  EXPECT_HAS_NOT(html, "answer 1");
  EXPECT_HAS(html, "The expected answers are left out: more than 200 different ones are no classes.");
}

TEST_F(HtmlReport, LongTextsAreCut) {
  auto const html =
      page(evidence(), line({.key = std::string(100'000, 'k'), .error = std::string(100'000, 'e')}));
  EXPECT_HAS_NOT(html, std::string(161, 'k'));
  EXPECT_HAS_NOT(html, std::string(161, 'e'));
  EXPECT_EQ(keys(html).front(), std::string(160, 'k') + "…");
}

TEST_F(HtmlReport, WithoutScriptsTheFirstHundredRowsAreThere) {
  std::string rows;
  for (int i = 0; i < 150; ++i) rows += row(fmt::format("k{:03}", i), true, i % 2 == 0);
  auto const html = page(evidence(), rows);
  auto const body = between(html.substr(html.find("id=\"row-table\"")), "<tbody>", "</tbody>");
  EXPECT_EQ(std::count(body.begin(), body.end(), '\n'), 101);
  EXPECT_HAS(
      body,
      "<tr><th scope=\"row\" "
      "class=\"key\"><bdi>k001</bdi></th><td>test</td><td><bdi>a</bdi></td><td><bdi>ent</bdi></td>"
      "<td class=\"n first\">100.0%</td><td class=\"n extra\">$0.0005</td><td class=\"n extra\">1.5 ms</td>"
      "<td class=\"n first\">0.0%</td><td><span class=\"chip bad\">");
  EXPECT_HAS(html, "Without scripts, this table has its first 100 rows and cannot be filtered or sorted.");
}

TEST_F(HtmlReport, WithoutRecordsThePageIsThereAndSaysSo) {
  EXPECT_HAS(of(evidence()), "There is no table of rows: this report was given no row records.");
  auto document = evidence();
  document["records"] = {{"path", (folder_.path() / "no such file").string()}};
  EXPECT_HAS(of(document), "There is no table of rows: rows.jsonl cannot be read.");
  for (auto const* broken : {"{\"key\": \"k\"}\n", "no json\n", "[]\n", "\n"})
    EXPECT_HAS(page(evidence(), row("k", true, true) + broken),
               "There is no table of rows: line 3 of rows.jsonl is no record of this experiment.");
  EXPECT_HAS(page(evidence(), line({.key = "k", .arm = "stranger"})),
             "line 1 of rows.jsonl is no record of this experiment.");
  EXPECT_HAS(page(evidence(), ""), "There is no table of rows: none of 0 is to be shown.");
  EXPECT_HAS(page(evidence(), row("k", true, true), 0),
             "There is no table of rows: none of 1 is to be shown.");
}

TEST_F(HtmlReport, ChartsStandInThePage) {
  auto const html = page(evidence(), row("k", true, true));
  for (auto const* kind : {"arm bar", "forest plot", "cost vs accuracy"})
    EXPECT_HAS(html,
               fmt::format("<figure class=\"scroll\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">\n<svg ",
                           kind));
}

}  // namespace
}  // namespace itera::tests
