#pragma once
#include <valijson/schema_parser.hpp>

/// Adds the keywords of prepare.hpp to `parser`, which must not outlive the program. Making a schema throws
/// sdk::Invalid for a `pattern` that RE2 does not take.
void add_keywords(valijson::SchemaParser& parser);
