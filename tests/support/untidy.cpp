#include "tests/support/untidy.hpp"

#include <algorithm>
#include <string_view>

namespace itera::support {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
bool is_joiner(std::string_view word) {
  return is_one_of(word, {"and", "or"});
}
bool is_comparison(std::string_view word) {
  return is_one_of(word, {">=", "<=", "==", "!=", "<", ">"});
}

}  // namespace

std::string Untidy::blanks(std::size_t least) {
  std::string out;
  for (auto n = least + (dice_.one_in(3) ? dice_.below(4) : 0); n > 0; --n)
    out += dice_.one_in(8) ? '\t' : ' ';
  return out;
}

std::string Untidy::line_breaks() {
  static std::vector<std::string> const comments = {
      "// why",          "//",        "//no blank", "// \"not closed", "// `{ } [ ] , = `",
      "// trailing  \t", "// 日本語", "/// three",  "// and so on",    "// path = \"x\" // twice",
  };
  std::string out;
  if (dice_.one_in(comments_)) out += blanks(0) + dice_.of(comments);
  out += blanks(0) + "\n";
  while (dice_.one_in(3)) out += blanks(0) + (dice_.one_in(comments_) ? dice_.of(comments) : "") + "\n";
  return out + blanks(0);
}

std::string Untidy::between(std::string const& before, std::string const& word, bool in_list) {
  if (is_one_of(before, {"=", "("}) || word == "=") return blanks(0);
  bool const may_break = in_list || word.front() == '"' || is_joiner(word) || is_joiner(before) ||
                         is_comparison(before) || before == ",";
  if (may_break && dice_.one_in(breaks_)) return line_breaks();
  return blanks(in_list || before == "," || is_one_of(word, {",", "(", ")"}) || is_comparison(word) ? 0 : 1);
}

void Untidy::put(std::string const& space, std::string const& word) {
  out_ += space + word;
}

void Untidy::clause(Words const& words, bool own_line) {
  if (first_ || after_block_)
    put(dice_.one_in(4) ? blanks(0) : line_breaks(), words[0]);
  else
    put(own_line || !dice_.one_in(4) ? line_breaks() : blanks(1), words[0]);
  first_ = after_block_ = false;
  bool in_list = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    put(between(words[i - 1], words[i], in_list), words[i]);
    in_list = words[i] == "[" || (in_list && words[i] != "]");
  }
}

void Untidy::open() {
  put(dice_.one_in(breaks_ * 2) ? line_breaks() : blanks(0), "{");
  first_ = true;
}

void Untidy::close() {
  put(dice_.one_in(3) ? blanks(0) : line_breaks(), "}");
  after_block_ = true;
  first_ = false;
}

std::string Untidy::take() {
  if (dice_.one_in(3)) out_ += line_breaks();
  if (dice_.one_in(4)) {
    std::string windows;
    for (char const c : out_) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    out_ = std::move(windows);
  }
  return (dice_.one_in(8) ? "\xEF\xBB\xBF" : "") + out_;
}

}  // namespace itera::support
