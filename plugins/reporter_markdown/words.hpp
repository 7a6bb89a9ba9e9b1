#pragma once
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

// How values of the evidence document are written in Markdown. A value that is not there is "n/a".

/// Text from specs and data as it is: no mark-up of it takes effect, and no line break ends a table's row.
std::string plain(std::string_view text);
/// One of the evidence's own sentences: what stands in backquotes is code, the rest is plain but for what
/// reads better unescaped (intervals, comparisons).
std::string sentence(std::string_view text);

/// The text itself; nothing for null; anything else as JSON.
std::string text(nlohmann::json const& value);
/// The member as text; nothing if there is none.
std::string at(nlohmann::json const& object, char const* key);

/// A fraction as "74.2%".
std::string percent(nlohmann::json const& value);
/// A fraction as "-7.0pp".
std::string points(nlohmann::json const& value);
/// The noise floor, a fraction without a sign, as "0.52pp".
std::string noise(nlohmann::json const& value);
/// "[-9.7pp, -4.4pp]" of an effect's ci_low and ci_high.
std::string interval(nlohmann::json const& effect);
/// Three significant digits.
std::string shortened(nlohmann::json const& value);
std::string money(nlohmann::json const& value);
