#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace itera::models {

/// Text with places for the inputs of a row:
///
///   {{name}}        the input: a text as it stands, another value as JSON, null and what is not there as
///   nothing
///   {{json name}}   the input as JSON; null and what is not there as `null`
///   {{reply}}       the text of the reply before, in a template that follows one; an input of that name is
///   hidden
///   {{{{            two braces that open nothing, as those do that nothing closes
///
/// Blanks around a name do not count. What is put in is never read again, whatever it holds. A name is looked
/// up as a whole first, so that an input called `json x` can be named.
class Template {
 public:
  /// What the text around the places is, and so how a value is put in.
  enum class Form {
    text,  ///< as it stands
    json,  ///< a JSON document: `{{name}}` stands inside of strings only and is escaped there; `{{json
           ///< name}}` is a value, or escaped text inside of a string
    url,   ///< an absolute URL: values are percent-encoded and stand behind the host
  };

  Template() = default;
  /// `setting` is the name for error messages. Throws sdk::Invalid, with line and column, if a place names
  /// nothing or, by form, stands where no value may stand.
  Template(std::string_view setting, std::string_view text, Form form = Form::text);

  /// `row` is a JSON object. The same text for the same row and reply.
  std::string render(nlohmann::ordered_json const& row, std::optional<std::string_view> reply = {}) const;
  bool empty() const { return pieces_.empty(); }

 private:
  struct Piece {
    std::string text;  ///< what stands there, or the name of a place
    bool place = false;
    bool in_string = false;  ///< of a JSON document
  };
  std::string value(Piece const& piece, nlohmann::ordered_json const& row,
                    std::optional<std::string_view> reply) const;

  Form form_ = Form::text;
  std::vector<Piece> pieces_;
};

}  // namespace itera::models
