#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "template.hpp"

namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargest = std::size_t{64} << 10;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kLongestName = 200;
constexpr auto kWhere = "docs/report-templates.md lists the keys";

// '=' and '>' are the tags of Mustache that are not supported, 'v' is a variable.
struct Tag {
  char kind = 'v';
  std::string name;
  std::size_t at = 0;
};

std::string trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first));
}

struct Frame {
  Json const* value;  // nothing for an inverted section, which opens no names, and for an unknown one
  std::string section;
  std::size_t at = 0;
  bool unknown = false;  // what stands inside is not judged: one mistake is said once
};

// Levenshtein's.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// The forms for people that stand beside every number.
bool is_readable_form(std::string_view key) {
  return key.ends_with("_percent") || key.ends_with("_pp") || key.ends_with("_short");
}

// Names that could be written where `value` is in sight.
void add_names(Json const& value, std::string const& prefix, std::vector<std::string>& out) {
  if (!value.is_object()) return;
  for (auto const& [key, member] : value.items()) {
    out.push_back(prefix + key);
    add_names(member, prefix + key + ".", out);
  }
}

class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {
    frames_.push_back({&template_shape(), "", 0, false});
  }

  std::vector<Mistake> run() {
    if (text_.size() > kLargest) {
      say(0, fmt::format("the template holds {} bytes; at most {} are read", text_.size(), kLargest));
      return std::move(mistakes_);
    }
    if (trimmed(text_).empty()) say(0, "the template is empty");
    std::size_t at = 0;
    while (at = text_.find("{{", at), at != text_.npos) {
      auto const end = tag(at);
      if (!end || mistakes_.size() == kMostMistakes) return std::move(mistakes_);
      at = *end;
    }
    for (std::size_t i = 1; i < frames_.size(); ++i)
      say(frames_[i].at, fmt::format("the section `{}` is not closed", frames_[i].section));
    return std::move(mistakes_);
  }

 private:
  void say(std::size_t at, std::string what) {
    auto const before = text_.substr(0, at);
    auto const line = before.rfind('\n') == before.npos ? before : before.substr(before.rfind('\n') + 1);
    mistakes_.push_back({1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
                         1 + static_cast<std::size_t>(std::count_if(
                                 line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; })),
                         std::move(what)});
  }

  // Where the tag that begins at `at` ends; nothing if the rest cannot be read.
  std::optional<std::size_t> tag(std::size_t at) {
    bool const raw = at + 2 < text_.size() && text_[at + 2] == '{';
    auto const begin = at + (raw ? 3 : 2);
    auto const end = text_.find(raw ? "}}}" : "}}", begin);
    if (end == text_.npos) {
      say(at, fmt::format("this tag is not closed with `{}`", raw ? "}}}" : "}}"));
      return std::nullopt;
    }
    auto const inside = trimmed(text_.substr(begin, end - begin));
    Tag tag{'v', inside, at};
    if (!raw && !inside.empty() && std::string_view("#^/!>=&").find(inside[0]) != std::string_view::npos)
      tag = {inside[0], trimmed(std::string_view(inside).substr(1)), at};
    auto const after = end + (raw ? 3 : 2);
    switch (tag.kind) {
      case '!':
        return after;
      case '=':
        say(at, "changing the delimiters is not supported: tags are written {{...}}");
        return std::nullopt;
      case '>':
        say(at, "partials are not supported: a template is one file");
        return after;
      case '/':
        return close(tag) ? std::optional(after) : std::nullopt;
      case '#':
      case '^':
        return open(tag) ? std::optional(after) : std::nullopt;
      default:
        variable(tag);
        return after;
    }
  }

  bool open(Tag const& tag) {
    if (frames_.size() > kDeepest) {
      say(tag.at, fmt::format("sections stand in each other more than {} deep", kDeepest));
      return false;
    }
    auto const* value = resolve(tag);
    bool const unknown = !value;
    if (value && value->is_array()) value = &value->front();
    frames_.push_back({tag.kind == '#' ? value : nullptr, tag.name, tag.at, unknown});
    return true;
  }

  bool close(Tag const& tag) {
    if (frames_.size() > 1 && frames_.back().section == tag.name) {
      frames_.pop_back();
      return true;
    }
    say(tag.at, frames_.size() == 1 ? fmt::format("no section `{}` is open here", shortened(tag.name))
                                    : fmt::format("the section to close here is `{}`, not `{}`",
                                                  shortened(frames_.back().section), shortened(tag.name)));
    return false;
  }

  void variable(Tag const& tag) {
    auto const* value = resolve(tag);
    if (!value) return;
    if (value->is_array())
      say(tag.at, fmt::format("`{0}` is a list: write {{{{#{0}}}}}...{{{{/{0}}}}} round what is said of each",
                              tag.name));
    if (value->is_object()) {
      std::vector<std::string> keys;
      for (auto const& [key, member] : value->items())
        if (!is_readable_form(key)) keys.push_back(key);
      say(tag.at, fmt::format("`{}` is not a text: it has the keys `{}`", tag.name, fmt::join(keys, "`, `")));
    }
  }

  // A name as it can be shown: not endless, cut between two characters, and without control characters.
  static std::string shortened(std::string name) {
    if (name.size() > kLongestName) {
      auto end = kLongestName;
      while (end > 0 && (name[end] & 0xC0) == 0x80) --end;
      name = name.substr(0, end) + "...";
    }
    std::replace_if(
        name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, '?');
    return name;
  }

  // As the renderer does: the innermost section that knows the whole name.
  Json const* resolve(Tag const& tag) {
    if (tag.name.empty()) {
      say(tag.at, "a tag without a name");
      return nullptr;
    }
    if (tag.name == ".") {
      auto const* here = innermost();
      if (!here->is_object() || in_unknown()) return nullptr;
      say(tag.at, "`.` stands for an element of a list of texts, and this is no such list");
      return nullptr;
    }
    std::string through;  // a list that stands in the way of the name
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
      if (frame->value)
        if (auto const* found = walk(*frame->value, tag.name, through)) return found;
    if (in_unknown()) return nullptr;
    if (!through.empty()) {
      say(tag.at, fmt::format("`{0}` is a list: write {{{{#{0}}}}}...{{{{/{0}}}}} round it, and inside `{1}`",
                              through, shortened(tag.name.substr(through.size() + 1))));
      return nullptr;
    }
    auto const near = suggestion(tag.name);
    say(tag.at, fmt::format("there is no key `{}`{}", shortened(tag.name),
                            near ? fmt::format("; did you mean `{}`?", *near) : fmt::format("; {}", kWhere)));
    return nullptr;
  }

  bool in_unknown() const {
    return std::any_of(frames_.begin(), frames_.end(), [](Frame const& f) { return f.unknown; });
  }

  Json const* innermost() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
      if (frame->value) return frame->value;
    return frames_.front().value;
  }

  static Json const* walk(Json const& from, std::string const& name, std::string& through) {
    auto const* value = &from;
    for (std::size_t at = 0; at <= name.size();) {
      auto const dot = std::min(name.find('.', at), name.size());
      if (value->is_array() && through.empty()) through = name.substr(0, at - 1);
      if (!value->is_object()) return nullptr;
      auto const found = value->find(name.substr(at, dot - at));
      if (found == value->end()) return nullptr;
      value = &*found;
      at = dot + 1;
    }
    return value;
  }

  std::optional<std::string> suggestion(std::string const& name) const {
    if (name.size() > kLongestName) return std::nullopt;
    std::vector<std::string> names;
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
      if (frame->value) add_names(*frame->value, "", names);
    std::optional<std::string> best;
    auto least = std::min<std::size_t>(3, std::max<std::size_t>(1, name.size() / 3)) + 1;
    for (auto const& candidate : names)
      if (auto const d = distance(name, candidate); d < least) {
        least = d;
        best = candidate;
      }
    return best;
  }

  std::string_view text_;
  std::vector<Frame> frames_;
  std::vector<Mistake> mistakes_;
};

void add_keys(Json const& value, std::string const& prefix, std::vector<std::string>& out) {
  if (value.is_array()) return add_keys(value.front(), prefix, out);
  if (!value.is_object()) return;
  for (auto const& [key, member] : value.items()) {
    out.push_back(prefix + key);
    add_keys(member, prefix + key + ".", out);
  }
}

}  // namespace

std::vector<Mistake> template_mistakes(std::string_view text) {
  return Checker(text).run();
}

std::vector<std::string> template_keys() {
  std::vector<std::string> out;
  add_keys(template_shape(), "", out);
  std::sort(out.begin(), out.end());
  return out;
}
