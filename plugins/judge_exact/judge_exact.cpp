#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <itera/sdk/plugin.hpp>

#include "fold.hpp"

namespace {

using namespace itera::sdk;

constexpr std::size_t kShown = 80;  // bytes of a text in a reason
constexpr std::size_t kListed = 5;  // accepted answers in a reason

std::string quoted(std::string_view text) {
  if (text.size() <= kShown) return "`" + std::string(text) + "`";
  auto end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return "`" + std::string(text.substr(0, end)) + "...`";
}

// Empty parts are slips ("a|b|"), not accepted answers; a cell of nothing else accepts the empty answer.
std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0; from <= text.size();) {
    auto const end = std::min(text.find(separator, from), text.size());
    if (end > from) out.push_back(text.substr(from, end - from));
    from = end + separator.size();
  }
  if (out.empty()) out.emplace_back();
  return out;
}

class ExactJudge final : public JudgePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<ExactJudge>({.id = "dev.itera.judge.exact",
                                        .short_name = "exact",
                                        .version = "1.0.0",
                                        .summary = "1 if the answer is the expected text, else 0",
                                        .settings_schema = R"({"type": "object", "properties": {
           "ignore_case": {"type": "boolean", "default": false, "description": "capital and small letters are the same"},
           "ignore_space": {"type": "boolean", "default": true, "description": "runs of white space are one blank, and none at the ends"},
           "unicode": {"type": "boolean", "default": true, "description": "compare in the normal form NFKC"},
           "separator": {"type": "string", "description": "the expected cell holds several accepted answers, with this between them"}
         }})",
                                        .traits = deterministic});
  }

  ExactJudge(Host, Settings const& settings)
      : folding_{settings.flag("ignore_case"), settings.flag("ignore_space"), settings.flag("unicode")},
        separator_(settings.has("separator") ? settings.text("separator") : std::string()) {}

  void step(Step const& item) override {
    auto const expected = item.expected();
    if (!expected)
      return item.error("judge", "the row has no expected answer, which judge `exact` compares with");
    auto const accepted = separator_.empty() ? std::vector{*expected} : split(*expected, separator_);
    auto const got = fold(item.output(), folding_);
    bool const right = std::any_of(accepted.begin(), accepted.end(),
                                   [&](auto answer) { return fold(answer, folding_) == got; });
    item.score(Score{.value = right ? 1.0 : 0.0, .passed = right, .reason = reason(accepted, item.output())});
  }

 private:
  static std::string reason(std::vector<std::string_view> const& accepted, std::string_view got) {
    std::string out = accepted.size() == 1 ? "expected " : "expected one of ";
    for (std::size_t i = 0; i < std::min(accepted.size(), kListed); ++i)
      out += (i > 0 ? ", " : "") + quoted(accepted[i]);
    if (accepted.size() > kListed) out += ", ...";
    return out + ", got " + quoted(got);
  }

  Folding folding_;
  std::string separator_;
};

}  // namespace

ITERA_PLUGINS(ExactJudge)
