#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// Pieces of HTML. Whatever takes text returns it escaped; whatever is called `html` is mark-up already.
namespace itera::html {

/// Text with its invisible characters made visible: control characters, and the marks that turn the
/// direction of writing, by which one text can pass for another. Longer than `most` code points (0: no
/// bound), it is cut and ends in `…`. Precondition: UTF-8.
std::string visible(std::string_view text, std::size_t most = 0);

/// `visible` text for an element's content or a quoted attribute.
std::string escape(std::string_view text);
/// The same in <bdi>, so that text from right to left does not move what stands beside it.
std::string isolated(std::string_view text);
/// A sentence of ours, escaped; the names in backquotes become <code>.
std::string sentence(std::string_view text);

/// The member as text; empty if it is absent or null.
std::string text_at(nlohmann::json const& object, char const* key);
/// Fractions as `74.2%` and `+1.0pp`; dollars as `$0.25`; `n/a` or `not reported` for what is no number.
std::string percent(nlohmann::json const& fraction);
std::string points(nlohmann::json const& fraction);
/// `[-9.7pp, -4.4pp]`.
std::string interval(nlohmann::json const& effect);
std::string money(nlohmann::json const& usd);
std::string number(nlohmann::json const& value);
/// 12,345
std::string count(unsigned long long n);

/// A word of the engine (`pass`, `kill`, `cannot be shown`, ...) with its colour and its icon.
std::string chip(std::string_view word);
/// The definitions of the icons that chip() refers to; once in a page.
std::string icons();

struct Column {
  std::string name;
  bool numeric = false;
};

/// A table whose first column holds row headers, in a region that scrolls sideways. `caption` is text,
/// `cells` are HTML.
std::string table(std::string_view caption, std::vector<Column> const& columns,
                  std::vector<std::vector<std::string>> const& cells);

}  // namespace itera::html
