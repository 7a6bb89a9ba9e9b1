#include "template.hpp"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "words.hpp"

namespace {

using Json = nlohmann::json;
namespace mustache = kainjow::mustache;

// Characters that may be written or passed over. A report is a few pages; sections inside sections of the
// same lists could otherwise multiply without end.
constexpr std::size_t kBudget = std::size_t{16} << 20;

// Null, false and "" are false, so that `{{#ref}}` asks whether there is one.
mustache::data value(Json const& json) {
  if (json.is_object()) {
    mustache::data out(mustache::data::type::object);
    for (auto const& [key, member] : json.items()) out.set(key, value(member));
    return out;
  }
  if (json.is_array()) {
    mustache::data out(mustache::data::type::list);
    for (auto const& element : json) out.push_back(value(element));
    return out;
  }
  if (json.is_boolean()) return json.get<bool>();
  auto const shown = text(json);
  return shown.empty() ? mustache::data(false) : mustache::data(shown);
}

class Bounded final : public mustache::basic_context<std::string> {
 public:
  Bounded(mustache::data const& root, std::size_t size) : size_(size) { names_.push(&root); }
  void push(mustache::data const* data) override {
    spend(size_);
    names_.push(data);
  }
  void pop() override { names_.pop(); }
  mustache::data const* get(std::string const& name) const override {
    auto const* found = names_.get(name);
    spend(found && found->is_string() ? 1 + found->string_value().size() : 1);
    return found;
  }
  mustache::data const* get_partial(std::string const&) const override { return nullptr; }

 private:
  void spend(std::size_t characters) const {
    spent_ += characters;
    if (spent_ > kBudget)
      throw TooMuch(fmt::format("its sections repeat each other to more than {} MB", kBudget >> 20));
  }

  mustache::context<std::string> names_;
  std::size_t size_;
  mutable std::size_t spent_ = 0;
};

}  // namespace

std::string render_template(std::string const& text, Json const& evidence) {
  auto const data = value(template_context(evidence));
  Bounded context(data, text.size());
  mustache::mustache layout(text);
  layout.set_custom_escape([](std::string const& raw) { return plain(raw); });
  return layout.render(context);
}
