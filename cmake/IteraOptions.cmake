option(ITERA_WERROR "Warnings are errors" OFF)
set(ITERA_SANITIZE "" CACHE STRING "address,undefined | thread | empty")
option(ITERA_COVERAGE "gcov instrumentation" OFF)
option(ITERA_FUZZ "Build for libFuzzer (clang)" OFF)

add_library(itera_options INTERFACE)
add_library(itera::options ALIAS itera_options)
target_compile_features(itera_options INTERFACE cxx_std_20)
# -ffp-contract=off: the verdict's arithmetic must not depend on whether the compiler fuses a multiply and an add.
target_compile_options(itera_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic
  $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow> -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wextra-semi
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false alarms on std::string when optimising (GCC bug 105329)
  $<$<BOOL:${ITERA_WERROR}>:-Werror>)
if(ITERA_SANITIZE)  # global on purpose: plugins, tests and host must agree
  add_compile_options(-fsanitize=${ITERA_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ITERA_SANITIZE})
endif()
if(ITERA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link -fno-sanitize-recover=all -D_GLIBCXX_ASSERTIONS)
endif()
if(ITERA_COVERAGE)
  add_compile_options(--coverage -O0)
  add_link_options(--coverage)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
find_program(ITERA_MOLD mold)
if(ITERA_MOLD AND PROJECT_IS_TOP_LEVEL)
  add_link_options(-fuse-ld=mold)
endif()

# itera_add_room(<name> SOURCES ... [LINK ...] [PRIVATE ...]): one static library per room, `itera_<name>`.
# LINK lists the rooms and libraries that the room's headers need; PRIVATE those that only its sources need.
function(itera_add_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;PRIVATE")
  add_library(itera_${name} STATIC ${arg_SOURCES})
  target_include_directories(itera_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_compile_features(itera_${name} PUBLIC cxx_std_20)
  target_link_libraries(itera_${name} PUBLIC ${arg_LINK} PRIVATE itera::options ${arg_PRIVATE})
endfunction()

# itera_optimise_room(<name>): the statistics run thousands of times in a simulation, in tests as well; where lines are
# not counted they are optimised in a debug build too.
function(itera_optimise_room name)
  if(NOT ITERA_COVERAGE)
    target_compile_options(itera_${name} PRIVATE $<$<CONFIG:Debug>:-O2>)
  endif()
endfunction()

# itera_add_test(<name> SOURCES ... [LINK ...] [DEFINE ...] [LABELS ...]): one GoogleTest executable. Slow ones are
# neither built nor run with a sanitizer, unless they are asked for by name.
function(itera_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;DEFINE;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE itera::options ${arg_LINK} GTest::gtest_main)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE ITERA_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ${arg_DEFINE})
  if(ITERA_SANITIZE AND "slow" IN_LIST arg_LABELS)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  set(timeout 120)
  if("slow" IN_LIST arg_LABELS)
    set(timeout 900)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${timeout})
endfunction()
