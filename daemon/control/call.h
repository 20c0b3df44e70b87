#ifndef AYNI_DAEMON_CONTROL_CALL_H
#define AYNI_DAEMON_CONTROL_CALL_H

#include "daemon/control/connection.h"
#include "daemon/records/complaint.h"
#include "proto/control.h"

/*
 * One request as its handler sees it: arguments in; items, progress and
 * at most one failure out. A call belongs to one connection and its thread.
 *
 * A handler reads its arguments first and returns at once where one is wrong
 * (call_argument functions have said why by then), writes items, and returns
 * AYNI_OK or what call_fail() returned. A failure it returns without a
 * call_fail() is told in general words.
 *
 *   static enum ayni_status handle_get(struct daemon *daemon, struct control_call *call)
 *   {
 *       const char *id;
 *       enum ayni_status status = call_text(call, "id", &id);
 *       if (status != AYNI_OK)
 *           return status;
 *       ...
 *           return call_fail(call, AYNI_E_NOT_FOUND, N_("there is no record {}"), id, NULL);
 *       struct ayni_control_writer *item = call_item(call);
 *       ayni_control_open_object(item, NULL);
 *       ayni_control_put_record(item, "id", &record);
 *       ayni_control_close(item);
 *       return call_send(call);
 *   }
 */
struct control_call;

struct visitor *call_visitor(struct control_call *call);
/* Who asks: a local user's name, or the name that the daemon knows a remote key by. Never NULL. */
const char *call_steward(const struct control_call *call);
/* Whether she is an admin of this node: for what a command allows to admins alone. */
bool call_by_admin(const struct control_call *call);
/* Whether her role settles conflicts: reviewer, admin. */
bool call_may_settle(const struct control_call *call);
/* Whether her role changes no record: reader, auditor. */
bool call_only_reads(const struct control_call *call);
/* "es" or "en": for labels that come out of the catalogue. Failures are in English and translated
 * by the command. */
const char *call_language(const struct control_call *call);

/*
 * Arguments, by name. What is missing or of another type fails the call with
 * AYNI_E_USAGE in words; the _or forms give a default for what is missing.
 * Texts live as long as the call and hold no NUL byte inside.
 */
bool call_has(const struct control_call *call, const char *name);
AYNI_CHECKED enum ayni_status call_text(struct control_call *call, const char *name,
                                        const char **value);
AYNI_CHECKED enum ayni_status call_text_or(struct control_call *call, const char *name,
                                           const char *fallback, const char **value);
AYNI_CHECKED enum ayni_status call_int_or(struct control_call *call, const char *name,
                                          int64_t fallback, int64_t *value);
/* False where it is missing. */
AYNI_CHECKED enum ayni_status call_flag(struct control_call *call, const char *name, bool *value);
/* A list of texts; empty where it is missing. `*texts` lives as long as the call. */
AYNI_CHECKED enum ayni_status call_texts(struct control_call *call, const char *name,
                                         const char *const **texts, size_t *count);
/* A list of [name, text] pairs, as FIELD=VALUE becomes; empty where it is missing. */
struct call_pair {
    const char *name;
    const char *value;
};
AYNI_CHECKED enum ayni_status call_pairs(struct control_call *call, const char *name,
                                         const struct call_pair **pairs, size_t *count);

/* Items: take the writer, put one value, send. A send fails with AYNI_E_STOPPED where nobody reads
 * any more. */
struct ayni_control_writer *call_item(struct control_call *call);
AYNI_CHECKED enum ayni_status call_send(struct control_call *call);
/* Many items that are made already, one after the other in `items`; they go together, which costs
 * a fifth less. */
AYNI_CHECKED enum ayni_status call_send_all(struct control_call *call, struct ayni_bytes items,
                                            const size_t *sizes, size_t count);
/* The one item {"done": true}. */
AYNI_CHECKED enum ayni_status call_send_done(struct control_call *call);
/* At most ten times a second reach the client, so it may be told of every row. `total` 0: not
 * known. */
AYNI_CHECKED enum ayni_status call_progress(struct control_call *call, uint64_t done,
                                            uint64_t total);

/*
 * The next chunk of data that the client has: asks for it and waits; and asks for the one
 * after it, so that the client makes that while this one is worked on. `*value` lives until
 * the next call of this. AYNI_E_NOT_FOUND at the end of the data.
 */
AYNI_CHECKED enum ayni_status call_receive(struct control_call *call,
                                           struct ayni_control_value *value);

/* True once nobody waits for the answer or the daemon stops: what runs long asks now and then. */
bool call_cancelled(const struct control_call *call);
/* Waits up to `timeout_ms`, less where the call is cancelled meanwhile; true where it is. */
bool call_wait(struct control_call *call, int timeout_ms);

/*
 * Fails the call in words: an English `text` marked by N_(), with a {} for each
 * of the strings that follow, up to a NULL. Returns `status`. The first failure
 * stands. A hint says what to do about it, in the same form. For what takes a
 * complaint there is call_complaint(): it is filled, and the handler returns the status.
 */
enum ayni_status call_fail(struct control_call *call, enum ayni_status status, const char *text,
                           ...) __attribute__((sentinel));
void call_hint(struct control_call *call, const char *text, ...) __attribute__((sentinel));
struct complaint *call_complaint(struct control_call *call);
/*
 * The answer is in the items, and it is no (exit code 1): not in sync, not verified.
 * What a call_fail() said before goes to standard error besides. Returns AYNI_E_NOT_FOUND.
 */
enum ayni_status call_answer_no(struct control_call *call);

/* For the server: a call lives from a request to its end. `request` is copied. NULL where there is
 * no memory. */
struct control_call *call_new(struct connection *connection,
                              const struct ayni_control_request *request);
/* Sends the end, in words where `status` is a failure. */
AYNI_CHECKED enum ayni_status call_finish(struct control_call *call, enum ayni_status status);
void call_free(struct control_call *call); /* NULL is fine */

#endif
