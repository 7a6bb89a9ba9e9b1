#include "core/base/source_map.hpp"

#include <algorithm>

namespace itera {

SourceMap::SourceMap(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)), starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

Position SourceMap::position(std::uint32_t offset) const {
  auto const at = std::min<std::size_t>(offset, text_.size());
  auto const next = std::upper_bound(starts_.begin(), starts_.end(), at);
  auto const line = static_cast<std::uint32_t>(next - starts_.begin());
  auto const from = text_.begin() + starts_[line - 1];
  auto const to = text_.begin() + static_cast<std::ptrdiff_t>(at);
  auto const characters =
      std::count_if(from, to, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {line, static_cast<std::uint32_t>(characters) + 1};
}

std::uint32_t SourceMap::line_begin(std::uint32_t number) const {
  return starts_[number - 1];
}

std::string_view SourceMap::line(std::uint32_t number) const {
  auto const begin = starts_[number - 1];
  auto const end = number < starts_.size() ? starts_[number] - 1 : text_.size();
  auto view = std::string_view(text_).substr(begin, end - begin);
  if (!view.empty() && view.back() == '\r') view.remove_suffix(1);
  return view;
}

std::string_view SourceMap::slice(Span span) const {
  auto const begin = std::min<std::size_t>(span.begin, text_.size());
  auto const end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace itera
