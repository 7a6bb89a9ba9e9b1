// As much JSON as a small plugin needs, so that the SDK has no dependency: quoting, and the flat object of
// settings. A plugin that reads rows or replies takes a JSON library of its own choice.
#pragma once
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <itera/sdk/error.hpp>

namespace itera::sdk {

/// `text` as a JSON string, quotes included. Precondition: UTF-8.
inline std::string json_quote(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out += '"';
}

/// The shortest text that reads back as the same number.
inline std::string json_number(double value) {
  if (!std::isfinite(value)) throw Error(ITERA_INTERNAL, "a number of a result is not finite");
  char text[32];
  auto const end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

namespace detail {

/// Reads one JSON value of the flat kind that settings are made of.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Skips white space; true if `c` stands next.
  bool sees(char c) {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ < text_.size() && text_[at_] == c;
  }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c))
      throw Error(ITERA_INTERNAL,
                  std::string("settings: expected `") + c + "` at byte " + std::to_string(at_));
  }
  /// A number, `true`, `false` or `null` as written.
  std::string word() {
    auto const end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    std::string out(text_.substr(at_, end - at_));
    at_ = end;
    return out;
  }
  std::string string() {
    expect('"');
    std::string out;
    for (;;) {
      if (at_ >= text_.size()) throw Error(ITERA_INTERNAL, "settings: a text does not end");
      char const c = text_[at_++];
      if (c == '"') return out;
      if (c == '\\')
        escape(out);
      else
        out += c;
    }
  }
  std::vector<std::string> strings() {
    std::vector<std::string> out;
    expect('[');
    if (take(']')) return out;
    do out.push_back(string());
    while (take(','));
    expect(']');
    return out;
  }

 private:
  void escape(std::string& out) {
    static constexpr std::string_view names = "bfnrt\"\\/";
    static constexpr std::string_view bytes = "\b\f\n\r\t\"\\/";
    char const c = at_ < text_.size() ? text_[at_++] : '\0';
    if (auto const known = names.find(c); known != std::string_view::npos) {
      out += bytes[known];
      return;
    }
    if (c != 'u') throw Error(ITERA_INTERNAL, "settings: unknown escape");
    auto code = hex4();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10) + (hex4() - 0xDC00);
    }
    auto const put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | code >> 6), put(0x80 | (code & 63));
    } else if (code < 0x10000) {
      put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    } else {
      put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)),
          put(0x80 | (code & 63));
    }
  }
  std::uint32_t hex4() {
    std::uint32_t code = 0;
    auto const digits = text_.substr(at_, 4);
    auto const end = digits.data() + digits.size();
    if (digits.size() != 4 || std::from_chars(digits.data(), end, code, 16).ptr != end)
      throw Error(ITERA_INTERNAL, "settings: bad \\u escape");
    at_ += 4;
    return code;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace detail

/// The settings of one instance. The host has checked them against the plugin's schema and filled in the
/// defaults, so every required setting and every one with a default is there, with its type.
class Settings {
 public:
  /// Throws Error on anything but a flat JSON object.
  explicit Settings(std::string_view json) : json_(json) {
    detail::JsonReader in(json_);
    in.expect('{');
    if (in.take('}')) return;
    do {
      auto name = in.string();
      in.expect(':');
      values_[std::move(name)] = read(in);
    } while (in.take(','));
    in.expect('}');
  }

  /// The whole object as text.
  std::string const& json() const { return json_; }
  bool has(std::string const& name) const {
    auto const found = values_.find(name);
    return found != values_.end() && found->second.kind != Kind::null;
  }
  // Each throws Invalid if the setting is missing or of another type.
  std::string const& text(std::string const& name) const { return get(name, Kind::text, "text").text; }
  std::vector<std::string> const& words(std::string const& name) const {
    return get(name, Kind::words, "a list of texts").words;
  }
  bool flag(std::string const& name) const { return get(name, Kind::flag, "true or false").text == "true"; }
  double number(std::string const& name) const { return parsed<double>(name, "a number"); }
  std::int64_t integer(std::string const& name) const { return parsed<std::int64_t>(name, "a whole number"); }

 private:
  enum class Kind { null, flag, number, text, words };
  struct Value {
    Kind kind = Kind::null;
    std::string text;
    std::vector<std::string> words;
  };

  static Value read(detail::JsonReader& in) {
    if (in.sees('"')) return {Kind::text, in.string(), {}};
    if (in.sees('[')) return {Kind::words, {}, in.strings()};
    auto word = in.word();
    auto const kind = word == "null"                      ? Kind::null
                      : word == "true" || word == "false" ? Kind::flag
                                                          : Kind::number;
    return {kind, std::move(word), {}};
  }
  Value const& get(std::string const& name, Kind kind, char const* wanted) const {
    auto const found = values_.find(name);
    if (found == values_.end() || found->second.kind == Kind::null)
      throw Invalid("setting `" + name + "` is missing");
    if (found->second.kind != kind) throw Invalid("setting `" + name + "` must be " + wanted);
    return found->second;
  }
  template <class T>
  T parsed(std::string const& name, char const* wanted) const {
    auto const& text = get(name, Kind::number, wanted).text;
    T out{};
    auto const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || stop != end) throw Invalid("setting `" + name + "` must be " + wanted);
    return out;
  }

  std::string json_;
  std::map<std::string, Value> values_;
};

}  // namespace itera::sdk
