#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/plan/ledger.hpp"
#include "core/verdict/self_audit.hpp"

namespace itera::report {

/// Takes a signature that came after the verdict into the evidence document: the one line of the self-audit,
/// the entries of the ledger with its digest, and the end of the summary, which names the lines that are not
/// `yes`. The verdict stays. Throws nlohmann::json::exception if it is no evidence document.
void take_signature(nlohmann::json& document, verdict::AuditLine const& line, plan::Ledger const& ledger);

}  // namespace itera::report
