#pragma once
#include <optional>
#include <vector>

#include "plugins/models/prompt_arm.hpp"

// The two shapes of OpenAI's API: what a reply says, and what a stream of one comes to.
namespace itera::openai {

/// A reply of /chat/completions.
models::Said chat_said(models::Json const& reply);
/// Chunks of a stream as one reply; nothing if no chunk ended it.
std::optional<models::Json> chat_joined(std::vector<models::Json> const& chunks);

/// A reply of /responses.
models::Said responses_said(models::Json const& reply);
std::optional<models::Json> responses_joined(std::vector<models::Json> const& events);

/// What both shapes of a usage object share; `in` and `out` are the names of its counts, `details` that of
/// its input's details.
std::optional<models::Usage> usage_of(models::Json const& reply, std::string const& in,
                                      std::string const& out, std::string const& details);
/// `service_tier` if it is one of another price.
std::string tier_of(models::Json const& reply);
/// A tool's call; arguments that are JSON stand as JSON.
models::Json tool_call(std::string const& name, std::string const& arguments);

}  // namespace itera::openai
