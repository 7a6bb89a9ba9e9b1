#include "plugins/drawing/figures.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

#include "plugins/drawing/text.hpp"

namespace itera::drawing {
namespace {

using Json = nlohmann::json;
using sdk::Invalid;

constexpr std::size_t kMostArms = 12;
constexpr auto kFormats = "docs/charts.md has the members that the charts read";

// A value of the document and where it stands.
struct Node {
  Json const* json;
  std::string path;

  Node member(std::string const& key) const {
    auto const at = json->find(key);
    return {at == json->end() || at->is_null() ? nullptr : &*at, path.empty() ? key : path + "." + key};
  }
  explicit operator bool() const { return json != nullptr; }
};

[[noreturn]] void refuse(Node const& node, std::string_view what) {
  throw Invalid(fmt::format("`{}` {}", node.path, what), kFormats);
}

[[noreturn]] void wrong_type(Node const& node, std::string_view wanted) {
  refuse(node, fmt::format("must be {}, not {}", wanted,
                           node.json->is_number() ? node.json->dump() : node.json->type_name()));
}

Node object(Node node) {
  if (node && !node.json->is_object()) wrong_type(node, "an object");
  return node;
}

template <class F>
void each_element(Node const& node, F&& take) {
  if (!node) return;
  if (!node.json->is_array()) wrong_type(node, "an array");
  for (std::size_t i = 0; i < node.json->size(); ++i)
    take(Node{&(*node.json)[i], fmt::format("{}[{}]", node.path, i)});
}

template <class F>
void each_member(Node const& node, F&& take) {
  if (!object(node)) return;
  for (auto const& [key, value] : node.json->items())
    if (!value.is_null()) take(key, node.member(key));
}

std::optional<std::string> text(Node const& node) {
  if (!node) return std::nullopt;
  if (!node.json->is_string()) wrong_type(node, "a text");
  return node.json->get<std::string>();
}

std::string text_or(Node const& node, std::string fallback) {
  auto out = text(node);
  return out ? std::move(*out) : std::move(fallback);
}

std::optional<double> number(Node const& node, double least, double most, std::string_view range) {
  if (!node) return std::nullopt;
  if (!node.json->is_number()) wrong_type(node, "a number");
  auto const out = node.json->get<double>();
  if (!(out >= least && out <= most)) refuse(node, fmt::format("is {}, {}", node.json->dump(), range));
  return out;
}

std::optional<double> fraction(Node const& node) {
  return number(node, -1, 1, "but scores and effects are fractions between -1 and 1: 0.089 is 8.9pp");
}

std::optional<double> rows(Node const& node) {
  return number(node, 0, 1e12, "but a number of rows lies between 0 and 1e12");
}

// Less than a billionth of a dollar is nothing.
std::optional<double> usd(Node const& node) {
  auto const out = number(node, 0, 1e9, "but a cost lies between 0 and 1e9 USD");
  return out && *out < 1e-9 ? 0 : out;
}

template <class Read>
std::optional<Interval> interval(Node const& parent, char const* low_key, char const* high_key, Read read) {
  auto const low = read(parent.member(low_key)), high = read(parent.member(high_key));
  if (!low || !high) return std::nullopt;
  if (*low > *high) refuse(parent.member(low_key), fmt::format("is greater than `{}`", high_key));
  return Interval{*low, *high};
}

Effect effect(Node const& node) {
  Effect out;
  out.delta = fraction(node.member("delta"));
  out.interval = interval(node, "ci_low", "ci_high", fraction);
  out.n = rows(node.member("n"));
  out.floor = fraction(node.member("floor"));
  out.status = text_or(node.member("status"), "");
  out.by_interval = text_or(node.member("by_interval"), "");
  return out;
}

Arm arm(Node const& node) {
  if (!node.json->is_object()) wrong_type(node, "an object");
  Arm out;
  auto const id = text(node.member("id"));
  if (!id) throw Invalid(fmt::format("`{}` has no `id`", node.path), kFormats);
  out.id = *id;
  out.name = text_or(node.member("name"), out.id);
  if (out.name.empty()) out.name = out.id;
  auto const control = node.member("control");
  if (control && !control.json->is_boolean()) wrong_type(control, "true or false");
  out.control = control && control.json->get<bool>();
  out.cost = usd(node.member("cost_per_1k_usd"));
  out.cost_interval = interval(node, "cost_per_1k_ci_low", "cost_per_1k_ci_high", usd);
  out.score_interval = interval(node, "score_ci_low", "score_ci_high", fraction);
  return out;
}

std::optional<double> mean(std::vector<double> const& values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (auto const v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

std::optional<double> deviation(std::vector<double> const& values) {
  if (values.size() < 2) return std::nullopt;
  auto const centre = *mean(values);
  double squares = 0;
  for (auto const v : values) squares += (v - centre) * (v - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

Arm* find(Figures& figures, std::string const& id) {
  auto const at =
      std::find_if(figures.arms.begin(), figures.arms.end(), [&](Arm const& a) { return a.id == id; });
  return at == figures.arms.end() ? nullptr : &*at;
}

// Hands the members of `node` to the arms that they are named after.
template <class F>
void by_arm(Figures& figures, Node const& node, F&& take) {
  each_member(node, [&](std::string const& id, Node const& value) {
    if (auto* const known = find(figures, id))
      take(*known, value);
    else
      figures.strays.push_back(value.path);
  });
}

// The rule may judge the effect on production's mix in place of the one on the rows.
void read_decisive(Arm& arm, Node const& list) {
  if (!list || !list.json->is_array()) return;
  for (std::size_t i = 0; i < list.json->size(); ++i) {
    Node const one{&list.json->at(i), fmt::format("{}[{}]", list.path, i)};
    auto const decides = object(one).member("decides");
    if (!decides || !decides.json->is_boolean() || !decides.json->get<bool>()) continue;
    arm.decisive = effect(one);
    arm.over = text_or(one.member("slice"), "");
  }
}

void read_effects(Figures& out, Node const& root) {
  std::set<std::string> known;
  for (auto const& slice : out.slices) known.insert(slice.id);
  by_arm(out, root.member("effect_sizes"), [&](Arm& to, Node const& node) {
    if (auto const whole = object(object(node).member("aggregate"))) to.aggregate = effect(whole);
    read_decisive(to, object(node).member("over_traffic"));
    each_member(node.member("per_slice"), [&](std::string const& id, Node const& value) {
      to.slices[id] = effect(object(value));
      if (known.insert(id).second) out.slices.push_back({id, id, {}});
    });
  });
}

}  // namespace

Figures read_figures(Json const& data) {
  if (!data.is_object()) throw Invalid("the data must be a JSON object, as in data.json", kFormats);
  Node const root{&data, ""};
  Figures out;
  if (auto const experiment = object(root.member("experiment"))) {
    out.experiment = text_or(experiment.member("name"), "");
    out.metric = text_or(experiment.member("metric"), "");
    out.rows = rows(experiment.member("test_set_n"));
    if (auto const pp = number(experiment.member("threshold_pct"), -100, 100,
                               "but a threshold lies between -100 and 100 percentage points"))
      out.threshold = *pp / 100;
  }
  each_element(root.member("arms"), [&](Node const& node) {
    out.arms.push_back(arm(node));
    if (find(out, out.arms.back().id) != &out.arms.back())
      refuse({node.json, node.path + ".id"},
             fmt::format("is `{}`, as is that of an arm before", out.arms.back().id));
  });
  if (out.arms.size() > kMostArms)
    throw Invalid(fmt::format("`arms` has {} arms", out.arms.size()),
                  fmt::format("at most {} can be drawn", kMostArms));
  if (out.arms.empty())
    throw Invalid("`arms` names no arm",
                  "it holds {id, name, cost_per_1k_usd} of each; the baseline stands first");
  std::set<std::string> seen;
  each_element(root.member("slices"), [&](Node const& node) {
    auto const id = text(object(node).member("id"));
    if (!id) throw Invalid(fmt::format("`{}` has no `id`", node.path), kFormats);
    if (seen.insert(*id).second)
      out.slices.push_back({*id, text_or(node.member("name"), *id), rows(node.member("n"))});
  });
  by_arm(out, root.member("variance_trials"), [&](Arm& to, Node const& node) {
    each_element(node, [&](Node const& value) {
      if (value.json->is_null()) return;
      to.trials.push_back(*fraction(value));
    });
  });
  by_arm(out, root.member("test_set_aggregate"),
         [&](Arm& to, Node const& node) { to.score = fraction(node); });
  for (auto& a : out.arms) {
    a.deviation = deviation(a.trials);
    if (!a.score) a.score = mean(a.trials);
  }
  read_effects(out, root);
  by_arm(out, root.member("arm_verdicts"), [&](Arm& to, Node const& node) {
    out.judged = true;
    to.outcome = text_or(object(node).member("outcome"), "");
    each_element(node.member("checks"), [&](Node const& check) {
      to.checks.push_back({text_or(object(check).member("id"), ""), text_or(check.member("status"), "")});
    });
  });
  by_arm(out, root.member("controls"),
         [&](Arm& to, Node const& node) { to.outcome = text_or(object(node).member("reading"), ""); });
  return out;
}

int decimals_of(Figures const& figures) {
  auto const threshold = std::abs(figures.threshold.value_or(0));
  return threshold == 0 || threshold >= 0.01 ? 1 : threshold >= 0.001 ? 2 : 3;
}

std::string about(Figures const& figures) {
  std::string out = figures.experiment;
  auto const add = [&](std::string const& part) { out += (out.empty() ? "" : " \xC2\xB7 ") + part; };
  if (!figures.metric.empty()) add(figures.metric);
  if (figures.rows) add(count(*figures.rows) + " test rows");
  return out;
}

}  // namespace itera::drawing
