#pragma once
#include <string>
#include <string_view>

#include <itera/sdk/json.hpp>

namespace itera::text {

/// What two texts may differ in and still be the same answer.
struct Folding {
  bool letter_case = false;  ///< capitals are small letters
  bool space = true;         ///< runs of white space are one blank, ends are trimmed
  bool unicode =
      true;  ///< NFKC: composed and decomposed, wide and narrow forms are one; case and space of all scripts
};

/// The settings `ignore_case`, `ignore_space` and `unicode`, which the plugin's schema must hold.
Folding folding(sdk::Settings const& settings);

/// `text` in the form that is compared. Bytes that are not UTF-8 are folded as ASCII.
std::string fold(std::string_view text, Folding const& folding);

}  // namespace itera::text
