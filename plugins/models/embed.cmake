# cmake -DFROM=<prices.json> -DOUT=<file.cpp> -P embed.cmake : the table as a C++ constant.
cmake_minimum_required(VERSION 3.25)
file(READ "${FROM}" text)
string(JSON ignored GET "${text}" unit)  # a table that is no JSON ends the build here
if(text MATCHES "\\)itera\"")
  message(FATAL_ERROR "${FROM} holds text that would end its constant")
endif()
file(WRITE "${OUT}" "// Written by embed.cmake.\n#include \"plugins/models/prices.hpp\"\n\nnamespace itera::models {\n
char const* const kPricesJson = R\"itera(${text})itera\";\n\n}  // namespace itera::models\n")
