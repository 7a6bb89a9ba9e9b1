#include <iostream>

#include "core/cli/app.hpp"

int main(int argc, char** argv) {
  return itera::cli::run(argc, argv, std::cout, std::cerr);
}
