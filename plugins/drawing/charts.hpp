#pragma once
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// Charts of an evidence document (data.json, docs/internals/formats.md) as SVG text, for the plugins that
/// show them. Files that itera did not write are drawn too, as far as they go (docs/charts.md).
///
/// Every chart is one `<svg role="img">` with `<title>`, `<desc>`, a view box in pixels, real `<text>` and a
/// `<title>` on every mark that stands for numbers. It can stand in a file of its own or inside an HTML page
/// as it is: there is no `<style>`, no script, no reference to anything outside, and every id begins with
/// Options::id. Texts of the document are escaped; control characters and marks that turn the direction of
/// writing are shown as U+FFFD. Coordinates have two decimals: the same document gives the same bytes.
///
/// Colours are `color` attributes beside a class, and all that is painted is painted in `currentColor`; so a
/// page restyles a chart by `.itera-ink { color: #eee }` and the like. The classes:
///
/// | class | what | default |
/// |---|---|---|
/// | `itera-paper` | the ground, and the inside of hollow marks | #ffffff |
/// | `itera-band` | every other row | #f4f4f4 |
/// | `itera-grid` | grid lines | #dedede |
/// | `itera-ink` | text, axes, intervals and marks without a colour of their own | #1a1a1a |
/// | `itera-muted` | secondary text, ticks | #595959 |
/// | `itera-threshold`, `itera-floor` | reference lines and their labels | #1a1a1a, #595959 |
/// | `itera-fail` | a row that fails its clause | #d55e00 |
/// | `itera-unsure` | a row whose loss is not excluded | #e69f00 |
/// | `itera-fail-text`, `itera-unsure-text` | the same, dark enough for words | #a34700, #805500 |
/// | `itera-arm-0` | the baseline | #6e6e6e |
/// | `itera-arm-1` to `itera-arm-4` | the arms; the fifth is `itera-arm-1` again | #0072b2, #009e73, #cc79a7,
/// #56b4e9 |
namespace itera::drawing {

using Json = nlohmann::json;

struct Options {
  /// Begins every id inside of the chart: letters, digits and hyphens. Empty: "itera-" and the chart's kind.
  std::string_view id;
};

// Each gives one SVG document, in UTF-8 with a line break at its end. Throws sdk::Invalid if a member of
// `data` has a wrong type or an impossible value (the message has its JSON path), or if there is nothing that
// the chart could show. What is merely missing leaves its mark away and is said under the chart.
// Thread-safe; nothing is read but `data`.

/// Mean score by arm with one standard deviation of the trials, every trial, and the threshold against the
/// baseline.
std::string arm_bar(Json const& data, Options const& options = {});
/// Effect by arm, on all rows and by slice, with 95% intervals, the threshold and the floor.
std::string forest_plot(Json const& data, Options const& options = {});
/// Score over cost per 1,000 rows, with the Pareto front.
std::string cost_vs_accuracy(Json const& data, Options const& options = {});

struct Kind {
  std::string_view name;  ///< "arm-bar"
  std::string (*draw)(Json const& data, Options const& options);
};

/// All of the above, in the order of the method.
std::span<Kind const> kinds();
/// Null if there is no such kind.
Kind const* find_kind(std::string_view name);

}  // namespace itera::drawing
