// One library with several plugins of one name, whose source and reporter are as faulty as their setting
// says.
#include <limits>
#include <string>
#include <vector>

#include <itera/sdk/plugin.hpp>

namespace {

using namespace itera::sdk;

constexpr auto kSchema = R"({"properties": {"fault": {"type": "string", "default": ""}}})";

class KindsSource final : public SourcePlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<KindsSource>({"test.source.kinds", "kinds", "1", "numbers", kSchema});
  }
  KindsSource(Host, Settings const& settings) : fault_(settings.text("fault")) {}

  std::vector<Column> schema(Call const&) override {
    if (fault_ == "same_column") return {{"n"}, {"n"}};
    if (fault_ == "unknown_type") return {{"n", "decimal"}};
    return {{"n", "int"},     {"half", "real"},   {"even", "bool"},
            {"name", "text"}, {"nested", "json"}, {"nothing", "text"}};
  }

  std::string read(Call const& call, std::vector<std::string> const& columns, Rows& rows) override {
    for (std::int64_t n = 0; n < 10'000; ++n) {
      for (auto const& column : columns) {
        if (column == "n")
          rows.integer(n);
        else if (column == "half")
          rows.real(fault_ == "not_finite" ? std::numeric_limits<double>::infinity()
                                           : 0.5 * static_cast<double>(n));
        else if (column == "even")
          rows.boolean(n % 2 == 0);
        else if (column == "name")
          rows.text(fault_ == "not_utf8" ? "\xFF" : "row " + std::to_string(n));
        else if (column == "nested")
          rows.json(fault_ == "not_json" ? "{" : "[" + std::to_string(n) + "]");
        else
          rows.null();
      }
      rows.end_row();
      if (fault_ == "short_row") rows.end_row();
    }
    if (fault_ == "two_reports") call.document("{}");
    return "kinds:1";
  }

 private:
  std::string fault_;
};

class KindsArm final : public ArmPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<KindsArm>({"test.arm.kinds", "kinds", "1", "echoes", kSchema});
  }
  KindsArm(Host, Settings const& settings) : fault_(settings.text("fault")) {}
  void step(Step const& item) override {
    if (item.index() == 0) return item.call(R"({"exec": {"argv": ["true"]}})", R"({"seen": 1})");
    item.answer(Answer{.output = std::string(*item.state()) + std::string(*item.reply()) +
                                 std::string(item.key()) + std::string(item.output()),
                       .cost_usd = 0.25,
                       .tokens = {{1, 2}},
                       .trace = {"a \"quoted\" line"}});
  }
  std::optional<std::string> prepare() override {
    if (fault_ == "prepare") return R"({"http": {}})";
    if (fault_ == "prepared") return R"({"exec": {"argv": ["train"]}})";
    return std::nullopt;
  }

 private:
  std::string fault_;
};

class KindsReporter final : public ReporterPlugin {
 public:
  static itera_descriptor descriptor() {
    return make_descriptor<KindsReporter>({"test.reporter.kinds", "kinds", "1", "writes", kSchema});
  }
  KindsReporter(Host, Settings const& settings) : path_(settings.text("fault")) {}
  void write(Call const& call, std::string_view evidence) override {
    call.file(path_, evidence);
    if (path_ == "twice.md") call.file(path_, evidence);
  }

 private:
  std::string path_;
};

}  // namespace

ITERA_PLUGINS(KindsSource, KindsArm, KindsReporter)
