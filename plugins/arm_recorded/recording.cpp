#include "recording.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <tuple>
#include <utility>

#include <unistd.h>

namespace {

using itera::sdk::Answer, itera::sdk::Invalid, itera::sdk::Unavailable;

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr unsigned kOffsetBits = 40;
constexpr std::uint64_t kMostOffset = (std::uint64_t{1} << kOffsetBits) - 1;

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}
std::uint64_t offset_of(std::uint64_t place) {
  return place & kMostOffset;
}
std::uint64_t place_of(std::uint64_t offset, std::string_view line) {
  return offset | hash_of(line) << kOffsetBits;
}

}  // namespace

Recording::Recording(std::string path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "rb")) {
  if (!file_) throw Invalid("cannot open `" + path_ + "`", "correct `path`");
  read();
  if (entries_.empty()) throw Invalid("`" + path_ + "` holds no outputs", "record at least one row");
  entries_.shrink_to_fit();
  refuse_twice();
}

void Recording::read() {
  std::string held;
  std::uint64_t offset = 0;  // of held
  auto const take = [&](std::string_view line, std::uint64_t at) {
    try {
      if (line.find_first_not_of(" \t\r") != line.npos) add(line, at);
    } catch (BadLine const& e) {
      refuse_twice();  // what stands before is told first
      throw Invalid(
          path_ + ":" + std::to_string(line_of(at)) + ": " + e.what(),
          R"(each line is {"key": text, "output": text} or {"key": text, "outputs": [text per trial]})");
    }
  };
  for (bool more = true; more;) {
    auto const before = held.size();
    held.resize(before + kPiece);
    auto const n = std::fread(held.data() + before, 1, kPiece, file_.get());
    if (std::ferror(file_.get())) throw Invalid("cannot read `" + path_ + "`", "correct `path`");
    held.resize(before + n);
    more = n > 0;
    std::size_t from = 0;
    for (auto end = held.find('\n'); end != held.npos; end = held.find('\n', from)) {
      take(std::string_view(held).substr(from, end - from), offset + from);
      from = end + 1;
    }
    if (!more && from < held.size()) take(std::string_view(held).substr(from), offset + from);
    held.erase(0, from);
    offset += from;
  }
}

void Recording::add(std::string_view line, std::uint64_t offset) {
  auto const read = reader_.read(line);
  if (offset > kMostOffset || line.size() > UINT32_MAX || read.outputs.size() >= kList)
    throw BadLine("the file is too large");
  entries_.push_back({hash_of(read.key), place_of(offset, line), static_cast<std::uint32_t>(line.size()),
                      read.list ? kList | static_cast<std::uint32_t>(read.outputs.size()) : read.trial});
}

// Sorts, and refuses a line that has a trial which a line before it has too.
void Recording::refuse_twice() {
  auto const begin = [](Entry const& e) { return (e.trials & kList) != 0 ? 0 : e.trials; };
  auto const end = [](Entry const& e) { return (e.trials & kList) != 0 ? e.trials & ~kList : e.trials + 1; };
  std::sort(entries_.begin(), entries_.end(), [&](Entry const& a, Entry const& b) {
    return std::tuple(a.key, begin(a), offset_of(a.place)) < std::tuple(b.key, begin(b), offset_of(b.place));
  });
  struct Twice {
    std::uint64_t offset;
    std::string key;
    std::uint32_t trial;
  };
  std::optional<Twice> first;
  // Of the lines of one key so far the one whose trials reach furthest: if a line shares a trial with any, it
  // does with that one.
  for (std::size_t furthest = 0, i = 1; i < entries_.size(); ++i) {
    auto const& a = entries_[furthest];
    auto const& b = entries_[i];
    if (a.key != b.key) {
      furthest = i;
      continue;
    }
    auto const later = std::max(offset_of(a.place), offset_of(b.place));
    if (begin(b) < end(a) && (!first || later < first->offset))
      // Two keys may have one hash.
      if (auto key = line(b).key; line(a).key == key) first = Twice{later, std::move(key), begin(b)};
    if (end(b) > end(a)) furthest = i;
  }
  if (first)
    throw Invalid(
        path_ + ":" + std::to_string(line_of(first->offset)) + ": key `" + first->key + "` has trial " +
            std::to_string(first->trial) + " already; give each line its `trial`",
        R"(each line is {"key": text, "output": text} or {"key": text, "outputs": [text per trial]})");
}

// Counted only for an error.
std::uint64_t Recording::line_of(std::uint64_t offset) const {
  std::uint64_t out = 1;
  std::string piece(kPiece, '\0');
  for (std::uint64_t at = 0; at < offset;) {
    auto const n = ::pread(fileno(file_.get()), piece.data(),
                           std::min<std::uint64_t>(piece.size(), offset - at), static_cast<off_t>(at));
    if (n <= 0) break;
    out += static_cast<std::uint64_t>(std::count(piece.begin(), piece.begin() + n, '\n'));
    at += static_cast<std::uint64_t>(n);
  }
  return out;
}

RecordedLine Recording::line(Entry const& entry) const {
  std::string out(entry.length, '\0');
  for (std::size_t at = 0; at < out.size();) {
    auto const n = ::pread(fileno(file_.get()), out.data() + at, out.size() - at,
                           static_cast<off_t>(offset_of(entry.place) + at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    at += static_cast<std::size_t>(n);
  }
  if (place_of(offset_of(entry.place), out) != entry.place)
    throw Unavailable("`" + path_ + "` changed while it was read", "run again, and leave it as it is");
  return reader_.read(out);
}

template <class F>
void Recording::each(std::string_view key, F&& visit) const {
  auto const hash = hash_of(key);
  auto at = std::lower_bound(entries_.begin(), entries_.end(), hash,
                             [](Entry const& entry, std::uint64_t wanted) { return entry.key < wanted; });
  for (; at != entries_.end() && at->key == hash; ++at) visit(*at);
}

std::optional<Answer> Recording::find(std::string_view key, std::uint32_t trial) const {
  std::optional<Answer> out;
  each(key, [&](Entry const& entry) {
    bool const list = (entry.trials & kList) != 0;
    if (out || (list ? trial >= (entry.trials & ~kList) : trial != entry.trials)) return;
    auto found = line(entry);
    if (found.key != key) return;
    out = std::move(found.figures);
    out->output = std::move(found.outputs[list ? trial : 0]);
  });
  return out;
}

std::size_t Recording::trials(std::string_view key) const {
  std::size_t out = 0;
  each(key, [&](Entry const& entry) {
    if (line(entry).key == key) out += (entry.trials & kList) != 0 ? entry.trials & ~kList : 1;
  });
  return out;
}
