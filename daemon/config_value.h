#ifndef AYNI_DAEMON_CONFIG_VALUE_H
#define AYNI_DAEMON_CONFIG_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Values of settings as people write them. Each answers false for what isn't
 * one, and then writes nothing.
 */

/* A whole number; of bytes, with K, M, G or T for powers of 1,024; a time in ms, with ms, s, min or
 * h. Letters of either case; nothing else around them. */
bool config_parse_count(const char *text, uint64_t *value);
bool config_parse_size(const char *text, uint64_t *value);
bool config_parse_duration(const char *text, uint64_t *ms);
enum { CONFIG_DAY_MINUTES = 24 * 60 };
/* "always" (0 and 1440), or HH:MM-HH:MM as minutes of the day; to is before from where midnight is
 * between. */
bool config_parse_hours(const char *text, unsigned *from, unsigned *to);
/* yes, no, true, false, 1, 0 */
bool config_parse_bool(const char *text, bool *value);

/* tcp://ADDRESS:PORT to listen on, where the address may be * and the port 0. */
bool config_is_listen(const char *text);
/* Endpoints to be dialled at, commas between, as many as a card takes. */
bool config_is_endpoints(const char *text);
/* ADDRESS:PORT */
bool config_is_address(const char *text);

#endif
