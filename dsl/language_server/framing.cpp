#include "dsl/language_server/framing.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <istream>
#include <optional>
#include <ostream>

#include <fmt/format.h>

namespace itera::dsl::language_server {
namespace {

constexpr std::string_view kLength = "content-length:";
constexpr std::size_t kMaxLine = 65536;
constexpr std::size_t kMostSkipped =
    std::size_t{1024} * 1024 * 1024;  // beyond it the number is taken for nonsense

// The line without its end; nothing at the end of the stream. What is longer than a header may be is dropped
// from the left: the length that matters stands last.
std::optional<std::string> read_line(std::istream& in) {
  std::string out;
  for (int c = in.get(); c != std::istream::traits_type::eof(); c = in.get()) {
    if (c == '\n') {
      if (out.ends_with('\r')) out.pop_back();
      return out;
    }
    out.push_back(static_cast<char>(c));
    if (out.size() > kMaxLine) out.erase(0, kMaxLine / 2);
  }
  return std::nullopt;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::optional<std::size_t> length_in(std::string_view line) {
  auto const at = line.rfind(kLength);
  if (at == line.npos) return std::nullopt;
  line.remove_prefix(std::min(line.find_first_not_of(" \t", at + kLength.size()), line.size()));
  std::size_t out = 0;
  auto const* const end = line.data() + line.size();
  auto const read = std::from_chars(line.data(), end, out);
  if (read.ec != std::errc() || read.ptr != end || out > kMostSkipped) return std::nullopt;
  return out;
}

// Skips without keeping.
void skip(std::istream& in, std::size_t bytes) {
  constexpr std::size_t kStep = 1 << 20;
  for (; bytes > 0 && in; bytes -= std::min(bytes, kStep))
    in.ignore(static_cast<std::streamsize>(std::min(bytes, kStep)));
}

}  // namespace

Incoming read_message(std::istream& in) {
  std::optional<std::size_t> length;
  bool stray = false;
  for (;;) {
    auto const line = read_line(in);
    if (!line) return {};
    if (line->empty()) {
      if (length || stray) break;
      continue;  // blank lines between messages do no harm
    }
    auto const header = lower(*line);
    auto const found = length_in(header);
    if (found)
      length = found;
    else if (!header.starts_with("content-type:"))
      stray = true;
  }
  if (!length)
    return {Incoming::Kind::malformed, "a message does not begin with `Content-Length: N` and a blank line"};
  if (*length > kMaxMessage) {
    skip(in, *length);
    return {Incoming::Kind::malformed,
            fmt::format("a message has {} bytes, at most {} are read", *length, kMaxMessage)};
  }
  Incoming out{Incoming::Kind::message, std::string(*length, '\0')};
  in.read(out.text.data(), static_cast<std::streamsize>(*length));
  if (static_cast<std::size_t>(in.gcount()) != *length) return {};
  return out;
}

void write_message(std::ostream& out, std::string_view message) {
  out << "Content-Length: " << message.size() << "\r\n\r\n" << message << std::flush;
}

}  // namespace itera::dsl::language_server
