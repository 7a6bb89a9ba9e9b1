#include "tests/support/generate_spec.hpp"

#include <algorithm>
#include <optional>

#include "tests/support/untidy.hpp"

namespace itera::support {
namespace {

// A clause with its block, of which it may have none.
struct Node {
  Words words;
  std::optional<std::vector<Node>> block;
  bool own_line = false;
};

std::string quoted(std::string const& text) {
  return "\"" + text + "\"";
}

Words joined(Words a, Words const& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : dice_(seed) {}

  std::string spec() {
    std::vector<Node> file;
    for (auto n = 1 + dice_.below(dice_.one_in(4) ? 3 : 1); n > 0; --n) file.push_back(experiment());
    for (auto const& use : uses_) file.insert(file.begin() + at(file.size()), use);
    Untidy page(dice_);
    write(page, file);
    return page.take();
  }

 private:
  std::ptrdiff_t at(std::size_t size) { return static_cast<std::ptrdiff_t>(dice_.below(size + 1)); }
  bool maybe() { return dice_.one_in(2); }

  void write(Untidy& page, std::vector<Node> const& nodes) {
    for (auto const& node : nodes) {
      page.clause(node.words, node.own_line);
      if (!node.block) continue;
      page.open();
      write(page, *node.block);
      page.close();
    }
  }

  // --- words

  std::string name() {
    static std::vector<std::string> const stems = {
        "v",      "key",           "seed", "iteration", "and_more",
        "ref",    "one",           "file", "train",     "_",
        "Output", "deterministic", "rule", "when1",     "a_rather_long_name"};
    return dice_.of(stems) + std::to_string(++names_);
  }

  std::string text() {
    static std::vector<std::string> const texts = {
        "plain words",
        "a // b",
        "\\\"quoted\\\" \\\\",
        "\\u{1F600}\\n",
        "a { b } [ c ] = `",
        "日本語の文",
        "tab\there  and  blanks",
        "a text that is longer than most of the others, and goes on",
    };
    if (!dice_.one_in(6)) return quoted(dice_.of(texts));
    static std::vector<std::string> const lines = {"first // line",       "  deeper", "\ttab", "", "   ",
                                                   "\\\"\\\"\\\" kept  ", "} and {"};
    std::string const margin(dice_.below(5), ' ');
    std::string out = "\"\"\"" + std::string(maybe() ? "" : maybe() ? "begins here" : "  ") + "\n";
    for (auto n = dice_.below(4); n > 0; --n) out += margin + dice_.of(lines) + "\n";
    return out + margin + "last" + (maybe() ? "" : "\n" + std::string(dice_.below(5), ' ')) + "\"\"\"";
  }

  std::string number(std::vector<std::string> const& of) { return dice_.of(of); }

  Words list(std::vector<std::string> const& items) {
    Words out{"["};
    for (auto const& item : items)
      out = joined(out, &item == &items.front() ? Words{item} : Words{",", item});
    if (!items.empty() && maybe()) out.emplace_back(",");
    return joined(out, {"]"});
  }

  static Words columns(std::vector<std::string> const& names) {
    Words out;
    for (auto const& one : names) out = joined(out, out.empty() ? Words{one} : Words{",", one});
    return out;
  }

  Node setting(std::string const& name, Words const& value) {
    return {joined({name, "="}, value), {}, false};
  }

  template <class T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[dice_.below(i)]);
  }

  // --- expressions: `amount`, `days known` and `n` are numbers, `is_new` is a truth, `code` a text

  Words sum(int depth) {
    if (depth == 0 || dice_.one_in(3))
      return {dice_.of(
          std::vector<std::string>{"amount", "`days known`", "n", "5", "2.5", "1/3", "50k", "1_000"})};
    switch (dice_.below(5)) {
      case 0:
        return joined(joined(sum(depth - 1), {dice_.of(Words{"+", "-", "*"})}), sum(depth - 1));
      case 1:
        return joined(sum(depth - 1), {"/", "4"});
      case 2:
        return joined(joined({dice_.of(Words{"min", "max"}), "("}, sum(depth - 1)),
                      joined({","}, joined(sum(depth - 1), {")"})));
      case 3:
        return joined(joined({dice_.of(Words{"abs", "("}) == "abs" ? "abs" : "-", "("}, sum(depth - 1)),
                      {")"});
      default:
        return joined({"-"}, {dice_.of(Words{"amount", "n", "5"})});
    }
  }

  Words condition(int depth) {
    static std::vector<Words> const simple = {{"output", "matches", "\"^[0-9]{4}$\""},
                                              {"len", "(", "output", ")", "==", "0"},
                                              {"code", "!=", "output"},
                                              {"is_new"},
                                              {"true", "==", "is_new"},
                                              {"output", "==", "\"a // text\""}};
    if (depth == 0) return dice_.of(simple);
    switch (dice_.below(5)) {
      case 0:
        return joined(joined(sum(1), {dice_.of(Words{"<", "<=", ">", ">=", "==", "!="})}), sum(1));
      case 1:
        return joined({"not"}, dice_.of(simple));
      case 2:
        return joined(joined({"("}, condition(depth - 1)), {")"});
      default:
        return joined(joined(condition(depth - 1), {dice_.of(Words{"and", "or"})}), condition(depth - 1));
    }
  }

  // --- plugins

  std::vector<Node> llm(std::string const& model) {
    std::vector<Node> out{
        setting("rubric", maybe() ? Words{text()} : Words{"file", "(", "\"files/rubric.md\"", ")"}),
        setting("model", {quoted(model)})};
    if (maybe()) out.push_back(setting("provider", {"\"another\""}));
    shuffle(out);
    return out;
  }

  Node judged(Words words) {
    switch (dice_.below(4)) {
      case 0:
        return {joined(words, {"llm"}), llm("judge"), false};
      case 1:
        return {joined(words, {"exact"}), std::vector{setting("ignore_case", {maybe() ? "true" : "false"})},
                false};
      case 2:
        return {joined(words, {"exact"}), std::vector<Node>(), false};
      default:
        return {joined(words, {"exact"}), {}, false};
    }
  }

  // The one change of an arm, and what else may stand in its block; unique, so that no two arms are the same.
  std::vector<Node> change(std::string const& plugin) {
    auto const n = std::to_string(++changes_);
    if (plugin == "process") return {setting("command", list({quoted("program" + n), "\"--fast\""}))};
    if (plugin == "openai" && maybe())
      return {maybe() ? setting("temperature", {"0.00" + n}) : setting("system", {quoted("prompt " + n)})};
    return {setting("model", {quoted("model " + n)})};
  }

  std::vector<Node> whole(std::string const& plugin) {
    auto const n = std::to_string(++changes_);
    if (plugin == "process") {
      std::vector<Node> out{setting("command", list({quoted("program" + n)}))};
      if (maybe()) out.push_back(setting("feed", {dice_.of(Words{"raw", "json"})}));
      if (maybe()) out.push_back(setting("timeout", {dice_.of(Words{"10s", "2.5s"})}));
      if (maybe()) out.push_back(setting("prepare", list({"\"make // it\"", "\"a\"", "\"b\""})));
      return out;
    }
    std::vector<Node> out{setting("model", {quoted("model " + n)})};
    if (maybe()) out.push_back(setting("user", {maybe() ? text() : "\"{{subject}}\""}));
    if (plugin == "anthropic") return out;
    out.push_back(setting("api_key", {"env", "(", "\"API_KEY\"", ")"}));
    if (maybe()) out.push_back(setting("system", {"file", "(", "\"files/v1.txt\"", ")"}));
    if (maybe()) out.push_back(setting("price", {"$0.40"}));
    if (maybe()) out.push_back(setting("stream", {maybe() ? "true" : "false"}));
    if (maybe()) out.push_back(setting("top_k", {"40"}));
    return out;
  }

  struct Arm {
    std::string name, plugin;
  };

  // An arm, a control or an iteration, as far as its block; `plugin` becomes what it uses.
  Node derived(Words words, std::string& plugin) {
    std::vector<Node> block;
    if (dice_.one_in(4)) {
      auto other = plugin;
      while (other == plugin) other = dice_.of(Words{"process", "openai", "anthropic"});
      plugin = other;
      words = joined(words, {"using", plugin});
      block = whole(plugin);
    } else {
      block = change(plugin);
    }
    if (dice_.one_in(3)) block.push_back({{"deterministic"}, {}, false});
    if (dice_.one_in(3)) block.push_back({{"one", "mechanism", text()}, {}, false});
    if (dice_.one_in(4)) block.push_back({{"ref", text()}, {}, false});
    shuffle(block);
    return {words, block, false};
  }

  std::vector<Node> arms() {
    std::vector<Arm> all{{name(), dice_.of(Words{"process", "openai", "anthropic"})}};
    auto block = whole(all[0].plugin);
    block.push_back({{"ref", text()}, {}, false});
    if (maybe()) block.push_back({{"deterministic"}, {}, false});
    shuffle(block);
    std::vector<Node> out{{{"baseline", all[0].name, "using", all[0].plugin}, block, false}};
    std::vector<Node> sprints;
    auto const arms = 1 + dice_.below(3);
    for (std::size_t i = 0, n = arms + dice_.below(2); i < n; ++i) {
      auto const parent = all[dice_.below(all.size())];
      Arm arm{name(), parent.plugin};
      Words words{i < arms ? "arm" : "control", arm.name, "from", parent.name};
      if (maybe()) words.push_back(text());
      out.push_back(derived(words, arm.plugin));
      if (i < arms && dice_.one_in(3)) sprints.push_back(sprint(arm));
      if (i < arms) all.push_back(arm);
    }
    out.insert(out.end(), sprints.begin(), sprints.end());
    return out;
  }

  Node sprint(Arm const& arm) {
    std::vector<Node> iterations;
    auto plugin = arm.plugin;
    for (auto n = 1 + dice_.below(3); n > 0; --n)
      iterations.push_back(derived({"iteration", name(), text()}, plugin));
    return {{"sprint", arm.name}, iterations, false};
  }

  // --- data

  // A slice, whether it has a plain name, and the values that the traffic gives it.
  struct Slice {
    std::string name;
    std::vector<std::string> values;
  };

  std::vector<Node> data() {
    slices_.clear();
    Words slices{"tier", "region", "`pay plan`", "channel"};
    shuffle(slices);
    slices.resize(dice_.below(4));
    for (auto const& slice : slices) slices_.push_back({slice, {}});
    bool const labelled = maybe();
    bool const entity = maybe();

    std::vector<Node> row{
        {{"key", maybe() ? "id" : "`key`"}, {}, false},
        {joined({"input"}, maybe() ? Words{"subject"} : columns({"subject", "body", "`a // b`"})),
         {},
         false}};
    if (labelled) row.push_back({{"expected", "label"}, {}, false});
    if (!slices.empty()) row.push_back({joined({"slice"}, columns(slices)), {}, false});
    if (entity) row.push_back({{"entity", "vendor"}, {}, false});
    if (maybe())
      row.push_back({joined(joined({"severity", "min", "("}, sum(3)), {",", "50k", ")"}), {}, false});
    shuffle(row);

    std::vector<Node> split{{{"seed", "20260412"}, {}, false}};
    if (maybe())
      for (auto const& [part, share] :
           {std::pair{"train", "30%"}, std::pair{"dev", "50%"}, std::pair{"test", "20%"}})
        split.push_back({{part, share}, {}, false});
    if (labelled || !slices.empty())
      if (maybe())
        split.push_back({joined({"stratify"}, columns(labelled ? Words{"label"} : slices)), {}, false});
    if (entity && maybe()) {
      Words cap{"cap", "3", "per", "vendor"};
      split.push_back({maybe() ? cap : joined(cap, {",", "1/3", "of", "rows"}), {}, false});
    }
    shuffle(split);

    std::vector<Node> out{{{"row"}, row, false}, {{"split"}, split, false}};
    if (maybe()) out.push_back({{"sample", number({"4000", "4_000", "50k"}), "rows"}, {}, false});
    std::vector<Node> traffic;
    for (auto& slice : slices_) {
      if (slice.name.front() == '`' || maybe()) continue;  // a sentence begins with a name
      slice.values = {"smb", "\"sole // trader\"", "7"};
      traffic.push_back(
          {{slice.name, "smb", "60%", ",", "\"sole // trader\"", "39.5%", ",", "7", "0.5%"}, {}, true});
    }
    if (!traffic.empty()) out.push_back({{"traffic"}, traffic, false});
    return out;
  }

  Node rows() {
    Words const words{"rows", maybe() ? "from" : "using"};
    if (maybe())
      return {joined(words, {"csv"}),
              std::vector{
                  setting("path", maybe() ? Words{"\"rows.csv\""} : Words{"file", "(", "\"a.csv\"", ")"})},
              true};
    std::vector<Node> block{setting("connection", {"env", "(", "\"DSN\"", ")"}), setting("query", {text()})};
    shuffle(block);
    return {joined(words, {"postgres"}), block, true};
  }

  // --- the rule

  void add_mode(Words& guard) {
    if (maybe()) guard = joined(guard, {"by", dice_.of(Words{"point", "interval", "harm"})});
  }

  Words rule(std::vector<std::string> const& metrics, std::vector<std::string> const& categories) {
    bool const benefit = dice_.one_in(4);
    Words out{"ship", "when", "effect"};
    if (!slices_.empty() && dice_.one_in(4))
      out = joined(out, {"over", "traffic", "of", slices_.front().name});
    out = joined(out, {">=", benefit ? "-1pp" : number({"5pp", "10%", "0.5pp", "1e1pp"})});
    if (dice_.one_in(3)) out = joined(out, {"by", maybe() ? "interval" : "point"});
    std::vector<Words> guards;
    if (benefit || maybe()) guards.push_back({"cost", "<=", benefit ? "-50%" : "+60%"});
    if (maybe()) guards.push_back({"latency", "<=", "+10%"});
    if (maybe()) guards.push_back({"latency", "p95", "<=", "+20%"});
    for (auto const& slice : slices_) {
      if (maybe()) guards.push_back({"every", slice.name, ">=", number({"-2pp", "0pp", "+1pp", "-1.5%"})});
      if (slice.name.front() == '`' || maybe()) continue;
      guards.push_back({slice.name, "=",
                        slice.values.empty() ? "\"large enterprise\"" : dice_.of(slice.values),
                        ">=", "-3pp"});
      add_mode(guards.back());
    }
    for (auto const& metric : metrics)
      if (maybe()) {
        guards.push_back({metric, ">=", "-1pp"});
        add_mode(guards.back());
      }
    for (auto const& category : categories)
      if (maybe()) guards.push_back({category, "does", "not", "rise"});
    shuffle(guards);
    for (auto const& guard : guards) out = joined(joined(out, {"and"}), guard);
    return out;
  }

  // --- all of it

  std::vector<Node> metrics(std::vector<std::string>& secondaries) {
    std::vector<Node> out{judged({"metric", name(), "using"})};
    if (maybe())
      out.push_back({joined({"also"}, maybe() ? Words{"cost"} : columns({"latency", "cost"})), {}, false});
    for (auto n = dice_.below(3); n > 0; --n) {
      secondaries.push_back(name());
      if (!dice_.one_in(3)) {
        out.push_back(judged({"also", secondaries.back(), "using"}));
        continue;
      }
      auto const plugin = name();
      uses_.push_back({{"use", plugin, "from", quoted("plugins/lib" + plugin + ".so")}, {}, false});
      out.push_back({{"also", secondaries.back(), "using", plugin}, {}, false});
    }
    if (maybe())
      out.push_back(
          {{"crosscheck", number({"5", "1_000"}), "rows", "using", "llm"}, llm("second judge"), false});
    return out;
  }

  std::vector<Node> failures(std::vector<std::string>& categories) {
    std::vector<Node> out;
    for (auto n = dice_.below(6); n > 0; --n) {
      categories.push_back(name());
      Words words{"failure", categories.back(), "weight", number({"1", "2.5", "10k", "1/4"}), text()};
      if (maybe()) words = joined(joined(words, {"when"}), condition(2));
      out.push_back({words, {}, false});
    }
    return out;
  }

  std::vector<Node> extras() {
    std::vector<Node> out;
    auto const add = [&](Words words) {
      if (maybe()) out.push_back({std::move(words), {}, false});
    };
    add({"trials", number({"3", "5"})});
    add({"budget", number({"$40", "$0.5", "$2k"})});
    add({"accept", "underpowered", text()});
    add({"report", "using", "markdown"});
    if (maybe())
      out.push_back({{"report", "using", "charts"},
                     std::vector{setting("formats", list({"\"png\"", "\"svg\""}))},
                     false});
    return out;
  }

  Node experiment() {
    std::vector<Node> clauses = data();
    auto const add = [&](std::vector<Node> const& more) {
      clauses.insert(clauses.end(), more.begin(), more.end());
    };
    std::vector<std::string> secondaries, categories;
    add({{{"question", text()}, {}, false}, {{"hypothesis", text()}, {}, false}, rows()});
    add({{maybe() ? Words{"origin", "production"} : Words{"origin", "generated", "from", text()},
          {},
          false}});
    add(metrics(secondaries));
    add(failures(categories));
    add(extras());
    add({{rule(secondaries, categories), {}, false}});
    shuffle(clauses);
    // An arm stands below the one that it derives from.
    std::size_t least = 0;
    for (auto const& arm : arms()) {
      least += dice_.below(clauses.size() - least + 1);
      clauses.insert(clauses.begin() + static_cast<std::ptrdiff_t>(least++), arm);
    }
    return {{"experiment", name()}, clauses, false};
  }

  Dice dice_;
  std::size_t names_ = 0, changes_ = 0;
  std::vector<Slice> slices_;
  std::vector<Node> uses_;
};

}  // namespace

std::string generate_spec(std::uint64_t seed) {
  return Generator(seed).spec();
}

}  // namespace itera::support
