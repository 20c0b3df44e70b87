#ifndef AYNI_DAEMON_REPORT_H
#define AYNI_DAEMON_REPORT_H

/*
 * The daemon's log for operators: one line an event, on standard error, once,
 * where it is handled: its name, then key=value. Ids short, never a payload, a
 * name of a person or a secret:
 *
 *   entry_refused reason=bad_signature peer=7f3a91 seq=42
 */
enum report_level { REPORT_DEBUG, REPORT_INFO, REPORT_WARNING, REPORT_ERROR, REPORT_NOTHING };

/* What is below `level` is not written. REPORT_INFO at the start. */
void report_set_level(enum report_level level);
/* `values` is "key=%s key=%d ..." or NULL. Any thread. */
void report(enum report_level level, const char *event, const char *values, ...)
    __attribute__((format(printf, 3, 4)));

#endif
