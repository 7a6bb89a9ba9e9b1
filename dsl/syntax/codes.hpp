#pragma once
#include <array>

namespace itera::dsl {

/// A kind of problem: the stable code and what it is about. Codes are never reused or renumbered.
struct Code {
  char const* id;
  char const* title;
};

/// Every problem that reading a spec can report, in one place.
namespace codes {

// The text
inline constexpr Code unexpected{"E101", "something else was expected here"};
inline constexpr Code unclosed_text{"E102", "a quoted text is not closed"};
inline constexpr Code unknown_escape{"E103", "an escape is not among those of the language"};
inline constexpr Code unclosed_block{"E104", "a block is not closed"};
inline constexpr Code stray_brace{"E105", "a `}` closes nothing"};
inline constexpr Code too_deep{"E106", "blocks or lists are nested too deeply"};
inline constexpr Code too_large{"E107", "the file is too large to be a spec"};
inline constexpr Code not_utf8{"E108", "the file is not valid UTF-8"};
inline constexpr Code nul_byte{"E109", "the file has a NUL byte"};
inline constexpr Code too_many{"E110", "there are more errors than are shown"};
inline constexpr Code bad_column{"E111", "a name in backquotes is not closed or empty"};
inline constexpr Code bad_number{"E112", "a number is malformed, out of range or has an unknown unit"};
inline constexpr Code look_alike{"E113",
                                 "a character only looks like one of the language, or like none at all"};
inline constexpr Code text_direction{"E114",
                                     "a control character changes the order in which the text is shown"};

// Clauses and names
inline constexpr Code no_experiment{"E201", "the file has no experiment"};
inline constexpr Code unknown_clause{"E202", "a clause is unknown"};
inline constexpr Code clause_form{"E203", "a clause does not have its form"};
inline constexpr Code twice{"E204", "a clause is written twice"};
inline constexpr Code missing_clause{"E205", "a clause that the experiment needs is missing"};
inline constexpr Code reserved_word{"E206", "a reserved word is used as a name"};
inline constexpr Code name_taken{"E207", "a name is used twice"};
inline constexpr Code unknown_name{"E208", "a name is not defined"};
inline constexpr Code not_yet{"E209", "this version of itera does not execute the clause yet"};
inline constexpr Code out_of_range{"E210", "a number is out of its range"};
inline constexpr Code unit{"E211", "a number needs another unit, or a sign"};

// The method
inline constexpr Code no_reference{"E220", "the baseline has no reference to what is deployed"};
inline constexpr Code two_dimensions{"E221", "an arm changes more than one thing"};
inline constexpr Code no_change{"E222", "an arm changes nothing"};
inline constexpr Code too_many_metrics{"E223", "there is more than one metric or more than two secondaries"};
inline constexpr Code too_many_arms{"E224", "there are more than three arms"};
inline constexpr Code too_many_failures{"E225", "there are more than five failure categories"};
inline constexpr Code too_few_trials{"E226", "fewer than three trials of an arm that is not deterministic"};
inline constexpr Code shares{"E227", "the shares of the split are incomplete or do not add up to 100%"};
inline constexpr Code leaked_answer{"E228", "the expected answer is among the inputs"};
inline constexpr Code cap_entity{"E229", "a cap does not name the entity of the rows"};
inline constexpr Code unknown_column{"E230", "the source has no such column"};
inline constexpr Code operand_type{"E231", "an operand of an expression has another type"};
inline constexpr Code no_cap{"E232", "the severity has no cap"};
inline constexpr Code no_benefit{"E233", "a rule of non-inferiority registers no benefit"};
inline constexpr Code traffic_shares{"E234", "the shares of the traffic do not add up to 100%"};
inline constexpr Code not_refinable{"E235", "a sprint refines what can never ship"};
inline constexpr Code too_many_iterations{"E236", "a sprint has more than three iterations"};
inline constexpr Code too_many_sprints{"E237", "there are more than three sprints"};
inline constexpr Code same_judge{"E238", "the second judge is the first one again"};
inline constexpr Code several_places{"E239", "an iteration changes a text in several places"};
inline constexpr Code bad_pattern{"E240", "a pattern is not a regular expression"};
inline constexpr Code same_family{"E241",
                                  "a judge and an arm are of one family, and no second judge is there"};

// Plugins and their settings
inline constexpr Code unknown_plugin{"E301", "no plugin has this name"};
inline constexpr Code broken_plugin{"E302", "a plugin cannot be loaded"};
inline constexpr Code unknown_setting{"E303", "the plugin has no such setting"};
inline constexpr Code setting_type{"E304", "a setting takes another type of value"};
inline constexpr Code missing_setting{"E305", "a setting that the plugin needs is missing"};
inline constexpr Code setting_unit{"E306", "the number of a setting needs another unit"};
inline constexpr Code setting_range{"E307", "the number of a setting is out of its range"};
inline constexpr Code setting_choice{"E308", "a setting takes one of a few words"};
inline constexpr Code env_not_secret{"E309", "`env()` is used in a setting that is not secret"};
inline constexpr Code written_secret{"E310", "a secret is written into the spec"};
inline constexpr Code setting_twice{"E311", "a setting is written twice"};
inline constexpr Code unreadable_file{"E312", "a file that a setting names cannot be read"};
inline constexpr Code same_plugin{"E313", "`using` names the plugin that the arm has already"};
inline constexpr Code unknown_input{"E314", "a template names what its plugin does not get"};

// Warnings
inline constexpr Code no_failures{"W201", "no failure category is registered"};
inline constexpr Code cap_of_one{"W202", "a cap of one row hides that customers repeat themselves"};
inline constexpr Code unread_columns{"W203", "the columns of the source cannot be looked at here"};
inline constexpr Code several_places_warning{"W204", "an arm changes a text in several places"};
inline constexpr Code chancy_judge{"W205", "a judge by chance scores rows that have an expected answer"};

inline constexpr std::array all{unexpected,
                                unclosed_text,
                                unknown_escape,
                                unclosed_block,
                                stray_brace,
                                too_deep,
                                too_large,
                                not_utf8,
                                nul_byte,
                                too_many,
                                bad_column,
                                bad_number,
                                look_alike,
                                text_direction,
                                no_experiment,
                                unknown_clause,
                                clause_form,
                                twice,
                                missing_clause,
                                reserved_word,
                                name_taken,
                                unknown_name,
                                not_yet,
                                out_of_range,
                                unit,
                                no_reference,
                                two_dimensions,
                                no_change,
                                too_many_metrics,
                                too_many_arms,
                                too_many_failures,
                                too_few_trials,
                                shares,
                                leaked_answer,
                                cap_entity,
                                unknown_column,
                                operand_type,
                                no_cap,
                                no_benefit,
                                traffic_shares,
                                not_refinable,
                                too_many_iterations,
                                too_many_sprints,
                                same_judge,
                                several_places,
                                bad_pattern,
                                same_family,
                                unknown_plugin,
                                broken_plugin,
                                unknown_setting,
                                setting_type,
                                missing_setting,
                                setting_unit,
                                setting_range,
                                setting_choice,
                                env_not_secret,
                                written_secret,
                                setting_twice,
                                unreadable_file,
                                same_plugin,
                                unknown_input,
                                no_failures,
                                cap_of_one,
                                unread_columns,
                                several_places_warning,
                                chancy_judge};

}  // namespace codes
}  // namespace itera::dsl
