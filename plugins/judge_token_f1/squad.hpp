#pragma once
#include <string>
#include <string_view>
#include <vector>

/// The words that SQuAD compares: small letters, without the 32 marks of ASCII punctuation (taken out, so
/// that "o'clock" is one word), without the words a, an and the. What Python's `normalize_answer(s).split()`
/// of evaluate-v1.1.py gives (Rajpurkar et al. 2016), for text of all scripts; see text::lower for its sigma.
std::vector<std::string> squad_words(std::string_view text);

/// How much two bags of words share, each 0..1.
struct Overlap {
  double precision = 0;  ///< the share of the answer's words that are expected
  double recall = 0;     ///< the share of the expected words that are there
  double f1 = 0;
};

/// The words that are common, each as often as in the text that has fewer of it. Two texts without a word
/// share everything: f1 is 1, as evaluate-v2.0.py has it (v1.1, which knows no questions without answer,
/// has 0); one such text shares nothing.
Overlap overlap(std::vector<std::string> answer, std::vector<std::string> expected);
