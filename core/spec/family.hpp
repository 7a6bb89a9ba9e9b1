#pragma once
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace itera::spec {

/// Who made a model, as far as its name tells: "openai" for `gpt-4.1-mini`, "anthropic" for
/// `us.anthropic.claude-x`; of names that are not known the letters before the first other character. Small
/// letters; empty for an empty name. A model that learnt from another's outputs is not of its family here.
inline std::string model_family(std::string_view model) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 30> known{
      {{"chatgpt", "openai"},    {"gpt", "openai"},
       {"o1", "openai"},         {"o3", "openai"},
       {"o4", "openai"},         {"openai", "openai"},
       {"claude", "anthropic"},  {"anthropic", "anthropic"},
       {"gemini", "google"},     {"gemma", "google"},
       {"google", "google"},     {"llama", "meta"},
       {"mistral", "mistral"},   {"mixtral", "mistral"},
       {"ministral", "mistral"}, {"magistral", "mistral"},
       {"codestral", "mistral"}, {"devstral", "mistral"},
       {"qwen", "qwen"},         {"qwq", "qwen"},
       {"deepseek", "deepseek"}, {"grok", "xai"},
       {"command", "cohere"},    {"cohere", "cohere"},
       {"phi", "microsoft"},     {"nova", "amazon"},
       {"titan", "amazon"},      {"glm", "zhipu"},
       {"kimi", "moonshot"},     {"moonshot", "moonshot"}}};
  std::string name(model);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  auto const letter = [&](std::size_t at) {
    return at < name.size() && std::isalpha(static_cast<unsigned char>(name[at]));
  };
  // The last path segment is the model; what stands before it is who serves it.
  auto const slash = name.rfind('/');
  if (slash != name.npos) name.erase(0, slash + 1);
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (at > 0 && std::isalnum(static_cast<unsigned char>(name[at - 1]))) continue;
    for (auto const& [word, family] : known)
      if (std::string_view(name).substr(at).starts_with(word) && !letter(at + word.size()))
        return std::string(family);
  }
  std::size_t end = 0;
  while (letter(end)) ++end;
  return name.substr(0, end == 0 ? name.size() : end);
}

}  // namespace itera::spec
