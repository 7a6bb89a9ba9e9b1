#include "core/cli/view/fmt.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/json.hpp"
#include "core/base/render.hpp"
#include "core/cli/view/human.hpp"

namespace itera::cli::view {
namespace {

using Json = nlohmann::json;
using Status = FormattedFile::Status;

// The first line in which two texts differ: its number, and it in both. A line is here with its line break,
// so that one that is missing is a difference.
struct Difference {
  std::size_t line = 1;
  std::string_view found, wanted;
};

std::string_view first_line(std::string_view text) {
  return text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
}

Difference difference(std::string_view found, std::string_view wanted) {
  for (std::size_t line = 1;; ++line) {
    auto const a = found.empty() ? found : first_line(found),
               b = wanted.empty() ? wanted : first_line(wanted);
    if (a != b || a.empty()) return {line, a, b};
    found.remove_prefix(a.size());
    wanted.remove_prefix(b.size());
  }
}

// What differs is often just what one does not see.
std::string visible(std::string_view line) {
  if (line.empty()) return "(no line)";
  bool const ended = line.ends_with('\n');
  if (ended) line.remove_suffix(1);
  auto const text_end = line.find_last_not_of(" \t\r") + 1;
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\t')
      out += "\\t";
    else if (line[i] == '\r')
      out += "\\r";
    else if (line[i] == ' ' && i >= text_end)
      out += "\xE2\x90\xA3";
    else if (line.substr(i).starts_with("\xEF\xBB\xBF"))
      out += "\\u{FEFF}", i += 2;
    else
      out += line[i];
  }
  return out + (ended ? "" : "  (no line break)");
}

Json to_json(FormattedFile const& file) {
  constexpr std::string_view names[] = {"same", "changed", "differs", "refused", "failed"};
  Json diagnostics = Json::array();
  for (auto const& problem : file.problems) diagnostics.push_back(itera::to_json(problem, file.source));
  Json out = {{"file", file.source.path()},
              {"status", names[static_cast<int>(file.status)]},
              {"diagnostics", diagnostics}};
  if (file.status == Status::differs || file.status == Status::changed)
    out["line"] = difference(file.source.text(), file.text).line;
  if (file.to_output) out["text"] = file.text;
  if (file.error) out["error"] = {{"message", file.error->what}, {"help", file.error->help}};
  return out;
}

}  // namespace

void human_formatted(Context const& context, FormattedFile const& file) {
  if (file.to_output) {
    context.out << file.text;
  } else if (file.status == Status::changed) {
    context.out << file.source.path() << "\n";
  } else if (file.status == Status::differs) {
    auto const [line, found, wanted] = difference(file.source.text(), file.text);
    context.out << fmt::format("{}:{}: not in the layout of `itera fmt`\n  - {}\n  + {}\n",
                               file.source.path(), line, visible(found), visible(wanted));
  } else if (file.status == Status::refused) {
    human_problems(context, file.source, file.problems);
  } else if (file.error) {
    human_error(context.err, *file.error);
  }
}

void json_formatted(std::ostream& out, std::vector<FormattedFile> const& files, bool ok) {
  Json list = Json::array();
  for (auto const& file : files) list.push_back(to_json(file));
  out << canonical({{"ok", ok}, {"files", list}}) << "\n";
}

}  // namespace itera::cli::view
