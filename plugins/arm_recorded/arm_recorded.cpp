#include <optional>
#include <string>
#include <vector>

#include <itera/sdk/plugin.hpp>
#include <nlohmann/json.hpp>

#include "recording.hpp"

namespace {

using namespace itera::sdk;  // NOLINT(google-build-using-namespace): a plugin is written in its words

/// Answers with what was recorded elsewhere, so that outputs that cost money or hours are judged without
/// being made again. Trials count from 0. A row or a trial that is not there is missing, not wrong.
class RecordedArm final : public ArmPlugin {
 public:
  static itera_descriptor descriptor() {
    static constexpr char const* const traits[] = {"recorded", nullptr};
    return make_descriptor<RecordedArm>(
        {.id = "dev.itera.arm.recorded",
         .short_name = "recorded",
         .version = "1.0.0",
         .summary = "outputs that exist already, from a JSONL file or from columns of the rows",
         .settings_schema = R"({"type": "object", "properties": {
           "path": {"type": "string", "x-file": true, "x-dimension": "outputs",
             "description": "JSON lines with key and output, or outputs with one text per trial"},
           "columns": {"type": "array", "items": {"type": "string"}, "x-dimension": "outputs",
             "description": "instead of path: input columns that hold the outputs of the trials, in their order"}
         }})",
         .traits = traits});
  }

  RecordedArm(Host, Settings const& settings) {
    if (settings.has("columns")) columns_ = settings.words("columns");
    if (settings.has("path") == !columns_.empty())
      throw Invalid("arm `recorded` needs either `path` or `columns`",
                    "name the file, or the input columns, that hold the outputs");
    if (settings.has("path")) recording_.emplace(settings.text("path"));
  }

  void step(Step const& item) override { recording_ ? from_file(item) : from_columns(item); }

 private:
  static std::string trials(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " trial is" : " trials are");
  }

  void from_file(Step const& item) const {
    if (auto const answer = recording_->find(item.key(), item.trial())) return item.answer(*answer);
    auto const recorded = recording_->trials(item.key());
    if (recorded == 0)
      return item.error("infrastructure", "no output is recorded for key `" + std::string(item.key()) + "`");
    item.error("infrastructure", "trial " + std::to_string(item.trial()) + " of key `" +
                                     std::string(item.key()) + "` is not recorded (" + trials(recorded) +
                                     ")");
  }

  void from_columns(Step const& item) const {
    if (item.trial() >= columns_.size())
      return item.error("infrastructure", "trial " + std::to_string(item.trial()) + " is not recorded (" +
                                              trials(columns_.size()) + ")");
    auto const& column = columns_[item.trial()];
    auto const row = nlohmann::json::parse(item.row());
    if (!row.contains(column))
      throw Invalid("the row has no input `" + column + "`", "add it to `input`, or correct `columns`");
    auto const& value = row.at(column);
    if (value.is_null()) return item.error("infrastructure", "column `" + column + "` is empty in this row");
    item.answer(Answer{.output = value.is_string() ? value.get<std::string>() : value.dump()});
  }

  std::optional<Recording> recording_;
  std::vector<std::string> columns_;
};

}  // namespace

ITERA_PLUGINS(RecordedArm)
