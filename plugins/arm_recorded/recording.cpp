#include "recording.hpp"

#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;
using itera::sdk::Answer, itera::sdk::Invalid;

// Caught by the constructor, which knows the line's number.
struct BadLine : std::runtime_error {
  using std::runtime_error::runtime_error;
};

double amount(Json const& line, char const* name) {
  auto const& value = line.at(name);
  if (!value.is_number() || value.get<double>() < 0)
    throw BadLine(std::string("`") + name + "` is no amount");
  return value.get<double>();
}

Answer read_figures(Json const& line) {
  Answer out;
  if (line.contains("cost_usd")) out.cost_usd = amount(line, "cost_usd");
  if (line.contains("latency_ms")) out.latency_ms = amount(line, "latency_ms");
  if (line.contains("tokens")) {
    auto const& tokens = line.at("tokens");
    auto const counted = [&](char const* name) {
      return tokens.is_object() && tokens.contains(name) && tokens.at(name).is_number_unsigned();
    };
    if (!counted("in") || !counted("out")) throw BadLine("`tokens` is not {\"in\": n, \"out\": n}");
    out.tokens = {tokens.at("in").get<std::uint64_t>(), tokens.at("out").get<std::uint64_t>()};
  }
  return out;
}

std::vector<std::pair<std::uint32_t, std::string>> read_outputs(Json const& line) {
  bool const one = line.contains("output");
  if (one == line.contains("outputs")) throw BadLine("a line needs either `output` or `outputs`");
  if (one) {
    if (!line.at("output").is_string()) throw BadLine("`output` is no text");
    auto const trial = line.value("trial", Json(0U));
    if (!trial.is_number_unsigned() || trial.get<std::uint64_t>() > 1'000'000)
      throw BadLine("`trial` is no number 0, 1, ...");
    return {{trial.get<std::uint32_t>(), line.at("output").get<std::string>()}};
  }
  std::vector<std::pair<std::uint32_t, std::string>> out;
  auto const& outputs = line.at("outputs");
  if (!outputs.is_array() || outputs.empty() || line.contains("trial"))
    throw BadLine("`outputs` must list one text per trial, and `trial` has no place beside it");
  for (auto const& text : outputs) {
    if (!text.is_string()) throw BadLine("`outputs` must list one text per trial");
    out.emplace_back(static_cast<std::uint32_t>(out.size()), text.get<std::string>());
  }
  return out;
}

}  // namespace

Recording::Recording(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Invalid("cannot open `" + path + "`", "correct `path`");
  std::string line;
  std::uint64_t number = 0;
  try {
    while (std::getline(file, line)) {
      ++number;
      if (line.find_first_not_of(" \t\r") != line.npos) add(line);
    }
  } catch (BadLine const& e) {
    throw Invalid(
        path + ":" + std::to_string(number) + ": " + e.what(),
        R"(each line is {"key": text, "output": text} or {"key": text, "outputs": [text per trial]})");
  }
  if (file.bad()) throw Invalid("cannot read `" + path + "`", "correct `path`");
  if (rows_.empty()) throw Invalid("`" + path + "` holds no outputs", "record at least one row");
}

void Recording::add(std::string const& text) {
  auto const line = Json::parse(text, nullptr, false);
  if (!line.is_object()) throw BadLine("no JSON object");
  if (!line.contains("key") || !line.at("key").is_string()) throw BadLine("no text `key`");
  auto const key = line.at("key").get<std::string>();
  auto const figures = read_figures(line);
  for (auto& [trial, output] : read_outputs(line)) {
    auto answer = figures;
    answer.output = std::move(output);
    if (!rows_[key].emplace(trial, std::move(answer)).second)
      throw BadLine("key `" + key + "` has trial " + std::to_string(trial) +
                    " already; give each line its `trial`");
  }
}

Recording::Trials const* Recording::find(std::string_view key) const {
  auto const found = rows_.find(std::string(key));
  return found == rows_.end() ? nullptr : &found->second;
}
