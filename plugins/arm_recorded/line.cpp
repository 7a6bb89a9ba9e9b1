#include "line.hpp"

#include <optional>

#include <nlohmann/json.hpp>
#include <simdjson.h>

namespace {

using Json = nlohmann::json;
using itera::sdk::Answer;
using simdjson::SUCCESS;

constexpr std::uint64_t kMostTrial = 1'000'000;
constexpr std::size_t kMostPlain = std::size_t{1}
                                   << 20;  // the parser's buffers stay as large as its largest text

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

void read_outputs(Json const& line, RecordedLine& out) {
  bool const one = line.contains("output");
  if (one == line.contains("outputs")) throw BadLine("a line needs either `output` or `outputs`");
  out.list = !one;
  if (one) {
    if (!line.at("output").is_string()) throw BadLine("`output` is no text");
    auto const trial = line.value("trial", Json(0U));
    if (!trial.is_number_unsigned() || trial.get<std::uint64_t>() > kMostTrial)
      throw BadLine("`trial` is no number 0, 1, ...");
    out.trial = trial.get<std::uint32_t>();
    out.outputs.push_back(line.at("output").get<std::string>());
    return;
  }
  auto const& outputs = line.at("outputs");
  if (!outputs.is_array() || outputs.empty() || line.contains("trial"))
    throw BadLine("`outputs` must list one text per trial, and `trial` has no place beside it");
  for (auto const& text : outputs) {
    if (!text.is_string()) throw BadLine("`outputs` must list one text per trial");
    out.outputs.push_back(text.get<std::string>());
  }
}

// Any line, and what is wrong with it.
RecordedLine careful_line(std::string_view text) {
  auto const line = Json::parse(text, nullptr, false);
  if (!line.is_object()) throw BadLine("no JSON object");
  if (!line.contains("key") || !line.at("key").is_string()) throw BadLine("no text `key`");
  RecordedLine out;
  out.key = line.at("key").get<std::string>();
  out.figures = read_figures(line);
  read_outputs(line, out);
  return out;
}

// A line that is right and of the ordinary form, without a document in between.
std::optional<RecordedLine> plain_line(simdjson::dom::parser& parser, std::string_view text) {
  simdjson::dom::object line;
  if (text.size() > kMostPlain) return std::nullopt;
  if (parser.parse(text.data(), text.size()).get(line) != SUCCESS) return std::nullopt;
  RecordedLine out;
  bool has_key = false;
  bool has_trial = false;
  unsigned outputs = 0;
  for (auto const [name, value] : line) {
    std::string_view content;
    double number = 0;
    if (name == "key") {
      if (has_key || value.get(content) != SUCCESS) return std::nullopt;
      out.key = content;
      has_key = true;
    } else if (name == "output") {
      if (value.get(content) != SUCCESS || ++outputs > 1) return std::nullopt;
      out.outputs.emplace_back(content);
    } else if (name == "outputs") {
      simdjson::dom::array list;
      if (value.get(list) != SUCCESS || ++outputs > 1) return std::nullopt;
      for (auto const item : list) {
        if (item.get(content) != SUCCESS) return std::nullopt;
        out.outputs.emplace_back(content);
      }
      out.list = true;
    } else if (name == "trial") {
      std::uint64_t trial = 0;
      if (value.get(trial) != SUCCESS || trial > kMostTrial) return std::nullopt;
      out.trial = static_cast<std::uint32_t>(trial);
      has_trial = true;
    } else if (name == "cost_usd" || name == "latency_ms") {
      if (value.get(number) != SUCCESS || !(number >= 0)) return std::nullopt;
      (name == "cost_usd" ? out.figures.cost_usd : out.figures.latency_ms) = number;
    } else if (name == "tokens") {
      return std::nullopt;
    }
  }
  if (!has_key || out.outputs.empty() || (out.list && has_trial)) return std::nullopt;
  return out;
}

}  // namespace

struct LineReader::Parser : simdjson::dom::parser {};

LineReader::LineReader() : parser_(std::make_unique<Parser>()) {}
LineReader::~LineReader() = default;

RecordedLine LineReader::read(std::string_view text) {
  auto plain = plain_line(*parser_, text);
  return plain ? std::move(*plain) : careful_line(text);
}
