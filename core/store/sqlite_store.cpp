#include "core/store/sqlite_store.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace itera::store {
namespace {

constexpr int kApplication = 0x49544552;  // "ITER" in the file's header: another program's file is not taken
constexpr int kSchema = 1;

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;
struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};

class Descriptor {
 public:
  Descriptor() = default;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  void open(std::string const& file, int flags = O_RDONLY) {
    fd_ = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  }
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

// What stands in the file beside the store; 0 without one, or if a power cut left zeros in it.
std::int64_t synced_entries(std::filesystem::path const& file) {
  std::ifstream in(file.string() + ".count");
  std::int64_t out = 0;
  return in >> out ? out : 0;
}

class SqliteStore final : public ports::Store {
 public:
  explicit SqliteStore(std::filesystem::path file) : file_(std::move(file)) {}

  Status open(std::string const& experiment, Open how) {
    if (how != Open::read_only) keep_to_owner();
    sqlite3* raw = nullptr;
    auto const flags = how == Open::read_only  ? SQLITE_OPEN_READONLY
                       : how == Open::existing ? SQLITE_OPEN_READWRITE
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    auto const rc = sqlite3_open_v2(file_.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(raw);
    if (rc != SQLITE_OK) return failed("open");
    sqlite3_extended_result_codes(raw, 1);
    if (how == Open::read_only) return read(experiment);
    // SQLite takes a file that it may not write for one that is to be read alone, and says so at the first
    // write: when the first answer is paid for.
    if (sqlite3_db_readonly(raw, "main") == 1)
      return fail(ErrorClass::unavailable, fmt::format("cannot write {}: it is read-only", file_.string()),
                  "make the folder and its files writable and run again");
    if (auto const ok =
            run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
        !ok)
      return ok;
    auto const fresh = number("SELECT count(*) FROM sqlite_schema");
    if (!fresh) return fail(fresh.error());
    if (*fresh == 0)
      if (auto const ok = make(experiment); !ok) return ok;
    if (auto const ok = read(experiment); !ok) return ok;
    if (auto const ok = keep_what_stands(); !ok) return ok;
    return prepare("INSERT INTO entry(id, key, value) VALUES (?, ?, ?)", insert_);
  }

  Status scan(std::function<Status(std::int64_t, std::string_view, std::string_view)> const& visit) override {
    Statement all;
    if (auto const ok = prepare("SELECT id, key, value FROM entry ORDER BY id", all); !ok) return ok;
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(all.get())) == SQLITE_ROW)
      if (auto const ok = visit(sqlite3_column_int64(all.get(), 0), blob(all.get(), 1), blob(all.get(), 2));
          !ok)
        return ok;
    return rc == SQLITE_DONE ? Status{} : failed("read");
  }

  Result<std::string> value(std::int64_t id) override {
    if (!select_)
      if (auto const ok = prepare("SELECT value FROM entry WHERE id = ?", select_); !ok)
        return fail(ok.error());
    sqlite3_reset(select_.get());
    sqlite3_bind_int64(select_.get(), 1, id);
    if (sqlite3_step(select_.get()) != SQLITE_ROW) return fail(failed("read").error());
    auto out = std::string(blob(select_.get(), 0));
    sqlite3_reset(select_.get());
    return out;
  }

  std::int64_t next_id() const override { return next_; }

  Status append(std::string_view key, std::string_view value) override {
    if (!std::exchange(writing_, true))
      if (auto const ok = run("BEGIN IMMEDIATE"); !ok) return ok;
    sqlite3_reset(insert_.get());
    sqlite3_bind_int64(insert_.get(), 1, next_);
    sqlite3_bind_blob(insert_.get(), 2, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    sqlite3_bind_blob64(insert_.get(), 3, value.data(), value.size(), SQLITE_STATIC);
    if (sqlite3_step(insert_.get()) != SQLITE_DONE) return failed("write");
    ++next_;
    return {};
  }

  Status commit() override {
    if (!writing_) return {};
    if (auto const ok = run("COMMIT"); !ok) return ok;
    writing_ = false;
    synced_ = false;
    return {};
  }

  // A commit is written to the log and not synced (synchronous=NORMAL), so that many share one sync: of the
  // log's own file, which stays the same file as long as the database is open.
  Status sync() override {
    if (synced_) return {};
    if (log_.get() < 0) {
      log_.open(file_.string() + "-wal");
      Descriptor folder;
      folder.open(file_.parent_path(), O_RDONLY | O_DIRECTORY);
      // The log's name must outlive the machine, too: SQLite syncs it with the log, which it leaves to us.
      if (folder.get() >= 0 && ::fsync(folder.get()) != 0 && errno != EINVAL) return unsynced();
    }
    if (log_.get() < 0 || ::fdatasync(log_.get()) != 0) return unsynced();
    synced_ = true;
    return write_count();
  }

 private:
  static std::string_view blob(sqlite3_stmt* statement, int column) {
    auto const* data = static_cast<char const*>(sqlite3_column_blob(statement, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
  }

  Status unsynced() const {
    return fail(ErrorClass::unavailable,
                fmt::format("cannot sync {}: {}", file_.string(), std::strerror(errno)),
                "mend the cause and run again: what is finished is kept");
  }

  // The values are encrypted; the keys, the sizes and the number of them are not. SQLite gives its log the
  // mode of the database.
  void keep_to_owner() const {
    Descriptor made;
    made.open(file_.string(), O_RDWR | O_CREAT);
    for (auto const* more : {"", "-wal"}) ::chmod((file_.string() + more).c_str(), 0600);
  }

  // What an earlier process committed and did not live to sync is built on from now.
  Status keep_what_stands() {
    std::error_code ec;
    synced_ = !std::filesystem::exists(file_.string() + "-wal", ec);
    return sync();
  }

  // How many entries were synced, beside the store: not synced itself, so that it can only be less than what
  // the disk holds. An entry below it that is not there was lost after it had been built on.
  Status write_count() {
    if (count_.get() < 0) count_.open(file_.string() + ".count", O_WRONLY | O_CREAT);
    auto const text = fmt::format("{:020}\n", next_ - 1);
    if (count_.get() < 0 ||
        ::pwrite(count_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
      return fail(ErrorClass::unavailable,
                  fmt::format("cannot write {}.count: {}", file_.string(), std::strerror(errno)),
                  "mend the cause and run again: what is finished is kept");
    return {};
  }

  Status make(std::string const& experiment) {
    if (auto const ok = run(fmt::format("BEGIN; PRAGMA application_id={}; PRAGMA user_version={};"
                                        "CREATE TABLE about(experiment TEXT NOT NULL) STRICT;"
                                        "CREATE TABLE entry(id INTEGER PRIMARY KEY, key BLOB NOT NULL, "
                                        "value BLOB NOT NULL) STRICT;",
                                        kApplication, kSchema));
        !ok)
      return ok;
    Statement about;
    if (auto const ok = prepare("INSERT INTO about VALUES (?)", about); !ok) return ok;
    sqlite3_bind_text(about.get(), 1, experiment.data(), static_cast<int>(experiment.size()), SQLITE_STATIC);
    if (sqlite3_step(about.get()) != SQLITE_DONE) return failed("write");
    about.reset();
    return run("COMMIT");
  }

  Status read(std::string const& experiment) {
    auto const application = number("PRAGMA application_id");
    if (!application) return fail(application.error());
    auto const schema = number("PRAGMA user_version");
    if (!schema) return fail(schema.error());
    if (*application != kApplication || *schema != kSchema)
      return refused(*application == kApplication
                         ? fmt::format("it has the format {} of another version", *schema)
                         : std::string("it was written by another program"));
    Statement check;
    if (auto const ok = prepare("PRAGMA quick_check(1)", check); !ok) return ok;
    if (sqlite3_step(check.get()) != SQLITE_ROW) return failed("check");
    if (auto const said = blob(check.get(), 0); said != "ok")
      return refused(fmt::format("it is damaged: {}", said));
    Statement about;
    if (auto const ok = prepare("SELECT experiment FROM about", about); !ok) return ok;
    if (sqlite3_step(about.get()) != SQLITE_ROW) return refused("it does not say whose it is");
    if (auto const whose = blob(about.get(), 0); whose != experiment)
      return refused(fmt::format("it belongs to experiment `{}`", whose));
    auto const last = number("SELECT coalesce(max(id), 0) FROM entry");
    if (!last) return fail(last.error());
    next_ = *last + 1;
    if (auto const known = synced_entries(file_); *last < known)
      return refused(fmt::format("{} of {} entries that were finished are gone", known - *last, known));
    return {};
  }

  Result<std::int64_t> number(char const* sql) {
    Statement statement;
    if (auto const ok = prepare(sql, statement); !ok) return fail(ok.error());
    if (sqlite3_step(statement.get()) != SQLITE_ROW) return fail(failed("read").error());
    return sqlite3_column_int64(statement.get(), 0);
  }

  Status prepare(char const* sql, Statement& out) {
    sqlite3_stmt* raw = nullptr;
    auto const rc = sqlite3_prepare_v2(database_.get(), sql, -1, &raw, nullptr);
    out.reset(raw);
    return rc == SQLITE_OK ? Status{} : failed("read");
  }

  Status run(std::string const& sql) {
    return sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK
               ? Status{}
               : failed("write");
  }

  Status refused(std::string const& why) const {
    return fail(ErrorClass::refused, fmt::format("{} cannot be believed: {}", file_.string(), why),
                fmt::format("`itera doctor {}` shows what is whole and can save it",
                            file_.parent_path().parent_path().string()));
  }

  // What SQLite met, in terms of what the user can do about it.
  Status failed(std::string_view act) const {
    auto const code = database_ ? sqlite3_extended_errcode(database_.get()) : SQLITE_NOMEM;
    auto const* const said = database_ ? sqlite3_errmsg(database_.get()) : "out of memory";
    switch (code & 0xff) {
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return refused(fmt::format("it is damaged: {}", said));
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return fail(ErrorClass::unavailable, fmt::format("{} is in use by another process", file_.string()),
                    "wait until it is done");
      case SQLITE_FULL:
        return fail(ErrorClass::unavailable,
                    fmt::format("cannot {} {}: the disk is full", act, file_.string()),
                    "make room and run again: what is finished is kept");
      default:
        return fail(ErrorClass::unavailable, fmt::format("cannot {} {}: {}", act, file_.string(), said),
                    "mend the cause and run again: what is finished is kept");
    }
  }

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  Statement insert_, select_;
  std::int64_t next_ = 1;
  bool writing_ = false;
  bool synced_ = true;
  Descriptor log_, count_;
};

// More entries than this are never missing in a row: a page holds fewer.
constexpr std::int64_t kGap = 4096;

}  // namespace

Status visit_readable(std::filesystem::path const& file,
                      std::function<Status(std::int64_t, std::string_view, std::string_view)> const& visit) {
  sqlite3* raw = nullptr;
  auto const opened =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, CloseDatabase> const database(raw);
  sqlite3_stmt* found = nullptr;
  // One by one: a damaged page costs its own entries, not all that follow it.
  auto const prepared =
      opened == SQLITE_OK
          ? sqlite3_prepare_v2(raw, "SELECT key, value FROM entry WHERE id = ?", -1, &found, nullptr)
          : opened;
  Statement const select(found);
  if (prepared != SQLITE_OK)
    return fail(ErrorClass::unavailable, fmt::format("nothing of {} can be read: {}", file.string(),
                                                     raw ? sqlite3_errmsg(raw) : "out of memory"));
  std::int64_t last = 0;
  for (std::int64_t id = 1; id <= last + kGap; ++id) {
    sqlite3_reset(select.get());
    sqlite3_bind_int64(select.get(), 1, id);
    if (sqlite3_step(select.get()) != SQLITE_ROW) continue;
    last = id;
    auto const column = [&](int i) {
      return std::string_view(static_cast<char const*>(sqlite3_column_blob(select.get(), i)),
                              static_cast<std::size_t>(sqlite3_column_bytes(select.get(), i)));
    };
    if (auto const ok = visit(id, column(0), column(1)); !ok) return ok;
  }
  return {};
}

Result<std::unique_ptr<ports::Store>> open(std::filesystem::path const& file, std::string const& experiment,
                                           Open how) {
  std::error_code ec;
  if (how != Open::existing_or_new && !std::filesystem::exists(file, ec))
    return fail(ErrorClass::refused,
                fmt::format("{} is gone: it held every answer that was paid for", file.string()),
                fmt::format("restore it; `itera doctor {}` says what can be done without it",
                            file.parent_path().parent_path().string()));
  auto out = std::make_unique<SqliteStore>(file);
  if (auto const ok = out->open(experiment, how); !ok) return fail(ok.error());
  return out;
}

}  // namespace itera::store
