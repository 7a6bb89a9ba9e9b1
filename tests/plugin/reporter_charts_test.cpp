#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <regex>
#include <string>

#include <cairo.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "plugins/drawing/charts.hpp"
#include "plugins/drawing/text.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using Json = nlohmann::json;
using Files = std::map<std::string, std::string>;

std::string const kSource = ITERA_SOURCE_DIR;

Json fixture(std::string const& name) {
  auto const text = read_file(kSource + "/tests/data/charts/" + name + ".json");
  EXPECT_TRUE(text) << name;
  return text ? Json::parse(*text) : Json();
}

Json settings(std::vector<std::string> const& formats,
              std::vector<std::string> const& kinds = {"arm-bar", "forest-plot", "cost-vs-accuracy"}) {
  return {{"formats", formats}, {"kinds", kinds}};
}

Result<Files> report(std::string const& evidence, Json const& with) {
  Plugins plugins;
  auto const reporter = plugins.reporter("charts", with.dump());
  if (!reporter) return fail(reporter.error());
  auto files = (*reporter)->write(evidence);
  if (!files) return fail(files.error());
  Files out;
  for (auto& file : *files) out[file.path] = std::move(file.bytes);
  return out;
}

Files drawn(Json const& data, Json const& with) {
  auto files = report(data.dump(), with);
  EXPECT_TRUE(files) << (files ? "" : files.error().what);
  return files ? *files : Files();
}

std::string svg(Json const& data, std::string const& kind) {
  return drawn(data, settings({"svg"}, {kind}))["charts/" + kind + ".svg"];
}

/// What is said when `kind` cannot be drawn: "message | help".
std::string refusal(Json const& data, std::string const& kind = "forest-plot") {
  auto const files = report(data.dump(), settings({"svg"}, {kind}));
  if (files) return "it was drawn";
  EXPECT_EQ(files.error().kind, ErrorClass::invalid);
  return files.error().what + " | " + files.error().help;
}

std::size_t count_of(std::string const& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// All that a reader sees, without tags: one line an element.
std::string texts(std::string const& document) {
  std::string out;
  std::regex const element("<text[^>]*>(?:<title>[^<]*</title>)?([^<]*)</text>");
  for (std::sregex_iterator at(document.begin(), document.end(), element), end; at != end; ++at)
    out += (*at)[1].str() + "\n";
  return out;
}

void expect_golden(std::string const& name, std::string const& drawing) {
  auto const file = kSource + "/" + name;
  if (std::getenv("ITERA_UPDATE_GOLDENS")) {
    ASSERT_TRUE(write_file(file, drawing));
    return;
  }
  auto const golden = read_file(file);
  ASSERT_TRUE(golden) << name << ": no golden yet; ITERA_UPDATE_GOLDENS=1 writes it";
  EXPECT_TRUE(drawing == *golden) << name
                                  << " differs; ITERA_UPDATE_GOLDENS=1 rewrites it: look at the picture";
}

// Nothing waits for some forty libraries unless a picture is drawn; a spec that names the charts does not.
TEST(ReporterCharts, LibrsvgIsLoadedWhenAPictureIsDrawn) {
  auto const loaded = [] {
    auto const maps = read_file("/proc/self/maps");
    return maps && maps->find("librsvg") != std::string::npos;
  };
  // In a process of its own, because a test before this one may have drawn a picture.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        drawn(fixture("router"), settings({"svg"}));
        bool const early = loaded();
        drawn(fixture("router"), settings({"png"}));
        std::_Exit(early ? 1 : loaded() ? 0 : 2);
      },
      testing::ExitedWithCode(0), "");
}

// The picture itself. The examples of docs/charts.md are goldens, too.
TEST(ReporterCharts, DrawsWhatTheGoldensShow) {
  for (auto const& kind : drawing::kinds()) {
    std::string const name(kind.name);
    expect_golden("docs/images/" + name + ".svg", svg(fixture("router"), name));
    expect_golden("tests/golden/charts/foreign." + name + ".svg", svg(fixture("foreign"), name));
  }
  for (auto const* name : {"edge.forest-plot", "names.forest-plot", "names.cost-vs-accuracy",
                           "costs.cost-vs-accuracy", "fine.arm-bar", "fine.cost-vs-accuracy"}) {
    std::string const file = name;
    auto const dot = file.find('.');
    expect_golden("tests/golden/charts/" + file + ".svg",
                  svg(fixture(file.substr(0, dot)), file.substr(dot + 1)));
  }
}

TEST(ReporterCharts, TheSameEvidenceGivesTheSameBytes) {
  auto const data = fixture("edge");
  auto const first = drawn(data, settings({"svg", "png"}));
  EXPECT_EQ(first.size(), 6U);
  EXPECT_TRUE(first == drawn(data, settings({"svg", "png"})));
}

TEST(ReporterCharts, MakesWhatTheSettingsName) {
  auto const data = fixture("router");
  auto const names = [&](Json const& with) {
    std::string out;
    for (auto const& [path, bytes] : drawn(data, with)) out += path + " ";
    return out;
  };
  EXPECT_EQ(names(settings({"svg", "png"})),
            "charts/arm-bar.png charts/arm-bar.svg charts/cost-vs-accuracy.png charts/cost-vs-accuracy.svg "
            "charts/forest-plot.png charts/forest-plot.svg ");
  EXPECT_EQ(names(settings({"png"}, {"forest-plot", "forest-plot"})), "charts/forest-plot.png ");
}

TEST(ReporterCharts, RefusesSettingsThatItDoesNotKnow) {
  auto const said = [](Json const& with) {
    auto const files = report("{}", with);
    return files ? "" : files.error().what + " | " + files.error().help;
  };
  EXPECT_EQ(said(settings({"gif"})),
            "reporter `charts`: `formats` names `gif` | the formats are svg and png");
  EXPECT_EQ(said(settings({})), "reporter `charts`: `formats` is empty | the formats are svg and png");
  EXPECT_EQ(
      said(settings({"svg"}, {"pie"})),
      "reporter `charts`: `kinds` names `pie` | the kinds are arm-bar, forest-plot and cost-vs-accuracy");
  EXPECT_EQ(said(settings({"svg"}, {})),
            "reporter `charts`: `kinds` is empty | the kinds are arm-bar, forest-plot and cost-vs-accuracy");
}

cairo_status_t take(void* from, unsigned char* out, unsigned n) {
  auto& left = *static_cast<std::string_view*>(from);
  if (left.size() < n) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(out, left.data(), n);
  left.remove_prefix(n);
  return CAIRO_STATUS_SUCCESS;
}

struct Picture {
  int width = 0, height = 0;
  std::map<std::uint32_t, std::size_t> colours;  ///< 0xRRGGBB: pixels
};

Picture picture(std::string_view png) {
  auto* const surface = cairo_image_surface_create_from_png_stream(&take, &png);
  Picture out;
  EXPECT_EQ(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
  out.width = cairo_image_surface_get_width(surface);
  out.height = cairo_image_surface_get_height(surface);
  auto const* row = cairo_image_surface_get_data(surface);
  for (int y = 0; y < out.height; ++y, row += cairo_image_surface_get_stride(surface))
    for (int x = 0; x < out.width; ++x) {
      std::uint32_t pixel;
      std::memcpy(&pixel, row + 4 * x, 4);
      ++out.colours[pixel & 0xFFFFFF];
    }
  cairo_surface_destroy(surface);
  return out;
}

TEST(ReporterCharts, ThePngIsTheSvgAtTwiceItsSizeOnWhite) {
  auto files = drawn(fixture("router"), settings({"svg", "png"}, {"forest-plot"}));
  auto const& png = files["charts/forest-plot.png"];
  EXPECT_TRUE(png.starts_with("\x89PNG\r\n\x1A\n"));
  auto seen = picture(png);
  EXPECT_EQ(seen.width, 1800);
  std::smatch height;
  ASSERT_TRUE(
      std::regex_search(files["charts/forest-plot.svg"], height, std::regex(" height=\"([0-9]+)\" ")));
  EXPECT_EQ(seen.height, 2 * std::stoi(height[1]));
  auto const all = static_cast<std::size_t>(seen.width) * static_cast<std::size_t>(seen.height);
  EXPECT_GT(seen.colours[0xFFFFFF], all / 2) << "the ground";
  EXPECT_GT(seen.colours[0x1A1A1A], 2000U) << "text, lines and marks";
  EXPECT_GT(seen.colours[0xD55E00], 100U) << "the slice that fails";
  EXPECT_GT(seen.colours[0xE69F00], 100U) << "the slices whose loss is not excluded";
}

std::string unescaped(std::string text) {
  for (auto const& [entity, character] :
       {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
    text = std::regex_replace(text, std::regex(entity), character);
  return text;
}

// No label is cut off at the border of a picture.
TEST(ReporterCharts, TextStaysInsideOfThePicture) {
  for (auto const* name : {"router", "foreign", "edge", "names", "costs", "fine"})
    for (auto const& kind : drawing::kinds()) {
      if (std::string_view(name) == "costs" && kind.name == "forest-plot") continue;  // it has no effects
      auto const chart = kind.draw(fixture(name), {});
      std::smatch size;
      ASSERT_TRUE(std::regex_search(chart, size, std::regex("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"")));
      std::regex const element(
          "<text x=\"([^\"]*)\" y=\"([^\"]*)\" font-size=\"([^\"]*)\"( text-anchor=\"([a-z]*)\")?( "
          "font-weight=\"bold\")?[^>]*>(?:<title>[^<]*</title>)?([^<]*)</text>");
      std::size_t seen = 0;
      for (std::sregex_iterator at(chart.begin(), chart.end(), element), end; at != end; ++at, ++seen) {
        auto const& m = *at;
        auto const width = drawing::text_width(unescaped(m[7]), std::stod(m[3]), m[6].matched);
        auto const left = std::stod(m[1]) - (m[5] == "end" ? width : m[5] == "middle" ? width / 2 : 0);
        EXPECT_GE(left, 0) << name << " " << kind.name << ": " << m[7];
        EXPECT_LE(left + width, std::stod(size[1])) << name << " " << kind.name << ": " << m[7];
        EXPECT_LE(std::stod(m[2]) + 4, std::stod(size[2])) << name << " " << kind.name << ": " << m[7];
      }
      EXPECT_EQ(seen, count_of(chart, "<text ")) << name << " " << kind.name;
    }
}

// Labels are placed by estimated widths; here is what they are worth in the face that pictures are drawn in.
TEST(ReporterCharts, EstimatedWidthsAreThoseOfDejaVuSans) {
  auto* const surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
  auto* const cairo = cairo_create(surface);
  cairo_set_font_size(cairo, 100);
  for (bool const bold : {false, true}) {
    cairo_select_font_face(cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    for (auto const* text : {"tier=enterprise",
                             "[\xE2\x88\x92"
                             "12.7, +3.8]",
                             "loss not excluded", "1,506", "prompt-v2 (+ vendor history)",
                             "\xD0\xBC\xD0\xBE\xD0\xB4\xD0\xB5\xD0\xBB\xD1\x8C \xD0\xA8",  // Cyrillic
                             "\xC3\xA9tat combin\xC3\xA9", "\xCE\xB1\xCE\xB2\xCE\xB3\xCE\xB4\xCE\xB5"}) {
      cairo_text_extents_t real;
      cairo_text_extents(cairo, text, &real);
      auto const estimate = drawing::text_width(text, 100, bold);
      EXPECT_GT(estimate, real.x_advance * 0.97) << text;
      EXPECT_LT(estimate, real.x_advance * 1.2) << text;
    }
  }
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  EXPECT_EQ(drawing::shorten("e\xCC\x81t\xC3\xA9 brûlant", 12, 36), "e\xCC\x81t\xC3\xA9\xE2\x80\xA6");
}

// Names are data: they make no element, no attribute, no entity and no broken document (librsvg's parser is
// strict).
TEST(ReporterCharts, HostileTextsAreInert) {
  auto const files = drawn(fixture("names"), settings({"svg", "png"}));
  ASSERT_EQ(files.size(), 6U);
  for (auto const& [path, bytes] : files) {
    if (path.ends_with(".png")) continue;
    EXPECT_EQ(count_of(bytes, "<script"), 0U) << path;
    EXPECT_EQ(count_of(bytes, "<b>"), 0U) << path;
    EXPECT_EQ(count_of(bytes, "<!--"), 0U) << path;
    EXPECT_EQ(bytes.find('\x07'), std::string::npos) << path;
    EXPECT_EQ(count_of(bytes, "\xE2\x80\xAE"), 0U) << "a mark that turns the direction of writing";
  }
  auto const& forest = files.at("charts/forest-plot.svg");
  EXPECT_NE(
      forest.find(
          "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;quotes&#39;\xEF\xBF\xBD\xEF\xBF\xBD"),
      std::string::npos);
  EXPECT_NE(forest.find("]]&gt;--&gt;&lt;!--&amp;amp;"), std::string::npos);
}

TEST(ReporterCharts, ALongNameIsCutAndStandsInTheTitle) {
  auto const forest = svg(fixture("names"), "forest-plot");
  EXPECT_NE(
      forest.find("<title>tenant=Internationale Frachtspeditionsgesellschaft mbH &amp; Co. KG "
                  "&lt;&quot;prod&quot;&gt;</title>tenant=Internationale Frachtspediti\xE2\x80\xA6</text>"),
      std::string::npos);
}

// For a page that holds several: ids are its own, nothing comes from outside, marks are named, colours can be
// changed.
TEST(ReporterCharts, AChartCanStandInAPage) {
  for (auto const& kind : drawing::kinds()) {
    auto const chart = kind.draw(fixture("router"), {.id = "page-7"});
    EXPECT_TRUE(chart.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" ")) << kind.name;
    EXPECT_NE(chart.find("role=\"img\" aria-labelledby=\"page-7-title page-7-desc\""), std::string::npos);
    EXPECT_EQ(count_of(chart, " id=\""), 2U);
    EXPECT_EQ(count_of(chart, " id=\"page-7-"), 2U);
    for (auto const* outside : {"href", "url(", "<style", "<image", "style=", "onload"})
      EXPECT_EQ(count_of(chart, outside), 0U) << outside;
    for (auto const* paint : {"fill", "stroke"}) {
      std::regex const painted(" " + std::string(paint) + "=\"([^\"]*)\"");
      for (std::sregex_iterator at(chart.begin(), chart.end(), painted), end; at != end; ++at)
        EXPECT_TRUE((*at)[1] == "currentColor" || (*at)[1] == "none") << (*at)[0];
    }
    EXPECT_EQ(count_of(chart, " color=\""), count_of(chart, " class=\"itera-"));
  }
  EXPECT_NE(svg(fixture("router"), "forest-plot")
                .find("<title>retrieval, tier=smb: \xE2\x88\x92"
                      "4.3pp [\xE2\x88\x92"
                      "9.2, +0.6] on 472 rows; floor \xE2\x88\x92"
                      "2pp; fails C4</title>"),
            std::string::npos);
}

TEST(ReporterCharts, WhatIsMissingLeavesItsMarkAwayAndIsSaid) {
  auto const contains = [](Json const& data, std::string const& kind, std::string const& sentence) {
    auto const seen = texts(svg(data, kind));
    EXPECT_NE(seen.find(sentence), std::string::npos) << sentence << "\nis not said in\n" << seen;
  };
  auto const foreign = fixture("foreign");
  contains(foreign, "forest-plot",
           "default floor \xE2\x88\x92"
           "2pp");
  contains(foreign, "forest-plot", "This file has its rule as prose only");
  contains(foreign, "forest-plot", "A mark without a line: the data has no interval for it.");
  contains(foreign, "forest-plot", "The data has no effect of prompt-v4 (never finished).");
  contains(foreign, "arm-bar", "Not shown, because `arms` does not name it: variance_trials.v5.");
  contains(foreign, "cost-vs-accuracy", "The data has no score of prompt-v4 (never finished).");
  contains(foreign, "cost-vs-accuracy", "The data has no interval of the costs.");
  contains(fixture("edge"), "forest-plot", "An arrow head: the interval goes on beyond the axis");
  contains(fixture("edge"), "forest-plot", "Dotted: the floor of each slice.");
  contains(fixture("edge"), "forest-plot", "n/a: the data has no effect.");
  contains(fixture("edge"), "arm-bar", "n/a: one trial, so no error bar.");
  contains(fixture("edge"), "cost-vs-accuracy", "cost not reported");
  contains(fixture("fine"), "arm-bar", "The axis does not begin at zero.");
  contains(fixture("costs"), "arm-bar", "The data has no trials: no error bars.");
  contains(fixture("costs"), "cost-vs-accuracy", "Vertical lines: 95% interval of the arm&#39;s own score.");
  contains(fixture("costs"), "cost-vs-accuracy", "Horizontal lines: 95% interval of the mean cost.");
  contains(fixture("costs"), "cost-vs-accuracy", "cost per 1,000 rows, USD (logarithmic)");

  auto bare = foreign;
  bare["experiment"] = nullptr;
  bare.erase("slices");
  bare["test_set_aggregate"].erase("baseline");
  bare["variance_trials"] = nullptr;
  contains(bare, "forest-plot", "The data has no threshold.");
  contains(bare, "arm-bar",
           "The data has no score of the baseline, so neither it nor the threshold is drawn.");
  contains(bare, "cost-vs-accuracy", "The data has no interval of the scores.");
}

// What colours mean is said in words, too.
TEST(ReporterCharts, RowsAreJudgedByTheRegisteredClauses) {
  auto const words = [](Json const& data) {
    std::string out;
    auto const document = svg(data, "forest-plot");
    std::regex const row("<g><title>([^:]*): [^<]*; ([^;<]*)</title>");
    for (std::sregex_iterator at(document.begin(), document.end(), row), end; at != end; ++at)
      out += (*at)[1].str() + ": " + (*at)[2].str() + "\n";
    return out;
  };
  EXPECT_EQ(words(fixture("router")),
            "classifier, all rows: holds\n"
            "classifier, tier=enterprise: holds\n"
            "classifier, tier=smb: holds\n"
            "classifier, language=de: holds\n"
            "classifier, language=ja: loss not excluded\n"
            "retrieval, all rows: holds\n"
            "retrieval, tier=enterprise: holds\n"
            "retrieval, tier=smb: fails C4\n"
            "retrieval, language=de: holds\n"
            "retrieval, language=ja: loss not excluded\n"
            "large_model, all rows: unmoved\n"
            "large_model, tier=enterprise: floor \xE2\x88\x92"
            "2pp\n"
            "large_model, tier=smb: floor \xE2\x88\x92"
            "2pp\n"
            "large_model, language=de: floor \xE2\x88\x92"
            "2pp\n"
            "large_model, language=ja: floor \xE2\x88\x92"
            "2pp\n");
  EXPECT_EQ(words(fixture("foreign")),
            "prompt-v2 (+ vendor history), all rows: holds\n"
            "prompt-v2 (+ vendor history), EU vendors (n=40): holds\n"
            "prompt-v2 (+ vendor history), US vendors (n=40): holds\n"
            "prompt-v3 (+ vendor history + amounts), all rows: below threshold\n"
            "prompt-v3 (+ vendor history + amounts), EU vendors (n=40): holds\n"
            "prompt-v3 (+ vendor history + amounts), US vendors (n=40): loss not excluded\n"
            "prompt-v3 (+ vendor history + amounts), apac: below floor\n");
  auto moved = fixture("router");
  moved["arm_verdicts"]["large_model"]["outcome"] = "moved";
  auto const before = count_of(svg(fixture("router"), "forest-plot"), "itera-fail-text");
  EXPECT_EQ(count_of(svg(moved, "forest-plot"), "itera-fail-text"), before + 1);
}

// What a control does is no choice: the front is that of the arms that may ship, as in conclusion.md.
TEST(ReporterCharts, AControlIsNeitherOnTheFrontNorBeforeAnArm) {
  auto const drawn_with = [](double score, double cost) {
    auto data = fixture("router");
    data["test_set_aggregate"]["large_model"] = score;
    data["arms"][3]["cost_per_1k_usd"] = cost;
    return svg(data, "cost-vs-accuracy");
  };
  for (auto const& document : {drawn_with(0.70, 4.4), drawn_with(0.82, 0.25)}) {
    EXPECT_EQ(count_of(document, "; on the Pareto front</title>"), 2U);
    EXPECT_EQ(count_of(document, "large_model, a control: "), 2U);  // the mark and the description
    EXPECT_EQ(count_of(document, "\xC2\xB7 control"), 1U);
  }
}

// The longest outcome under a short name stays left of the bars.
TEST(ReporterCharts, AnOutcomeDoesNotReachIntoTheBars) {
  auto data = fixture("router");
  for (auto& arm : data["arms"]) arm["name"] = "a" + std::to_string(arm["id"].get<std::string>().size());
  for (auto& verdict : data["arm_verdicts"]) verdict["outcome"] = "ship";
  auto const axis_of = [](std::string const& document) {
    std::smatch found;
    std::regex const zero("<text[^>]* x=\"([0-9.]+)\"[^>]*>0%</text>");
    return std::regex_search(document, found, zero) ? std::stod(found[1].str()) : -1;
  };
  auto const before = axis_of(svg(data, "arm-bar"));
  ASSERT_GT(before, 0);
  data["arm_verdicts"]["classifier"]["outcome"] = "inconclusive";
  EXPECT_GT(axis_of(svg(data, "arm-bar")), before + 10);
}

// A share of the baseline's score comes out with many digits.
TEST(ReporterCharts, AThresholdHasFourDigitsAtMost) {
  auto data = fixture("router");
  data["experiment"]["threshold_pct"] = 22.44295302013423;
  for (auto const* kind : {"arm-bar", "forest-plot", "cost-vs-accuracy"})
    EXPECT_NE(svg(data, kind).find("+22.44pp"), std::string::npos) << kind;
}

TEST(ReporterCharts, WhatCannotBeDrawnIsRefusedWithItsPlace) {
  auto const with = [](char const* pointer, Json value) {
    auto data = fixture("router");
    data[Json::json_pointer(pointer)] = std::move(value);
    return data;
  };
  std::string const help = " | docs/charts.md has the members that the charts read";
  auto const says = [&](std::string const& what) { return "reporter `charts`: " + what + help; };
  EXPECT_EQ(refusal(Json::array()), says("the data must be a JSON object, as in data.json"));
  EXPECT_EQ(refusal(with("/effect_sizes/retrieval/aggregate/delta", "6pp")),
            says("`effect_sizes.retrieval.aggregate.delta` must be a number, not string"));
  EXPECT_EQ(
      refusal(with("/effect_sizes/retrieval/per_slice/tier=smb/ci_low", -9.2)),
      says("`effect_sizes.retrieval.per_slice.tier=smb.ci_low` is -9.2, but scores and effects are fractions "
           "between -1 and 1: 0.089 is 8.9pp"));
  EXPECT_EQ(refusal(with("/effect_sizes/retrieval/per_slice/tier=smb/ci_low", 0.5)),
            says("`effect_sizes.retrieval.per_slice.tier=smb.ci_low` is greater than `ci_high`"));
  EXPECT_EQ(refusal(with("/effect_sizes", Json::array())),
            says("`effect_sizes` must be an object, not array"));
  EXPECT_EQ(
      refusal(with("/experiment/threshold_pct", 500)),
      says("`experiment.threshold_pct` is 500, but a threshold lies between -100 and 100 percentage points"));
  EXPECT_EQ(refusal(with("/experiment/test_set_n", -1)),
            says("`experiment.test_set_n` is -1, but a number of rows lies between 0 and 1e12"));
  EXPECT_EQ(refusal(with("/experiment/name", 7)), says("`experiment.name` must be a text, not 7"));
  EXPECT_EQ(refusal(with("/arms", "two")), says("`arms` must be an array, not string"));
  EXPECT_EQ(refusal(with("/arms/1", "two")), says("`arms[1]` must be an object, not string"));
  EXPECT_EQ(refusal(with("/arms/1/id", nullptr)), says("`arms[1]` has no `id`"));
  EXPECT_EQ(refusal(with("/arms/1/id", "keywords")),
            says("`arms[1].id` is `keywords`, as is that of an arm before"));
  EXPECT_EQ(refusal(with("/arms/1/control", "yes")),
            says("`arms[1].control` must be true or false, not string"));
  EXPECT_EQ(refusal(with("/arms/1/cost_per_1k_usd", -3)),
            says("`arms[1].cost_per_1k_usd` is -3, but a cost lies between 0 and 1e9 USD"));
  EXPECT_EQ(refusal(with("/slices/0", Json::object())), says("`slices[0]` has no `id`"));
  EXPECT_EQ(refusal(with("/variance_trials/keywords", 0.7)),
            says("`variance_trials.keywords` must be an array, not 0.7"));
  EXPECT_EQ(refusal(with("/variance_trials/keywords/1", 71)),
            says("`variance_trials.keywords[1]` is 71, but scores and effects are fractions between -1 and "
                 "1: 0.089 is "
                 "8.9pp"));
  EXPECT_EQ(refusal(with("/arm_verdicts/retrieval/checks", 1)),
            says("`arm_verdicts.retrieval.checks` must be an array, not 1"));
  EXPECT_EQ(refusal(with("/arms", Json::array())),
            "reporter `charts`: `arms` names no arm | it holds {id, name, cost_per_1k_usd} of each; the "
            "baseline stands "
            "first");
  Json many = Json::array();
  for (int i = 0; i < 13; ++i) many.push_back({{"id", std::to_string(i)}});
  EXPECT_EQ(refusal(with("/arms", many)), "reporter `charts`: `arms` has 13 arms | at most 12 can be drawn");
}

TEST(ReporterCharts, NothingToShowIsSaid) {
  Json const empty = {{"arms", {{{"id", "a"}}, {{"id", "b"}}}}};
  EXPECT_EQ(
      refusal(empty, "arm-bar"),
      "reporter `charts`: the data has no score to plot | `test_set_aggregate` holds the score of each arm, "
      "`variance_trials` that of each trial");
  EXPECT_EQ(
      refusal(empty, "cost-vs-accuracy"),
      "reporter `charts`: the data has no score to plot | `test_set_aggregate` holds the score of each arm, "
      "`arms[].cost_per_1k_usd` its cost");
  EXPECT_EQ(
      refusal(empty, "forest-plot"),
      "reporter `charts`: the data has no effect to plot | `effect_sizes` holds {aggregate: {delta, ci_low, "
      "ci_high}, per_slice} of each arm");
  auto wide = fixture("router");
  for (int i = 0; i < 501; ++i)
    wide["effect_sizes"]["classifier"]["per_slice"]["s" + std::to_string(i)] = {{"delta", 0}};
  EXPECT_EQ(refusal(wide),
            "reporter `charts`: 516 rows are too many for one forest plot | at most 500 can be drawn");
  auto const broken = report("{\"arms\": [", settings({"svg"}));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().what, "reporter `charts`: the evidence is not JSON");
}

// Such an experiment shows nothing of its test; that is no fault of the report.
TEST(ReporterCharts, AnInvalidExperimentHasNoCharts) {
  auto data = fixture("router");
  for (auto const* part : {"test_set_aggregate", "variance_trials", "effect_sizes"}) data.erase(part);
  data["verdict"]["outcome"] = "invalid";
  EXPECT_TRUE(drawn(data, settings({"svg", "png"})).empty());
}

// The widest picture that can be asked for still is one.
TEST(ReporterCharts, ManyRowsAndTrialsAreDrawn) {
  auto data = fixture("router");
  for (int i = 0; i < 485; ++i)
    data["effect_sizes"]["classifier"]["per_slice"]["s" + std::to_string(i)] = {{"delta", 0.01 * (i % 7)}};
  for (int i = 0; i < 1000; ++i) data["variance_trials"]["classifier"].push_back(0.8);
  auto const png = drawn(data, settings({"png"}, {"forest-plot"})).at("charts/forest-plot.png");
  auto const height = [&](std::size_t at) { return static_cast<unsigned char>(png.at(at)); };
  EXPECT_EQ(png.substr(12, 4), "IHDR");
  EXPECT_GT(height(22) << 8 | height(23), 20000);
  EXPECT_LT(svg(data, "arm-bar").size(), 20000U);
}

}  // namespace
}  // namespace itera::tests
