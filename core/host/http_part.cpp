#include "core/host/http_part.hpp"

namespace itera::host {

Result<std::unique_ptr<HttpPart>> load_http_part(ports::Secrets) {
  return fail(ErrorClass::unavailable, "this build makes no HTTP requests");
}

}  // namespace itera::host
