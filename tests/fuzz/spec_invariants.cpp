#include "tests/fuzz/spec_invariants.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/render.hpp"
#include "core/base/text.hpp"
#include "dsl/check/check.hpp"
#include "dsl/check/executable.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/support/fake_catalog.hpp"

namespace itera::fuzz {
namespace {

// 50 of the grammar, 20 of turned text, 100 of the checker, and for the first and the last one that says so.
constexpr std::size_t kErrors = 50 + 1 + 20 + 100 + 1;

class Invariants {
 public:
  explicit Invariants(std::string_view bytes)
      : source_("fuzzed.itera", std::string(bytes)), utf8_(is_valid_utf8(bytes)) {}

  std::string broken() {
    Diagnostics problems;
    auto const tree = dsl::parse(source_, problems);
    within(tree.body, whole());
    support::FakeCatalog catalog;
    auto const experiments =
        dsl::check(tree, source_, catalog, std::string(ITERA_SOURCE_DIR) + "/tests/golden/dsl", problems,
                   support::fake_columns);
    // Each warning is about a clause of its own.
    require(problems.error_count() <= kErrors, "too many errors");
    require(problems.sorted().size() <= kErrors + source_.text().size() / 8, "too many problems");
    require(problems.has_errors() == experiments.empty(), "an experiment beside an error, or neither");
    for (auto const& problem : problems.sorted()) shown(problem);
    for (auto const& experiment : experiments)
      for (auto const& refused : dsl::not_executed(experiment).sorted()) shown(refused);
    return std::move(broken_);
  }

 private:
  Span whole() const { return {0, static_cast<std::uint32_t>(source_.text().size())}; }

  void require(bool holds, std::string_view what) {
    if (!holds && broken_.empty()) broken_ = what;
  }

  bool is_boundary(std::uint32_t at) const {
    auto const& text = source_.text();
    return !utf8_ || at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
  }

  void place(Span span, Span outer, std::string_view of) {
    require(span.begin <= span.end && span.begin >= outer.begin && span.end <= outer.end,
            fmt::format("{}: {}-{} is not within {}-{}", of, span.begin, span.end, outer.begin, outer.end));
    require(is_boundary(span.begin) && is_boundary(span.end),
            fmt::format("{}: {}-{} cuts a character", of, span.begin, span.end));
  }

  void within(dsl::syntax::Body const& body, Span outer) {
    for (auto const& item : body.items) {
      for (auto const& term : item.terms) within(term, outer);
      if (!item.body) continue;
      place(item.body->open, outer, "a block");
      within(*item.body, outer);
    }
  }

  void within(dsl::syntax::Term const& term, Span outer) {
    place(term.span, outer, "a term");
    for (auto const& item : term.items) within(item, term.span);
  }

  void shown(Diagnostic const& problem) {
    place(problem.subject, whole(), problem.summary);
    for (auto const& label : problem.labels) place(label.span, whole(), label.text);
    require(!problem.summary.empty(), "a problem without words");
    require(problem.summary.find('\n') == std::string::npos, "a summary of two lines: " + problem.summary);
    for (bool const colour : {false, true}) {
      auto const text = render(problem, source_, colour);
      require(text.ends_with('\n'), "what is rendered does not end with its line");
      require(!utf8_ || is_valid_utf8(text), "what is rendered cuts a character: " + text);
    }
    require(!to_json(problem, source_).dump().empty(), "nothing for a program");
  }

  SourceMap source_;
  bool utf8_;
  std::string broken_;
};

}  // namespace

std::string violation(std::string_view bytes) {
  return Invariants(bytes).broken();
}

}  // namespace itera::fuzz
