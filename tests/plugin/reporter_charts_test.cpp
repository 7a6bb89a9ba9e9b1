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
#include "tests/plugin/charts.hpp"

namespace itera::tests {
namespace {

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

// A rule over traffic judges the effect on production's mix; the one on the rows stands beside it.
TEST(ReporterCharts, TheForestPlotShowsTheEffectThatIsJudged) {
  auto data = fixture("router");
  auto const before = texts(svg(data, "forest-plot"));
  EXPECT_EQ(before.find("mix of"), std::string::npos);
  EXPECT_EQ(before.find("not judged"), std::string::npos);
  auto const arm = data.at("arms").at(1).at("id").get<std::string>();
  Json const decides = {
      {"slice", "tier"}, {"decides", true}, {"delta", .0123}, {"ci_low", -.0456}, {"ci_high", .0702}};
  auto& list = data.at("effect_sizes").at(arm)["over_traffic"];
  list = Json::array({{{"slice", "region"}, {"decides", false}, {"delta", .4}}});
  EXPECT_EQ(texts(svg(data, "forest-plot")), before) << "told beside the rule's";
  list.push_back(decides);
  auto const after = texts(svg(data, "forest-plot"));
  EXPECT_EQ(count_of(after, "mix of tier\n"), 1U) << after;
  EXPECT_EQ(count_of(after, "not judged\n"), 1U) << after;
  EXPECT_EQ(count_of(after, "+1.2\n") + count_of(after, "+1.2pp\n"), 1U) << after;
  EXPECT_NE(after.find("Diamonds: all rows, and their effect on production"), std::string::npos) << after;
}

}  // namespace
}  // namespace itera::tests
