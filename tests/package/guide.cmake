# cmake -DGUIDE=... -DFOLDER=... -P guide.cmake: the guide shows the very files that the tests build.
file(READ "${GUIDE}" guide)
foreach(name IN ITEMS judge_prefix.cpp CMakeLists.txt)
  file(READ "${FOLDER}/${name}" shown)
  string(FIND "${guide}" "${shown}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${GUIDE} does not hold ${FOLDER}/${name} as it is: copy the file into its code block")
  endif()
endforeach()
