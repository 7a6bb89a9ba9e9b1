#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

// A team's own layout of the conclusion: Mustache over the evidence document (docs/report-templates.md).

/// The values that a template can name: the evidence document, with what stands there in maps by arm, slice
/// or category turned into lists, numbers also as people read them, and the built-in sections under
/// `sections`.
nlohmann::json template_context(nlohmann::json const& evidence);

/// Every key that a template may name, as one example document: "" is a text, 0 a number, true a flag, a list
/// has one element. Keys that only some experiments have are in it.
nlohmann::json const& template_shape();

/// Every dotted name in the shape, through lists too ("arms.effect_sizes.aggregate.delta"), sorted.
std::vector<std::string> template_keys();

struct Mistake {
  std::size_t line = 0, column = 0;  ///< from 1; the column counts characters
  std::string what;
};

/// More are not looked for.
inline constexpr std::size_t kMostMistakes = 20;

/// What is wrong with a template, in its order: tags and sections that do not close, keys that do not exist,
/// values used as what they are not, and the parts of Mustache that are not supported. Empty: it can be
/// rendered. Linear in the size of the template.
std::vector<Mistake> template_mistakes(std::string_view text);

/// Thrown by render_template() for a template whose sections repeat each other without end.
struct TooMuch : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `{{x}}` is escaped for Markdown, `{{{x}}}` is not. What does not stand in this document is nothing.
/// Precondition: no mistakes. Bounded in time and memory, whatever the template.
std::string render_template(std::string const& text, nlohmann::json const& evidence);
