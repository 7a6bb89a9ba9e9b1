#include "core/cli/view/fmt.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "dsl/format/format.hpp"
#include "dsl/grammar/parse.hpp"
#include "dsl/grammar/scan.hpp"

namespace itera::cli {
namespace {

namespace fs = std::filesystem;
using view::FormattedFile;
using Status = FormattedFile::Status;

constexpr std::string_view kStandardInput = "-";

FormattedFile failed(std::string const& name, Error error) {
  return {Status::failed, SourceMap(name, ""), {}, false, {}, std::move(error)};
}

// Standard input, of which no more is read than a spec may have.
std::string read_input() {
  std::string out(dsl::grammar::kMaxBytes + 1, '\0');
  std::cin.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(std::cin.gcount()));
  return out;
}

Result<std::string> read_spec(std::string const& name, Diagnostics& problems) {
  if (name == kStandardInput) return read_input();
  std::error_code ignored;
  auto const status = fs::status(name, ignored);
  if (fs::is_directory(status))
    return fail(
        ErrorClass::invalid, fmt::format("{} is a folder", name),
        fmt::format("name the files in it: `itera fmt {}*.itera`", name.ends_with('/') ? name : name + "/"));
  if (fs::exists(status) && !fs::is_regular_file(status))
    return fail(ErrorClass::invalid, fmt::format("{} is no file that could be rewritten", name),
                "give its text on standard input: `itera fmt -`");
  if (auto const size = fs::file_size(name, ignored); !ignored && size > dsl::grammar::kMaxBytes) {
    dsl::grammar::refuse_size(size, problems);
    return std::string();
  }
  auto text = read_file(name);
  if (!text) text.error().kind = ErrorClass::invalid;
  return text;
}

// Writes over the file that a symbolic link leads to and keeps its permissions.
itera::Status replace(std::string const& name, std::string_view text) {
  std::error_code bad;
  auto const target = fs::canonical(name, bad);
  auto const mode = fs::status(target, bad).permissions();
  if (bad) return fail(ErrorClass::unavailable, fmt::format("cannot write {}: {}", name, bad.message()));
  if (auto const written = write_file(target, text, static_cast<unsigned>(mode)); !written) return written;
  fs::permissions(target, mode, bad);  // what the umask took
  return {};
}

FormattedFile format_file(std::string const& name, bool check_only) {
  Diagnostics problems;
  auto text = read_spec(name, problems);
  if (!text) return failed(name, std::move(text.error()));
  bool const input = name == kStandardInput;
  FormattedFile out{
      Status::refused, SourceMap(input ? "<stdin>" : name, std::move(*text)), {}, false, {}, {}};
  dsl::syntax::File tree;
  if (!problems.has_errors()) tree = dsl::parse(out.source, problems);
  out.problems = problems.sorted();
  if (problems.has_errors()) return out;
  out.text = dsl::format(tree, out.source);
  bool const same = out.text == out.source.text();
  out.status = same ? Status::same : check_only ? Status::differs : Status::changed;
  out.to_output = input && !check_only;
  if (input || out.status != Status::changed) return out;
  auto const written = replace(name, out.text);
  return written ? std::move(out) : failed(name, written.error());
}

int exit_of(FormattedFile const& file) {
  if (file.status == Status::refused) return exit_code::usage;
  if (file.error) return file.error->kind == ErrorClass::invalid ? exit_code::usage : exit_code::failure;
  return file.status == Status::differs ? exit_code::failure : exit_code::ok;
}

}  // namespace

int format_files(Context const& context, FormatArguments const& arguments) {
  auto const& names = arguments.files;
  if (names.size() > 1 && std::find(names.begin(), names.end(), kStandardInput) != names.end())
    return say_error(context, {ErrorClass::invalid, "`-` stands for standard input and stands alone",
                               "format files and standard input one after the other"});
  std::vector<FormattedFile> files;
  int exit = exit_code::ok;
  for (auto const& name : names) {
    files.push_back(format_file(name, arguments.check));
    exit = std::max(exit, exit_of(files.back()));
    if (context.json) continue;
    view::human_formatted(context, files.back());
    files.clear();
  }
  if (context.json) view::json_formatted(context.out, files, exit == exit_code::ok);
  return exit;
}

}  // namespace itera::cli
