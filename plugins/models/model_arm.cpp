#include "plugins/models/model_arm.hpp"

#include "plugins/models/json.hpp"

namespace itera::models {

// The state of an item that waits for its second reply: {"first": the first reply's text, "spent": what it
// cost}.
void ModelArm::step(sdk::Step const& item) {
  if (!item.reply()) return item.call(request(item, Json::parse(item.row()), {}));
  auto const state = item.state() ? Json::parse(*item.state()) : Json();
  bool const second = state.is_object();
  bool const last = second || !follows();

  auto const http = Json::parse(*item.reply()).at("http");
  Outcome outcome{.failure = http_failure(http, advice())};
  if (!outcome.failure) outcome = read(http, second, last);
  auto spent = second ? Spent::from(state.at("spent")) : Spent{};
  if (outcome.spent) spent.add(*outcome.spent);

  if (outcome.failure) {
    auto const which = !follows() ? "" : second ? "second call: " : "first call: ";
    Json error = {{"kind", outcome.failure->kind}, {"message", which + outcome.failure->message}};
    if (second || outcome.spent) spent.write(error);
    return item.error(dump(error));
  }
  if (!last)
    return item.call(request(item, Json::parse(item.row()), {true, outcome.text}),
                     dump({{"first", outcome.text}, {"spent", spent.state()}}));
  Json answer = {{"output", outcome.text}};
  spent.write(answer);
  if (second) answer["trace"] = Json::array({"first reply: " + text_at(state, "/first")});
  item.answer(dump(answer));
}

}  // namespace itera::models
