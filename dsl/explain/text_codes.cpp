#include <array>

#include "dsl/explain/tables.hpp"

namespace itera::dsl::tables {

using namespace codes;  // NOLINT(google-build-using-namespace): a table of nothing but codes

std::span<Explanation const> text() {
  static constexpr std::array table{
      Explanation{
          unexpected,
          "What stands here cannot follow what stands before it. The message lists what could. Most often a "
          "sign is from another language: settings are `name = value`, clauses have no sign at all, comments "
          "begin with `//`.",
          "question: \"Which one?\"", "write what the message expects, at the place it marks", ""},
      Explanation{unclosed_text,
                  "A text in `\"` ends on its own line. What follows the missing quote was read as text, so "
                  "nothing is "
                  "said about it yet.",
                  "question \"Which one?",
                  "close it with `\"`; put a text of several lines between `\"\"\"` and `\"\"\"`", ""},
      Explanation{
          unknown_escape,
          "A backslash in a text begins an escape, and there are six. A backslash itself is written twice.",
          "question \"C:\\data\"", "use `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r` or `\\u{...}`", ""},
      Explanation{unclosed_block,
                  "A `{` has no `}`. The message marks the block that most likely lacks it, judged by the "
                  "indentation.",
                  "experiment e {\n  split { seed 1\n", "write the `}` behind the last line of that block",
                  ""},
      Explanation{stray_brace,
                  "A `}` has no `{` before it, or the block before it was closed one line too early.",
                  "experiment e {\n}\n}\n", "delete it, or look above for one too many", ""},
      Explanation{
          too_deep,
          "Blocks and lists are nested more than 200 deep, or parentheses more than 50: no protocol is. The "
          "bound keeps hostile input from exhausting the stack.",
          "row { key a  input b  severity "
          "((((((((((((((((((((((((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))))))))))))))))))"
          ")))))))) "
          "}",
          "take the generated part out; a spec has three levels", ""},
      Explanation{too_large, "A spec has at most 4 MiB, and is refused by its size before it is read.",
                  "a file of 50 MB", "keep rows and long texts in files of their own and name them", "",
                  false},
      Explanation{not_utf8, "A spec is UTF-8; the byte that is marked is not part of any character.",
                  "a file saved as Latin-1", "save the file as UTF-8", "", false},
      Explanation{
          nul_byte,
          "A spec is plain text. A NUL byte says that this is another kind of file, or a damaged one.",
          "a file with a byte 0", "look at what wrote the file", "", false},
      Explanation{too_many, "After a hundred errors the rest would bury the first.",
                  "a file with a mistake on each line", "correct the first ones and check again", "", false},
      Explanation{bad_column,
                  "Backquotes hold a column's name that is no identifier, or is a word of the language. They "
                  "close on "
                  "the same line.",
                  "row { key `ticket id  input b }",
                  "write the second backquote, with a name between the two", ""},
      Explanation{
          bad_number,
          "Numbers are written `12`, `0.25`, `1_000`, `2.5e-3`, `1/3` or `50k`, with their unit right behind "
          "them: `pp`, `%`, `ms`, `s`, or `$` before them.",
          "sample 4.000.000 rows", "write it in one of these forms; there are no other units", ""},
      Explanation{
          look_alike,
          "The character is drawn like an ASCII letter, a sign or a blank, and is another one; or it is not "
          "drawn at all. A reviewer would read a word of the language where the compiler sees none. In texts "
          "and comments such characters are fine.",
          "\xD1\x95hip when effect >= 5pp", "type the word again", ""},
      Explanation{text_direction,
                  "A control character for the direction of text makes a reviewer see the words in another "
                  "order than "
                  "the compiler. They are refused everywhere, in texts and comments too.",
                  "question \"Which \xE2\x80\xAEone?\"",
                  "delete it; where a text needs it, write it as `\\u{202E}`", ""}};
  return table;
}

}  // namespace itera::dsl::tables
