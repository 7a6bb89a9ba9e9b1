// Maps rows to programs and what they print to answers. What the call holds is this plugin's; the host adds
// the pool (all calls of one arm share it), the working directory and the environment:
//
//   feed json   {"exec": {"argv": [text], "framing": "lines", "input": text, "id": text, "timeout_ms": n}}
//               `input` is one line, {"id": text, "input": {the row's inputs}, "seed": n, "trial": n}; the
//               program answers with {"id": the same, "output": text, "cost_usd"?: n, "tokens"?: {"in": n,
//               "out": n}, "trace"?: [text]} or with {"id": the same, "error": text}.
//   feed raw    {"exec": {"argv": [text], "framing": "once", "input": text, "timeout_ms": n}}
//               `input` is the values of the row's inputs in their declared order, with a line break between
//               two.
//   prepare     {"exec": {"argv": [text], "framing": "once", "timeout_ms": n}}; its standard input is the
//   host's.
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace itera::sdk;
using Json = nlohmann::ordered_json;  // the row's inputs keep their declared order

// Training takes longer than an answer.
constexpr std::uint32_t kPrepareTimeoutMs = 3'600'000;

struct Failure {
  char const* kind;
  std::string message;
};

// The last line that is not blank: where programs of all languages say what went wrong.
std::string last_line(std::string_view text) {
  auto const end = text.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end + 1);
  auto const begin = text.find_last_of("\r\n");
  return ": " + std::string(begin == std::string_view::npos ? text : text.substr(begin + 1));
}

std::string without_line_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

// The mistake that everybody makes once: an answer that does not say which row it is for is taken for noise.
std::string forgotten_id(std::string const& said) {
  auto const line = Json::parse(said.substr(std::min<std::size_t>(2, said.size())), nullptr, false);
  return line.is_object() && line.contains("output") && !line.contains("id")
             ? "; an answer must repeat the `id` of the line that it answers"
             : "";
}

// Why a reply is no answer, as far as the host can tell.
std::optional<Failure> host_failure(Json const& exec) {
  auto const status = exec.value("status", "");
  auto const code = std::to_string(exec.value("code", 0));
  auto const said = last_line(exec.value("error", ""));
  if (status == "not_started")
    return Failure{"infrastructure", "the program did not start: " + exec.value("error", "")};
  if (status == "cancelled") return Failure{"infrastructure", "stopped on request"};
  if (status == "timed_out")
    return Failure{"arm", "the program did not answer in time and was killed" + said + forgotten_id(said)};
  if (status == "signalled") return Failure{"arm", "the program was ended by signal " + code + said};
  if (status == "ended")
    return Failure{"arm", "the program ended with exit code " + code + " before it answered" + said};
  if (status == "output_limit") return Failure{"arm", "the program printed more than an answer may hold"};
  if (status != "done") return Failure{"infrastructure", "the host gave the unknown status `" + status + "`"};
  if (exec.value("invalid_utf8", false)) return Failure{"arm", "the program's output is not UTF-8"};
  if (exec.value("code", 0) != 0) return Failure{"arm", "the program ended with exit code " + code + said};
  return std::nullopt;
}

std::string raw_input(Json const& row) {
  std::string out;
  bool first = true;
  for (auto const& [name, value] : row.items()) {
    if (!std::exchange(first, false)) out += '\n';
    if (value.is_string())
      out += value.get_ref<std::string const&>();
    else if (!value.is_null())
      out += value.dump();
  }
  return out;
}

class ProcessArm final : public ArmPlugin {
 public:
  static itera_descriptor descriptor() {
    static constexpr char const* const traits[] = {"runs-programs", nullptr};
    return make_descriptor<ProcessArm>(
        {.id = "dev.itera.arm.process",
         .short_name = "process",
         .version = "1.0.0",
         .summary = "any program: one run per row, or JSON lines to programs that stay up",
         .settings_schema = R"({"type": "object", "properties": {
           "command": {"type": "array", "items": {"type": "string"}, "x-names-files": true, "x-dimension": "program",
             "description": "the program and its arguments; no shell reads them"},
           "feed": {"type": "string", "enum": ["raw", "json"], "default": "json", "x-dimension": "program",
             "description": "json: one line per row to a program that stays up; raw: one run per row, its inputs on standard input"},
           "timeout": {"type": "number", "default": 60, "minimum": 0.001, "maximum": 86400, "x-unit": "s", "x-dimension": "program",
             "description": "how long one row may take"},
           "prepare": {"type": "array", "items": {"type": "string"}, "x-names-files": true, "x-dimension": "program",
             "description": "run once before the first row, with the train rows as JSON lines on standard input"},
           "cost_per_row": {"type": "number", "default": 0, "minimum": 0, "x-unit": "usd", "x-dimension": "program",
             "description": "what one row costs if the program does not say"}
         }, "required": ["command"]})",
         .traits = traits});
  }

  ProcessArm(Host, Settings const& settings)
      : command_(settings.words("command")),
        prepare_(settings.has("prepare") ? settings.words("prepare") : std::vector<std::string>()),
        raw_(settings.text("feed") == "raw"),
        timeout_ms_(static_cast<std::uint32_t>(std::lround(settings.number("timeout") * 1000))),
        cost_usd_(settings.number("cost_per_row")) {
    if (command_.empty() || command_.front().empty())
      throw Invalid("`command` is empty", "its first word is the program to run");
  }

  void step(Step const& item) override {
    if (!item.reply()) return item.call(request(item));
    auto const exec = Json::parse(*item.reply()).at("exec");
    if (auto const failure = host_failure(exec)) return item.error(failure->kind, failure->message);
    if (raw_) {
      auto const output = without_line_break(exec.at("output").get<std::string>());
      return item.answer(
          Answer{.output = output, .cost_usd = cost_usd_, .latency_ms = exec.at("latency_ms").get<double>()});
    }
    read_line(item, exec);
  }

  std::optional<std::string> prepare() override {
    if (prepare_.empty()) return std::nullopt;
    return Json{{"exec", {{"argv", prepare_}, {"framing", "once"}, {"timeout_ms", kPrepareTimeoutMs}}}}
        .dump();
  }

 private:
  std::string request(Step const& item) const {
    auto const row = Json::parse(item.row());
    Json exec{{"argv", command_}, {"framing", raw_ ? "once" : "lines"}};
    if (raw_) {
      exec["input"] = raw_input(row);
    } else {
      // The same for the same row and trial, so that a call that was made is known again; 53 bits, because
      // many programs read a number into a double.
      auto const id = std::to_string(item.seed() >> 11U);
      exec["input"] = Json{{"id", id}, {"input", row}, {"seed", item.seed()}, {"trial", item.trial()}}.dump();
      exec["id"] = id;
    }
    exec["timeout_ms"] = timeout_ms_;
    if (cost_usd_ > 0) exec["most_usd"] = cost_usd_;
    return Json{{"exec", exec}}.dump();
  }

  // The host has made sure that the line is a JSON object with our id; the rest is the program's word.
  void read_line(Step const& item, Json const& exec) const {
    auto const line = Json::parse(exec.at("output").get_ref<std::string const&>(), nullptr, false);
    auto const bad = [&](std::string const& what) { item.error("arm", "the program's reply " + what); };
    if (!line.is_object()) return bad("is no JSON object");
    if (line.contains("error") && !line["error"].is_null()) {
      auto const& error = line["error"];
      return item.error("arm",
                        "the program says: " + (error.is_string() ? error.get<std::string>() : error.dump()));
    }
    if (!line.contains("output") || !line["output"].is_string()) return bad("has no text `output`");
    Answer answer{
        .output = line["output"], .cost_usd = cost_usd_, .latency_ms = exec.at("latency_ms").get<double>()};
    if (line.contains("cost_usd")) {
      if (!line["cost_usd"].is_number() || !(line["cost_usd"].get<double>() >= 0))
        return bad("has a `cost_usd` that is no amount");
      answer.cost_usd = line["cost_usd"].get<double>();
    }
    if (line.contains("tokens")) {
      auto const& tokens = line["tokens"];
      auto const counted = [&](char const* name) {
        return tokens.is_object() && tokens.contains(name) && tokens[name].is_number_unsigned();
      };
      if (!counted("in") || !counted("out")) return bad("has `tokens` that are not {\"in\": n, \"out\": n}");
      answer.tokens = {tokens["in"].get<std::uint64_t>(), tokens["out"].get<std::uint64_t>()};
    }
    if (line.contains("trace")) {
      if (!line["trace"].is_array()) return bad("has a `trace` that is no list of texts");
      for (auto const& text : line["trace"])
        answer.trace.push_back(text.is_string() ? text.get<std::string>() : text.dump());
    }
    item.answer(answer);
  }

  std::vector<std::string> command_;
  std::vector<std::string> prepare_;
  bool raw_;
  std::uint32_t timeout_ms_;
  double cost_usd_;
};

}  // namespace

ITERA_PLUGINS(ProcessArm)
