#pragma once
#include <cmath>
#include <cstddef>

namespace itera::stats {

/// term(0) + ... + term(n - 1) in this order, with Neumaier's compensation ("Rundungsfehleranalyse einiger
/// Verfahren zur Summation endlicher Summen", ZAMM 1974): the error does not grow with n. The result still
/// depends on the order in its last bit, so callers that promise independence of the row order sort first.
template <class Term>
double sum_of(std::size_t n, Term term) {
  double sum = 0;
  double carry = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double const x = term(i);
    double const next = sum + x;
    carry += std::abs(sum) >= std::abs(x) ? (sum - next) + x : (x - next) + sum;
    sum = next;
  }
  return sum + carry;
}

}  // namespace itera::stats
