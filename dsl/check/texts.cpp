#include "dsl/check/texts.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "dsl/check/clause.hpp"

namespace itera::dsl::meaning {
namespace {

constexpr std::uintmax_t kReadable = 4 * 1024 * 1024;
// Cells of the table of common lines: beyond that, lines are compared without their order.
constexpr std::size_t kTable = 4'000'000;

std::vector<std::string> folded_lines(std::string_view text) {
  std::vector<std::string> out;
  for (auto const& line : split_lines(text))
    if (auto folded = squeeze(line); !folded.empty()) out.push_back(std::move(folded));
  return out;
}

/// For each line of `a` and of `b`: whether it is one of a longest common sequence.
struct Kept {
  std::vector<bool> a, b;
};

Kept common(std::span<std::string const> a, std::span<std::string const> b) {
  Kept out{std::vector<bool>(a.size()), std::vector<bool>(b.size())};
  if (a.size() * b.size() > kTable) {
    std::map<std::string_view, int> seen;
    for (auto const& line : a) ++seen[line];
    for (std::size_t j = 0; j < b.size(); ++j) out.b[j] = seen.contains(b[j]) && seen[b[j]]-- > 0;
    for (std::size_t i = 0; i < a.size(); ++i) out.a[i] = seen[a[i]]-- <= 0;
    return out;
  }
  std::vector<std::uint32_t> table((a.size() + 1) * (b.size() + 1));
  auto const at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return table[i * (b.size() + 1) + j];
  };
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      at(i, j) = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      out.a[i++] = out.b[j++] = true;
    } else {
      at(i + 1, j) >= at(i, j + 1) ? ++i : ++j;
    }
  }
  return out;
}

}  // namespace

std::string text_of(std::filesystem::path const& folder, spec::Value const& value) {
  if (auto const* text = std::get_if<std::string>(&value.data)) return *text;
  auto const* file = std::get_if<spec::FileRef>(&value.data);
  if (!file) return {};
  std::error_code failed;
  if (std::filesystem::file_size(folder / file->path, failed) > kReadable || failed) return {};
  auto text = read_file(folder / file->path);
  return text ? std::move(*text) : std::string();
}

std::size_t changed_places(std::string_view before, std::string_view after) {
  auto const a = folded_lines(before);
  auto const b = folded_lines(after);
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  auto const kept = common(std::span(a).subspan(head, a.size() - head - tail),
                           std::span(b).subspan(head, b.size() - head - tail));
  std::size_t out = 0;
  for (std::size_t i = 0, j = 0; i < kept.a.size() || j < kept.b.size();) {
    bool changed = false;
    while (i < kept.a.size() && !kept.a[i]) changed = ++i > 0;
    while (j < kept.b.size() && !kept.b[j]) changed = ++j > 0;
    out += changed;
    while (i < kept.a.size() && j < kept.b.size() && kept.a[i] && kept.b[j]) ++i, ++j;
    // Without order a line may be kept on one side only.
    if (i < kept.a.size() && kept.a[i] && j == kept.b.size()) break;
    if (j < kept.b.size() && kept.b[j] && i == kept.a.size()) break;
  }
  return out;
}

void check_templates(Report& report, ports::PluginInfo const& info, std::span<spec::Setting const> settings,
                     spec::RowMapping const& row, std::vector<std::string> const& columns,
                     std::span<std::string_view const> others) {
  for (auto const& setting : settings) {
    auto const schema = std::find_if(info.settings.begin(), info.settings.end(),
                                     [&](auto const& s) { return s.name == setting.name.value; });
    if (schema == info.settings.end() || !schema->is_template) continue;
    std::vector<std::string> known;
    for (auto const& input : row.inputs) known.push_back(input.value);
    for (auto const other : others) known.emplace_back(other);
    known.insert(known.end(), schema->template_names.begin(), schema->template_names.end());
    std::unordered_set<std::string> const inputs(known.begin(), known.end());
    auto const text = text_of(report.folder, setting.value);
    std::unordered_set<std::string> told;
    for (std::size_t open = 0, next = 0; (open = text.find("{{", next)) != text.npos && !report.full();) {
      next = open + 4;
      if (text.compare(open, 4, "{{{{") == 0) continue;  // two braces that open nothing
      auto const close = text.find("}}", open);
      if (close == text.npos) break;
      next = close + 2;
      auto name = squeeze(std::string_view(text).substr(open + 2, close - open - 2));
      if (name.starts_with("json ") && !inputs.contains(name)) name.erase(0, 5);
      if (inputs.contains(name) || !told.insert(name).second) continue;
      auto where = setting.value.span;
      auto const* file = std::get_if<spec::FileRef>(&setting.value.data);
      // Escapes and layout move what stands in the text, so it is looked up in the spec as written.
      if (auto const at =
              report.source.slice(where).find(std::string_view(text).substr(open, close + 2 - open));
          !file && at != std::string_view::npos)
        where = {where.begin + static_cast<std::uint32_t>(at),
                 where.begin + static_cast<std::uint32_t>(at + close + 2 - open)};
      auto const line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(open), '\n');
      auto const near = did_you_mean(name, known);
      bool const answer = row.expected && row.expected->value == name;
      bool const column = std::find(columns.begin(), columns.end(), name) != columns.end();
      report.error(
          codes::unknown_input, where,
          file ? fmt::format("line {} of `{}` names `{}`, which is no input", line, file->path, brief(name))
               : fmt::format("`{}` names `{}`, which is no input", setting.name.value, brief(name)),
          near     ? fmt::format("did you mean `{{{{{}}}}}`?", *near)
          : answer ? std::string("it is the expected answer, which an arm must not see")
          : column ? fmt::format("add it to `row`: `input {}`", name)
                   : fmt::format("the inputs are {}", listed(known)));
    }
  }
}

}  // namespace itera::dsl::meaning
