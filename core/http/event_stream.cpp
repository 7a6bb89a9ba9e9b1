#include "core/http/event_stream.hpp"

#include <exception>

#include <nlohmann/json.hpp>

namespace itera::http {
namespace {

// A model's event is some hundred bytes; what has no line's end after this many is no event stream.
constexpr std::size_t kLongestEvent = std::size_t{1} << 20;

bool leads_to_text(nlohmann::json const& data, std::string const& pointer) {
  try {
    auto const at = nlohmann::json::json_pointer(pointer);
    if (!data.contains(at)) return false;
    auto const& value = data.at(at);
    return value.is_string() && !value.get_ref<std::string const&>().empty();
  } catch (
      std::exception const&) {  // nlohmann throws on a malformed pointer, and on "-" and "01" in an array
    return false;
  }
}

}  // namespace

bool FirstToken::add(std::string_view bytes) {
  while (!bytes.empty() && !found_) {
    if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
    auto const end = bytes.find_first_of("\r\n");
    rest_.append(bytes.substr(0, end));
    if (rest_.size() + data_.size() > kLongestEvent) {
      rest_.clear();
      data_.clear();
    }
    if (end == bytes.npos) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    line(rest_);
    rest_.clear();
  }
  return found_;
}

void FirstToken::line(std::string_view text) {
  if (text.empty()) return event();
  if (!text.starts_with("data")) return;
  text.remove_prefix(4);
  if (!text.empty() && text.front() != ':') return;  // another field
  if (!text.empty()) text.remove_prefix(1);
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (has_data_) data_ += '\n';
  data_ += text;
  has_data_ = true;
}

void FirstToken::event() {
  auto const json = nlohmann::json::parse(data_, nullptr, false);
  if (!json.is_discarded())
    for (auto const& pointer : pointers_) found_ = found_ || leads_to_text(json, pointer);
  data_.clear();
  has_data_ = false;
}

}  // namespace itera::http
