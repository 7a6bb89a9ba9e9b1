#include "plugins/models/template.hpp"

#include <algorithm>
#include <utility>

#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

#include "plugins/models/json.hpp"

namespace itera::models {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string place_of(std::string_view setting, std::string_view text, std::size_t at) {
  auto const before = text.substr(0, at);
  auto const line = 1 + std::count(before.begin(), before.end(), '\n');
  auto const last = before.rfind('\n');
  // Columns count characters, not the bytes that continue one.
  auto const row = before.substr(last == before.npos ? 0 : last + 1);
  auto const column =
      1 + std::count_if(row.begin(), row.end(), [](char c) { return (c & '\xC0') != '\x80'; });
  return "`" + std::string(setting) + "`:" + std::to_string(line) + ":" + std::to_string(column) + ": ";
}

// Without the blanks around it, and with one blank for several: as the compiler reads a name.
std::string folded(std::string_view name) {
  std::string out;
  for (std::size_t at = name.find_first_not_of(kBlank); at < name.size();
       at = name.find_first_not_of(kBlank, at)) {
    auto const end = std::min(name.find_first_of(kBlank, at), name.size());
    if (!out.empty()) out += ' ';
    out += name.substr(at, end - at);
    at = end;
  }
  return out;
}

// Whether a string of a JSON document is open after `text`, which begins with `open`.
bool in_string(std::string_view text, bool open) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (open && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      open = !open;
  }
  return open;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += {'%', hex[byte >> 4U], hex[byte & 15U]};
  }
  return out;
}

// Where the path of an absolute URL begins; the end if it has none.
std::size_t host_end(std::string_view url) {
  auto const scheme = url.find("://");
  return scheme == url.npos ? url.size() : std::min(url.find_first_of("/?#", scheme + 3), url.size());
}

bool is_json_place(std::string_view name) {
  return name.starts_with("json ") && name.size() > 5;
}

}  // namespace

Template::Template(std::string_view setting, std::string_view text, Form form) : form_(form) {
  auto const refuse = [&](std::size_t at, std::string const& what, std::string const& help) {
    throw sdk::Invalid(place_of(setting, text, at) + what, help);
  };
  auto const host = form == Form::url ? host_end(text) : 0;
  std::string plain;
  bool open = false;
  auto const end_piece = [&] {
    if (plain.empty()) return;
    open = in_string(plain, open);
    pieces_.push_back({std::exchange(plain, {}), false, false});
  };
  for (std::size_t at = 0; at < text.size();) {
    auto const braces = text.find("{{", at);
    plain += text.substr(at, braces - at);
    if (braces == text.npos) break;
    if (text.substr(braces, 4) == "{{{{") {
      plain += "{{";
      at = braces + 4;
      continue;
    }
    auto const close = text.find("}}", braces);
    if (close == text.npos) {
      plain += text.substr(braces);
      break;
    }
    auto const name = folded(text.substr(braces + 2, close - braces - 2));
    if (name.empty()) refuse(braces, "`{{}}` names nothing", "write the name of an input between the braces");
    end_piece();
    if (form == Form::json && !open && !is_json_place(name))
      refuse(braces, "`{{" + name + "}}` stands outside of a string",
             "write `{{json " + name + "}}` for the value as JSON, or put it in quotes");
    if (form == Form::url && braces < host)
      refuse(
          braces, "`{{" + name + "}}` stands in the host",
          "where calls go, and with them the secret, is the spec's word and not the row's: write the host");
    pieces_.push_back({name, true, open});
    at = close + 2;
  }
  end_piece();
}

std::string Template::value(Piece const& piece, nlohmann::ordered_json const& row,
                            std::optional<std::string_view> reply) const {
  std::string_view name = piece.text;
  bool as_json = false;
  auto const known = [&] { return (reply && name == "reply") || row.contains(name); };
  if (!known() && is_json_place(name)) {
    as_json = true;
    name.remove_prefix(5);
  }
  nlohmann::ordered_json value;
  if (reply && name == "reply")
    value = *reply;
  else if (auto const found = row.find(name); found != row.end())
    value = *found;
  if (as_json) return dump(value);
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : dump(value);
}

std::string Template::render(nlohmann::ordered_json const& row, std::optional<std::string_view> reply) const {
  std::string out;
  for (auto const& piece : pieces_) {
    if (!piece.place) {
      out += piece.text;
      continue;
    }
    auto text = value(piece, row, reply);
    if (form_ == Form::url) {
      out += percent_encoded(text);
    } else if (piece.in_string) {
      auto const quoted = dump(nlohmann::ordered_json(text));
      out += std::string_view(quoted).substr(1, quoted.size() - 2);
    } else {
      out += text;
    }
  }
  return out;
}

}  // namespace itera::models
