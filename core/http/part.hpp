#pragma once
#include <memory>

#include "core/ports/http_part.hpp"

namespace itera::http {

/// HTTP by libcurl: connections that are used again, HTTP/2 over TLS where the server has it, retries with
/// backoff, and limits for each endpoint that adapt (see Pace). Reads the system's proxy variables. libcurl
/// must have been initialised.
std::unique_ptr<ports::HttpPart> make_part(ports::HttpOptions options);

}  // namespace itera::http
