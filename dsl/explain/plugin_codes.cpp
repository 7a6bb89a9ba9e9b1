#include <array>

#include "dsl/explain/tables.hpp"

namespace itera::dsl::tables {

using namespace codes;  // NOLINT(google-build-using-namespace): a table of nothing but codes

std::span<Explanation const> plugins() {
  static constexpr std::array table{
      Explanation{unknown_plugin,
                  "No library in the plugin folders carries the name, or the plugin is of another kind than "
                  "the clause "
                  "takes.",
                  "metric accuracy using exactt",
                  "see `itera plugins list`; a plugin from elsewhere needs `use`", ""},
      Explanation{broken_plugin,
                  "The library is there and cannot be used: it is damaged, of another ABI, or lacks what it "
                  "links to.",
                  "baseline old using broken { ref \"a.py:1\" }", "rebuild it against the installed SDK", ""},
      Explanation{unknown_setting, "The plugin's schema has no setting of this name.",
                  "metric accuracy using exact { ignorecase = true }",
                  "take the name that the message offers", ""},
      Explanation{setting_type, "The setting takes another kind of value; the message shows how one looks.",
                  "metric accuracy using exact { ignore_case = \"yes\" }",
                  "write the value as the message shows", ""},
      Explanation{missing_setting, "The plugin cannot work without the setting, and it has no default.",
                  "rows from csv", "write the setting", ""},
      Explanation{setting_unit, "The number has no unit, or not the one that the setting is in.",
                  "baseline old using process { ref \"a.py:1\"  command = [\"a\"]  timeout = 10 }",
                  "write the unit right behind the number: `10s`", ""},
      Explanation{setting_range, "The plugin's schema bounds the number.",
                  "baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = env(\"K\")  "
                  "temperature = 3 }",
                  "take one within the bounds", ""},
      Explanation{setting_choice, "The setting takes one of a few words, without quotes.",
                  "baseline old using process { ref \"a.py:1\"  command = [\"a\"]  feed = xml }",
                  "take one of the words that the message lists", ""},
      Explanation{env_not_secret,
                  "What an environment variable holds is not in the spec, so the lock could not cover it. "
                  "Only secrets "
                  "come from there, and nothing may depend on them.",
                  "rows from csv { path = env(\"ROWS\") }", "write the value into the spec", ""},
      Explanation{written_secret,
                  "A secret that was saved into a file of the repository is no secret any more. Secrets are "
                  "named and "
                  "reach no plan, ledger, log or report.",
                  "baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = \"sk-123\" }",
                  "revoke it, and write `env(\"NAME\")`", ""},
      Explanation{setting_twice, "Only one of the two can hold.",
                  "metric accuracy using exact { ignore_case = true  ignore_case = false }",
                  "delete the one that is not meant", ""},
      Explanation{
          unreadable_file,
          "The file is part of the experiment: its content enters the lock. Paths start at the folder of the "
          "spec.",
          "baseline old using openai { ref \"a.py:1\"  model = \"m\"  api_key = env(\"K\")  system = "
          "file(\"nowhere.txt\") }",
          "correct the path, or add the file", "F5"},
      Explanation{
          same_plugin,
          "An arm inherits its parent's plugin. `using` swaps the whole implementation, and inherits no "
          "setting.",
          "baseline old using process { ref \"a.py:1\"  command = [\"a\"] }\narm new from old using process "
          "{ "
          "command = [\"b\"] }",
          "leave `using` out and write the settings that differ", "F3"},
      Explanation{unknown_input,
                  "`{{name}}` in a template stands for an input of the row. A name that is none would reach "
                  "the model "
                  "as it stands, in every row.",
                  "row { key id  input subject }\nbaseline old using openai { ref \"a.py:1\"  model = \"m\"  "
                  "api_key = "
                  "env(\"K\")  user = \"{{subjet}}\" }",
                  "correct the name, or add the column to `input`", ""}};
  return table;
}

}  // namespace itera::dsl::tables
