#ifndef AYNI_DAEMON_CONFIG_KEY_H
#define AYNI_DAEMON_CONFIG_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * One setting: what it is called, what it may be, and where in a struct its
 * value is. Tables of them are in daemon/config.c and daemon/config_peer.c.
 */
enum config_kind {
    CONFIG_LISTEN,    /* these may be empty */
    CONFIG_ENDPOINTS, /* commas between */
    CONFIG_ADDRESS,
    CONFIG_WORD,
    CONFIG_HOURS,
    CONFIG_BOOL, /* a bool; what follows is a uint64_t, and all before a text */
    CONFIG_COUNT,
    CONFIG_SIZE,
    CONFIG_DURATION_MS
};

struct config_key {
    const char *section, *name;
    enum config_kind kind;
    size_t offset, room; /* `room` of texts alone */
    uint64_t min, max;   /* of numbers; sizes are bytes, durations milliseconds */
    const char *fallback;
    const char *const *words;
};

/* Into the struct at `base`. False, and nothing changes, where it isn't such a value. */
bool config_key_assign(const struct config_key *key, void *base, const char *value);
/* `name = value` and a line end, as it reads the same. */
void config_key_print(const struct config_key *key, const void *base, FILE *to);
/* What a value of it looks like, in the language of messages. */
const char *config_key_expected(const struct config_key *key);

/* Say in `why` what is wrong. */
void config_explain(char *why, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
