#pragma once
#include <optional>
#include <vector>

#include "plugins/models/prompt_arm.hpp"

namespace itera::anthropic {

/// A reply of /v1/messages.
models::Said messages_said(models::Json const& reply);
/// Events of a stream as one reply; nothing if it was not ended.
std::optional<models::Json> messages_joined(std::vector<models::Json> const& events);

}  // namespace itera::anthropic
