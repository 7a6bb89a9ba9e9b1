#include "tests/golden/format/faithful.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "core/plan/compile.hpp"
#include "core/plan/plan_json.hpp"
#include "dsl/check/check.hpp"
#include "dsl/format/format.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/syntax/words.hpp"
#include "tests/golden/dsl/spec_dump.hpp"
#include "tests/support/fake_catalog.hpp"

namespace itera::golden {
namespace {

using dsl::syntax::Body;
using dsl::syntax::Term;
using Heads = std::span<std::string_view const>;

struct Cut {
  Heads heads;
  bool settings = true;
};

// How the checker cuts the sentences of the block behind a clause.
Cut cut_behind(Term const& head) {
  namespace words = dsl::syntax::words;
  if (head.text == "experiment") return {words::experiment, false};
  if (head.text == "row") return {words::row};
  if (head.text == "split") return {words::split};
  if (head.text == "sprint") return {words::sprint};
  for (auto const* word : {"baseline", "arm", "control", "iteration"})
    if (head.text == word) return {words::arm};
  return {Heads()};
}

std::string dump(Term const& term) {
  constexpr char const* kinds[] = {"word",   "column", "text", "number",
                                   "symbol", "call",   "list", "assignment"};
  std::string items;
  for (auto const& item : term.items) items += " " + dump(item);
  return fmt::format("({} {}{})", kinds[static_cast<int>(term.kind)], term.text, items);
}

std::string dump(Body const& body, Cut cut, std::string const& indent) {
  std::string out;
  for (auto const& item : body.items) {
    auto const* head = &item.terms.front();
    for (std::size_t i = 0; i < item.terms.size(); ++i) {
      bool const begins = i > 0 && dsl::syntax::begins_clause(item.terms, i, cut.heads, cut.settings);
      if (begins) head = &item.terms[i];
      out += (i == 0 || begins ? "\n" + indent : " ") + dump(item.terms[i]);
    }
    if (item.body) out += " {" + dump(*item.body, cut_behind(*head), indent + "  ") + "\n" + indent + "}";
  }
  return out;
}

std::size_t end_of_literal(std::string const& text, std::size_t at) {
  std::string const fence = text[at] == '`' ? "`" : text.compare(at, 3, "\"\"\"") == 0 ? "\"\"\"" : "\"";
  for (at += fence.size(); text.compare(at, fence.size(), fence) != 0; ++at)
    if (text[at] == '\\' && fence != "`") ++at;
  return at + fence.size();
}

/// A text cut in two.
struct Parts {
  std::vector<std::string> comments;
  std::string bare;  // without them and without what stands in quotes
};

Parts parts_of(std::string const& text) {
  Parts out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"' || text[at] == '`') {
      at = end_of_literal(text, at);
    } else if (text.compare(at, 2, "//") == 0) {
      auto const end = std::min(text.find('\n', at), text.size());
      auto const comment = text.substr(at, end - at);
      out.comments.push_back(comment.substr(0, comment.find_last_not_of(" \t\r") + 1));
      at = end;
    } else {
      out.bare += text[at++];
    }
  }
  return out;
}

/// The fake catalog, whose plugins have a library that can be pinned.
class Libraries : public support::FakeCatalog {
 public:
  Result<ports::PluginInfo const*> find(ports::PluginKind kind, std::string const& short_name) override {
    auto const found = FakeCatalog::find(kind, short_name);
    if (!found) return found;
    auto& pinned = pinned_[{kind, short_name}];
    pinned = **found;
    pinned.library = golden_folder() + "/files/v1.txt";
    return &pinned;
  }

 private:
  std::map<std::pair<ports::PluginKind, std::string>, ports::PluginInfo> pinned_;
};

}  // namespace

std::optional<std::string> formatted(std::string const& text) {
  SourceMap const source("x.itera", text);
  Diagnostics problems;
  auto const tree = dsl::parse(source, problems);
  if (!tree.sound || problems.has_errors()) return std::nullopt;
  return dsl::format(tree, source);
}

std::vector<std::string> comments_of(std::string const& text) {
  return parts_of(text).comments;
}

std::string bare(std::string const& text) {
  return parts_of(text).bare;
}

std::string tree_of(std::string const& text) {
  SourceMap const source("x.itera", text);
  Diagnostics problems;
  auto const tree = dsl::parse(source, problems);
  EXPECT_TRUE(tree.sound && !problems.has_errors()) << text;
  return dump(tree.body, {dsl::syntax::words::file}, "");
}

std::string meaning_of(std::string const& text) {
  SourceMap const source("x.itera", text);
  Diagnostics problems;
  Libraries catalog;
  auto const experiments = dsl::check(dsl::parse(source, problems), source, catalog, golden_folder(),
                                      problems, support::fake_columns);
  // What is missing at the end of a line may come before or behind what is wrong in the next clause.
  std::vector<std::string> reported;
  for (auto const& problem : problems.sorted())
    reported.push_back(fmt::format("{} {}\n", problem.code, problem.help));
  std::sort(reported.begin(), reported.end());
  std::string out;
  for (auto const& one : reported) out += one;
  for (auto const& experiment : experiments) {
    out += golden::dump(experiment);
    auto const plan = plan::compile(experiment, catalog, golden_folder(), false);
    out += (plan ? plan::to_json(*plan).dump(2) : "no plan: " + plan.error().what) + "\n";
  }
  return out;
}

void expect_faithful(std::string const& text) {
  auto const once = formatted(text);
  ASSERT_TRUE(once) << text;
  auto const twice = formatted(*once);
  ASSERT_TRUE(twice) << *once;
  EXPECT_EQ(*once, *twice) << "formatted again";
  EXPECT_EQ(comments_of(text), comments_of(*once));
  EXPECT_EQ(tree_of(text), tree_of(*once));
  EXPECT_EQ(meaning_of(text), meaning_of(*once));
  EXPECT_TRUE(once->empty() || once->ends_with('\n'));
  EXPECT_FALSE(once->starts_with('\n') || once->ends_with("\n\n"));
}

}  // namespace itera::golden
