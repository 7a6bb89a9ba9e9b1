#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/verdict/self_audit.hpp"

/// What the lines of the self-audit are made of.
namespace itera::verdict::audit {

/// The body of the last entry of a kind; null if there is none.
nlohmann::json body(plan::Ledger const& ledger, std::string_view kind);
/// "ledger entry 7 (unsealed)", of the last of a kind.
std::string at(plan::Ledger const& ledger, std::string_view kind);
/// "`a`, `b`"
std::string named(std::vector<std::string> const& names);

/// The lines that are read off the verdict; nothing for an experiment that has none.
AuditLine failure_rows(plan::Ledger const& ledger, Verdict const* verdict);
AuditLine control_arm(plan::Plan const& plan, Verdict const* verdict);
AuditLine effect_over_noise(plan::Plan const& plan, Verdict const* verdict);
AuditLine per_slice(plan::Plan const& plan, Verdict const* verdict);
AuditLine categories(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict);
AuditLine weighting(plan::Plan const& plan, plan::Ledger const& ledger, Verdict const* verdict);
AuditLine dev_test_gap(plan::Plan const& plan, Verdict const* verdict);

}  // namespace itera::verdict::audit
