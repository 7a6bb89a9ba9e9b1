/* Loaded before libc (LD_PRELOAD) by the tests of faults: makes the disk and the clock fail as they can.
 *
 *   ITERA_FAULT_PATH   only on files whose path contains this, and never on progress.json
 *   ITERA_FAULT_OPS    which calls: any of open, write, sync, rename, mkdir, truncate, separated by commas
 *   ITERA_FAULT_AT     which of them, counted from 1; 0: none
 *   ITERA_FAULT_STAYS  1: all that follow fail as well, as on a full disk
 *   ITERA_FAULT_ERRNO  how: a number of errno. 0: the machine loses power: what was written to the ledger and
 *                      to the store's log and not synced is lost (of the ledger: its second half), and the
 *                      process is killed
 *   ITERA_FAULT_TRACE  a file that gets a line for each such call
 *   ITERA_CLOCK_BACK   each look at the clock finds it so many seconds further back
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

enum { kTracked = 8, kPath = 4096 };
static struct {
  char path[kPath];
  off_t durable;
} tracked[kTracked];
static int tracks;
static long calls;
static long clock_looks;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* real(char const* name) {
  return dlsym(RTLD_NEXT, name);
}

static long number(char const* name) {
  char const* value = getenv(name);
  return value ? atol(value) : 0;
}

static int appended(char const* path) {
  return strstr(path, "/ledger.jsonl") || strstr(path, "/run.db-wal");
}

/* What of a file is safe; a file that is seen for the first time is as an earlier process left it. */
static off_t* durable(char const* path) {
  struct stat st;
  for (int i = 0; i < tracks; ++i)
    if (strcmp(tracked[i].path, path) == 0) return &tracked[i].durable;
  if (tracks == kTracked || strlen(path) >= kPath) return NULL;
  strcpy(tracked[tracks].path, path);
  tracked[tracks].durable = stat(path, &st) == 0 ? st.st_size : 0;
  return &tracked[tracks++].durable;
}

static void lose_power(void) {
  for (int i = 0; i < tracks; ++i) {
    struct stat st;
    off_t keep = tracked[i].durable;
    if (stat(tracked[i].path, &st) != 0 || st.st_size <= keep) continue;
    if (strstr(tracked[i].path, "/ledger.jsonl")) keep += (st.st_size - keep) / 2;
    if (truncate(tracked[i].path, keep) != 0) abort();
  }
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* True if this call has to fail; errno is set. */
static int fails(char const* op, char const* path) {
  char const* wanted = getenv("ITERA_FAULT_PATH");
  char const* ops = getenv("ITERA_FAULT_OPS");
  char const* trace = getenv("ITERA_FAULT_TRACE");
  int out = 0;
  if (!wanted || !ops || !strstr(path, wanted) || !strstr(ops, op) || strstr(path, "progress.json")) return 0;
  pthread_mutex_lock(&mutex);
  long const n = ++calls;
  long const at = number("ITERA_FAULT_AT");
  if (trace) {
    char line[kPath + 64];
    int const size = snprintf(line, sizeof line, "%s %s\n", op, path);
    int const fd = REAL(open)(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
      if (REAL(write)(fd, line, (size_t)size) != size) abort();
      close(fd);
    }
  }
  if (at > 0 && (n == at || (n > at && number("ITERA_FAULT_STAYS")))) {
    if (number("ITERA_FAULT_ERRNO") == 0) lose_power();
    out = 1;
  }
  pthread_mutex_unlock(&mutex);
  if (out) errno = (int)number("ITERA_FAULT_ERRNO");
  return out;
}

static char const* path_of(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t const n = readlink(link, path, kPath - 1);
  path[n > 0 ? n : 0] = '\0';
  return path;
}

static void note_open(char const* path) {
  if (appended(path)) {
    pthread_mutex_lock(&mutex);
    durable(path);
    pthread_mutex_unlock(&mutex);
  }
}

static void note_sync(int fd) {
  char path[kPath];
  struct stat st;
  if (!appended(path_of(fd, path)) || fstat(fd, &st) != 0) return;
  pthread_mutex_lock(&mutex);
  off_t* const safe = durable(path);
  if (safe) *safe = st.st_size;
  pthread_mutex_unlock(&mutex);
}

static int writes(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY;
}

#define OPEN(name)                             \
  int name(char const* path, int flags, ...) { \
    mode_t mode = 0;                           \
    if (flags & O_CREAT) {                     \
      va_list rest;                            \
      va_start(rest, flags);                   \
      mode = va_arg(rest, mode_t);             \
      va_end(rest);                            \
    }                                          \
    if (writes(flags)) {                       \
      note_open(path);                         \
      if (fails("open", path)) return -1;      \
    }                                          \
    return REAL(name)(path, flags, mode);      \
  }
OPEN(open)
OPEN(open64)

/* Half of it gets through first, as on a disk that fills up. */
ssize_t write(int fd, void const* data, size_t size) {
  char path[kPath];
  if (fd > 2 && fails("write", path_of(fd, path))) {
    int const code = errno;
    if (size > 1 && REAL(write)(fd, data, size / 2) < 0) abort();
    errno = code;
    return -1;
  }
  return REAL(write)(fd, data, size);
}

#define PWRITE(name, offset)                                       \
  ssize_t name(int fd, void const* data, size_t size, offset at) { \
    char path[kPath];                                              \
    if (fails("write", path_of(fd, path))) return -1;              \
    return REAL(name)(fd, data, size, at);                         \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name)                                   \
  int name(int fd) {                                 \
    char path[kPath];                                \
    if (fails("sync", path_of(fd, path))) return -1; \
    int const out = REAL(name)(fd);                  \
    if (out == 0) note_sync(fd);                     \
    return out;                                      \
  }
SYNC(fsync)
SYNC(fdatasync)

int rename(char const* from, char const* to) {
  if (fails("rename", to)) return -1;
  return REAL(rename)(from, to);
}

int mkdir(char const* path, mode_t mode) {
  if (fails("mkdir", path)) return -1;
  return REAL(mkdir)(path, mode);
}

#define TRUNCATE(name, length)                           \
  int name(int fd, length size) {                        \
    char path[kPath];                                    \
    if (fails("truncate", path_of(fd, path))) return -1; \
    return REAL(name)(fd, size);                         \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

static time_t back(void) {
  return (time_t)(__atomic_add_fetch(&clock_looks, 1, __ATOMIC_SEQ_CST) * number("ITERA_CLOCK_BACK"));
}

int clock_gettime(clockid_t which, struct timespec* out) {
  int const code = REAL(clock_gettime)(which, out);
  if (code == 0 && which == CLOCK_REALTIME && getenv("ITERA_CLOCK_BACK")) out->tv_sec -= back();
  return code;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
