#ifndef AYNI_DAEMON_RECORDS_IMPORT_MAP_SOURCE_H
#define AYNI_DAEMON_RECORDS_IMPORT_MAP_SOURCE_H

#include "daemon/records/import/import_map.h"
#include "daemon/records/json_form.h"

/* The pieces of a map's JSON: texts, conditions, and where a value comes from. What is wrong is
 * noted in the document; all is kept in the map's memory. */

const char *import_map_required(struct import_map *map, const struct json_at *object,
                                const char *key);
const char *import_map_optional(struct import_map *map, const struct json_at *object,
                                const char *key);
/* A list of texts, or one. NULL and 0 where it is absent. */
const char **import_map_texts(struct import_map *map, const struct json_at *at, size_t *count);
/* Members that are texts: word by word. NULL and 0 where it is absent. */
const struct import_word *import_map_words(struct import_map *map, const struct json_at *at,
                                           size_t *count);

/* The words for forms of days and decimals, by their value; the last is NULL. */
extern const char *const import_map_date_words[], *const import_map_decimal_words[];
/* The place of a text among such words, or of the NULL. */
size_t import_map_word_index(struct ayni_bytes text, const char *const *words);
/* "dates" and "decimals" of an object. */
enum import_dates import_map_dates(const struct json_at *object, enum import_dates fallback);
enum import_decimals import_map_decimals(const struct json_at *object,
                                         enum import_decimals fallback);
/* "when" and "unless" of an object. */
struct import_condition import_map_condition(struct import_map *map, const struct json_at *object);
/* The name of a column, or an object that says more. */
void import_map_source(struct import_map *map, const struct json_at *at,
                       struct import_source *source);

#endif
