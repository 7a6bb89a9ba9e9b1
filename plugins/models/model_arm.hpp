#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <itera/sdk/plugin.hpp>
#include <nlohmann/json_fwd.hpp>

#include "plugins/models/prices.hpp"
#include "plugins/models/reply.hpp"

namespace itera::models {

/// What one reply came to: a text, or why there is none; and what it used.
struct Outcome {
  std::optional<Failure> failure = {};
  std::string text = {};
  std::optional<Spent> spent = {};  ///< nothing: the call cost nothing, as far as anybody knows
};

/// An arm that answers with the text of one reply, or of two of which the second call holds the first reply.
class ModelArm : public sdk::ArmPlugin {
 public:
  void step(sdk::Step const& item) final;

 protected:
  /// Which of the calls: the first, or the one that follows it with its reply.
  struct Turn {
    bool second = false;
    std::optional<std::string> reply;  ///< the first reply's text, of the second call
  };
  /// Whether a second call follows.
  virtual bool follows() const = 0;
  /// {"http": {...}}. A pure function of its arguments and the settings.
  virtual std::string request(sdk::Step const& item, nlohmann::ordered_json const& row,
                              Turn const& turn) const = 0;
  /// `http` is a whole response with a code of 2xx; `last`: its text is the answer.
  virtual Outcome read(nlohmann::ordered_json const& http, bool second, bool last) const = 0;
  virtual Advice advice() const = 0;
};

}  // namespace itera::models
