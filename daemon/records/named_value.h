#ifndef AYNI_DAEMON_RECORDS_NAMED_VALUE_H
#define AYNI_DAEMON_RECORDS_NAMED_VALUE_H

#include "daemon/records/state.h"
#include "proto/catalogue.h"

/*
 * What a record shows in a field of that name, for who knows types by their names.
 * False where the type has no such field, where it has no value, and where the
 * value is of another kind: a member may have written anything.
 */
bool named_word(const struct ayni_catalogue_type *type, const struct record_state *state,
                const char *field, char *word, size_t size);
bool named_day(const struct ayni_catalogue_type *type, const struct record_state *state,
               const char *field, int64_t *day);
bool named_record(const struct ayni_catalogue_type *type, const struct record_state *state,
                  const char *field, struct ayni_record *record);

/* The same of a field by its number. */
bool numbered_record(const struct record_state *state, uint32_t field, struct ayni_record *record);
bool numbered_integer(const struct record_state *state, uint32_t field, int64_t *value);

#endif
