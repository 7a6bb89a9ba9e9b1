# Copies the rooms, plants one forbidden include, and expects arrows.cmake to name it.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")
file(COPY "${ROOT}/core" "${ROOT}/dsl" "${ROOT}/plugins" DESTINATION "${SCRATCH}" FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" PATTERN "*.cpp")
foreach(plant IN ITEMS "core/stats/planted.cpp|core/run/pass.hpp|core/stats -> core/run"
                       "core/verdict/planted.cpp|dsl/syntax/tree.hpp|core/verdict -> dsl/syntax"
                       "plugins/judge_exact/planted.cpp|core/base/text.hpp|plugins -> core/base")
  string(REPLACE "|" ";" parts "${plant}")
  list(GET parts 0 file)
  list(GET parts 1 header)
  list(GET parts 2 arrow)
  file(WRITE "${SCRATCH}/${file}" "#include \"${header}\"\n")
  execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${SCRATCH}" -P "${CMAKE_CURRENT_LIST_DIR}/arrows.cmake" RESULT_VARIABLE result ERROR_VARIABLE text)
  file(REMOVE "${SCRATCH}/${file}")
  if(result EQUAL 0 OR NOT text MATCHES "${arrow}")
    message(FATAL_ERROR "the planted include ${file} -> ${header} was not found:\n${text}")
  endif()
endforeach()
