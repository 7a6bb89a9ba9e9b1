#include "tests/golden/format/faithful.hpp"

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

/// A text that was parsed once.
class Read {
 public:
  explicit Read(std::string text)
      : source_("x.itera", std::move(text)), tree_(dsl::parse(source_, problems_)) {}

  std::optional<std::string> formatted() const {
    if (!tree_.sound || problems_.has_errors()) return std::nullopt;
    return dsl::format(tree_, source_);
  }

  /// The tree without places: kind and text of each term, clause by clause, block in block.
  std::string clauses() const { return dump(tree_.body, {dsl::syntax::words::file}, ""); }

  /// What the checker warns of, and each experiment with its plan; `experiments` becomes how many there are.
  std::string meaning(std::size_t& experiments) const {
    auto problems = problems_;
    Libraries catalog;
    auto const checked =
        dsl::check(tree_, source_, catalog, golden_folder(), problems, support::fake_columns);
    experiments = checked.size();
    // Errors quote the text and speak of the ends of lines, so they are not quite the same elsewhere.
    if (checked.empty()) return "nothing";
    std::vector<std::string> lines;
    for (auto const& warning : problems.sorted()) lines.push_back(warning.code + " " + warning.summary);
    for (auto const& experiment : checked) {
      lines.push_back(golden::dump(experiment));
      auto const plan = plan::compile(experiment, catalog, golden_folder(), false);
      EXPECT_TRUE(plan) << plan.error().what;
      if (plan) lines.push_back(plan::to_json(*plan).dump());
    }
    return fmt::format("{}", fmt::join(lines, "\n"));
  }

 private:
  SourceMap source_;
  Diagnostics problems_;
  dsl::syntax::File tree_;
};

}  // namespace

std::optional<std::string> formatted(std::string const& text) {
  return Read(text).formatted();
}

std::vector<std::string> comments_of(std::string const& text) {
  return parts_of(text).comments;
}

std::string bare(std::string const& text) {
  return parts_of(text).bare;
}

std::size_t expect_faithful(std::string const& text) {
  Read const before(text);
  auto const once = before.formatted();
  EXPECT_TRUE(once) << text;
  if (!once) return 0;
  Read const after(*once);
  auto const twice = after.formatted();
  EXPECT_TRUE(twice) << *once;
  if (!twice) return 0;
  EXPECT_EQ(*once, *twice) << "formatted again";
  EXPECT_EQ(comments_of(text), comments_of(*once));
  EXPECT_EQ(before.clauses(), after.clauses());
  std::size_t experiments = 0;
  EXPECT_EQ(before.meaning(experiments), after.meaning(experiments));
  EXPECT_TRUE(once->empty() || once->ends_with('\n'));
  EXPECT_FALSE(once->starts_with('\n') || once->ends_with("\n\n"));
  return experiments;
}

}  // namespace itera::golden
