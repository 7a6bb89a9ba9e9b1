#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The words of rouge_score's tokenize.py without a stemmer: small letters, runs of a-z and 0-9; everything
/// else parts them. With `all_scripts`, runs of letters, marks and numbers of any script.
std::vector<std::string> rouge_words(std::string_view text, bool all_scripts);

/// How many words are left if both texts lose as few as possible to become the same sequence. Time grows with
/// the product of the two lengths, memory with the shorter.
std::size_t longest_common_subsequence(std::vector<std::string> const& a, std::vector<std::string> const& b);

/// ROUGE-L of one text against one reference, each 0..1: Lin 2004, section 3.1, with beta = 1.
struct RougeL {
  double precision = 0;
  double recall = 0;
  double f = 0;
};

/// 0 if one of them has no words, as in rouge_scorer.py, also if both have none.
RougeL rouge_l(std::vector<std::string> const& answer, std::vector<std::string> const& expected);
