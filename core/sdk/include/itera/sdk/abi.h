/* itera plugin ABI, major 1.  Pure C11: no C++ type, no allocation and no exception ever crosses this line.
 *
 * Rules of the house
 *   1. One exported symbol, for ever: itera_plugin_entry.
 *   2. Nobody frees what the other side allocated.  Inputs are borrowed for the duration of one call; outputs
 * are pushed through the itera_call, which copies.  Descriptor strings live until the library is unloaded.
 *   3. Every table starts with struct_size, set to sizeof(table) by whoever fills it.  Tables only ever grow
 * at the end; test a tail member with ITERA_HAS before touching it.  Arrays of structs carry a stride for the
 * same reason: element i stands at (char*)data + i * stride.
 *   4. Interfaces are named "itera.<kind>/<major>".  A breaking change is a new name, never a new layout.
 *   5. All strings are UTF-8 with an explicit size, and need not be 0-terminated.  data == NULL means "none".
 *   6. Each function carries a thread mark: [any] may run concurrently; [serial] never concurrently per
 * instance.
 *
 * Rationale: plugins decide, the host does.  An arm or a judge is a pure step function: it gets a row, its
 * own state of the step before and the reply to the call that it asked for, and gives back the next call or
 * its answer.  So a plugin does no I/O, never blocks and needs no threads, and the host has concurrency,
 * timeouts, retries, secrets, cost and cancellation in one place.
 */
#ifndef ITERA_SDK_ABI_H
#define ITERA_SDK_ABI_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define ITERA_ABI_MAJOR 1u
#define ITERA_HAS(table, member)                                                               \
  ((table)->struct_size >= offsetof(__typeof__(*(table)), member) + sizeof((table)->member) && \
   (table)->member)

#if defined(_WIN32)
#define ITERA_EXPORT __declspec(dllexport)
#else
#define ITERA_EXPORT __attribute__((visibility("default")))
#endif

typedef struct itera_str {
  const char* data;
  uint64_t size;
} itera_str;

/* Bytes with a media type: "text/plain; charset=utf-8", "application/json", ... */
typedef struct itera_payload {
  itera_str media_type;
  itera_str bytes;
} itera_payload;

typedef int32_t itera_status; /* the values are part of the format: never change them */
enum {
  ITERA_OK = 0,
  ITERA_INVALID = 1,     /* the user's settings or row are wrong: do not retry, tell the user        */
  ITERA_UNAVAILABLE = 2, /* something outside failed: no score, counted as missing                   */
  ITERA_CANCELLED = 3,   /* the plugin saw itera_call->cancelled                                     */
  ITERA_INTERNAL = 4     /* a bug in the plugin: the host stops the run and names the plugin         */
};

/* One typed cell of a source's row. */
enum { ITERA_NULL = 0, ITERA_BOOL = 1, ITERA_INT = 2, ITERA_REAL = 3, ITERA_TEXT = 4, ITERA_JSON = 5 };
typedef struct itera_cell {
  int32_t type;
  int32_t reserved;
  int64_t integer; /* ITERA_BOOL (0 or 1), ITERA_INT          */
  double real;     /* ITERA_REAL                              */
  itera_str text;  /* ITERA_TEXT; ITERA_JSON: a nested value  */
} itera_cell;

/* Up to 4,096 rows, column by column: columns[c] points at `rows` cells that stand `stride` bytes apart. */
typedef struct itera_batch {
  uint32_t struct_size;
  uint32_t columns;
  uint64_t rows;
  uint64_t stride;
  const itera_cell* const* cells;
} itera_batch;

/* What a step gives back for one item. */
enum {
  ITERA_EMIT_CALL = 1,   /* {"call": {...}, "state": any}: make this call, then step again with its reply */
  ITERA_EMIT_ANSWER = 2, /* arms: {"output": text, "cost_usd"?: n, "tokens"?: {"in","out"}, "trace"?: [text],
                            "latency_ms"?: n} */
  ITERA_EMIT_SCORE =
      3,               /* judges: {"value": 0..1, "passed": bool, "failures"?: [category], "reason"?: text} */
  ITERA_EMIT_ERROR = 4 /* {"kind": text, "message": text}: this item has no answer; kind is "arm" or
                          "infrastructure", and "judge" if a judge gives it */
};

/* Given to every fallible function; valid only until that function returns. [any] */
typedef struct itera_call {
  uint32_t struct_size;
  void* ctx;
  int32_t (*cancelled)(const struct itera_call*);
  void (*fail)(const struct itera_call*, itera_str summary,
               itera_str detail); /* text for the status returned */
  void (*emit)(const struct itera_call*, uint64_t handle, int32_t kind,
               itera_str json);                                /* steps: one per item, exactly */
  void (*document)(const struct itera_call*, itera_str json);  /* schema, version report, prepare */
  void (*batch)(const struct itera_call*, const itera_batch*); /* sources */
  void (*file)(const struct itera_call*, itera_str path, itera_str bytes); /* reporters */
} itera_call;

/* What the host lends to a plugin instance; valid until instance->destroy returns. [any] */
typedef struct itera_host {
  uint32_t struct_size;
  void* ctx;
  const void* (*service)(const struct itera_host*,
                         const char* id); /* "itera.log/1", "itera.failures/1" or NULL */
} itera_host;

#define ITERA_SERVICE_LOG "itera.log/1"
typedef struct itera_log_v1 {
  uint32_t struct_size;
  void (*write)(const itera_host*, int32_t level, itera_str message); /* 0 debug .. 3 error [any] */
} itera_log_v1;

/* Judges only: the failure categories that the experiment registered and that a judge may tag a row with.
 * They are part of the first lock, so they are the same as long as the experiment lives. */
#define ITERA_SERVICE_FAILURES "itera.failures/1"
typedef struct itera_failures_v1 {
  uint32_t struct_size;
  uint32_t (*count)(const itera_host*); /* [any] */
  itera_str (*name)(const itera_host*,
                    uint32_t index); /* lives as long as the host; empty beyond the last [any] */
  itera_str (*description)(const itera_host*, uint32_t index); /* in the author's words [any] */
} itera_failures_v1;

typedef struct itera_descriptor {
  uint32_t struct_size;
  const char* id;           /* reverse-DNS, unique, stable: "dev.itera.judge.exact"                       */
  const char* short_name;   /* the word in a spec: "exact"                                                */
  const char* version;      /* semver of this plugin                                                      */
  const char* summary;      /* one line for `itera plugins list`                                          */
  const char* interface_id; /* "itera.source/1", "itera.arm/1", "itera.judge/1", "itera.reporter/1"       */
  const char* settings_schema; /* JSON Schema of the settings object; see docs/plugins.md */
  uint32_t max_batch;        /* items per step call; 0 = no limit                                          */
  const char* const* traits; /* NULL-terminated: see docs/plugins.md; or NULL                              */
} itera_descriptor;

typedef struct itera_instance {
  uint32_t struct_size;
  void* self;
  void (*destroy)(struct itera_instance*); /* [serial] */
  const void* (*get_interface)(const struct itera_instance*,
                               const char* id); /* [any] NULL if not supported */
} itera_instance;

/* "itera.source/1": typed rows, streamed. */
#define ITERA_SOURCE_V1 "itera.source/1"
typedef struct itera_source_v1 {
  uint32_t struct_size;
  /* call->document({"columns": [{"name": text, "type": "text"|"int"|"real"|"bool"|"json"}]}); reads no row.
   * [serial] */
  itera_status (*schema)(itera_instance*, const itera_call*);
  /* Every row once, in any order, through call->batch, with the cells of `columns_json` (["a", "b"]) in that
   * order; then call->document({"version": text, "rows": n}).  Polls call->cancelled between batches.
   * [serial] */
  itera_status (*read)(itera_instance*, const itera_call*, itera_str columns_json);
} itera_source_v1;

/* One row of work for an arm or a judge. */
typedef struct itera_item {
  uint64_t handle;      /* the host's; echoed in emit                                                     */
  uint64_t seed;        /* the same for the same (experiment seed, row, trial)                            */
  uint32_t trial;       /* 0, 1, ...                                                                      */
  uint32_t step;        /* 0, 1, ...                                                                      */
  itera_str row;        /* the row's inputs, a JSON object in the declared order                          */
  itera_str key;        /* arms: an opaque row key for recorded outputs; judges: none                     */
  itera_payload output; /* judges: what the arm answered                                                  */
  itera_str expected;   /* judges: the expected answer as text; none if the row has none                  */
  itera_str label;      /* judges: a blind label for the arm                                              */
  itera_str state;      /* the plugin's own, from its last ITERA_EMIT_CALL; none at step 0                */
  itera_str reply;      /* {"exec": {...}}; none at step 0                                                */
} itera_item;
typedef struct itera_items {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t count;
  uint64_t stride;
  const itera_item* data;
} itera_items;

/* "itera.arm/1": rows (inputs only, never the expected answer) -> outputs. */
#define ITERA_ARM_V1 "itera.arm/1"
typedef struct itera_arm_v1 {
  uint32_t struct_size;
  /* Exactly one emit (call, answer or error) for each item. Does not block. [serial] */
  itera_status (*step)(itera_instance*, const itera_call*, const itera_items*);
  /* Optional (NULL): what has to run once on the train rows before the first step.  call->document({"exec":
   * {...}}), or no document if this arm needs no preparation.  The host runs it with the train rows as JSON
   * lines
   * {"key","input","expected"} on standard input and the empty folder's path in ITERA_PREPARED. [serial] */
  itera_status (*prepare)(itera_instance*, const itera_call*);
} itera_arm_v1;

/* "itera.judge/1": {input, output, expected} -> score. */
#define ITERA_JUDGE_V1 "itera.judge/1"
typedef struct itera_judge_v1 {
  uint32_t struct_size;
  /* Exactly one emit (call, score or error) for each item. Does not block. [serial] */
  itera_status (*step)(itera_instance*, const itera_call*, const itera_items*);
} itera_judge_v1;

/* "itera.reporter/1": the finished evidence -> files. */
#define ITERA_REPORTER_V1 "itera.reporter/1"
typedef struct itera_reporter_v1 {
  uint32_t struct_size;
  /* call->file(relative path, bytes) once per file; the host writes them whole or not at all. [serial] */
  itera_status (*write)(itera_instance*, const itera_call*, itera_str evidence_json);
} itera_reporter_v1;

typedef struct itera_entry_v1 {
  uint32_t struct_size;
  uint32_t count;
  const itera_descriptor* (*describe)(uint32_t index); /* [any] cheap: no I/O */
  /* ITERA_OK and *made, or another status with call->fail's text and *made untouched. [any] */
  itera_status (*create)(const char* id, const itera_host*, itera_str settings_json, const itera_call*,
                         itera_instance** made);
} itera_entry_v1;

/* The one symbol.  The host asks for the newest major that it speaks, then older ones; NULL means "not that
 * one". */
ITERA_EXPORT const void* itera_plugin_entry(uint32_t abi_major);

#ifdef __cplusplus
}
#endif
#endif
