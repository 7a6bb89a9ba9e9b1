# cmake -DNM=... -DPLUGIN=... -P one_symbol.cmake: a plugin exports its entry and nothing else.
execute_process(COMMAND "${NM}" -D --defined-only "${PLUGIN}" OUTPUT_VARIABLE out COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${out}")
list(FILTER lines EXCLUDE REGEX " A ITERA_PLUGIN_1")  # the version's own name, which some linkers list
list(LENGTH lines count)
if(NOT count EQUAL 1 OR NOT lines MATCHES "itera_plugin_entry")
  message(FATAL_ERROR "${PLUGIN}: expected one exported symbol, itera_plugin_entry, but found:\n${out}")
endif()
