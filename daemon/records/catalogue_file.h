#ifndef AYNI_DAEMON_RECORDS_CATALOGUE_FILE_H
#define AYNI_DAEMON_RECORDS_CATALOGUE_FILE_H

#include "proto/catalogue.h"

/*
 * An edition of the catalogue as a JSON file, read into rows. docs/catalogue.md
 * describes the form. Strict: an unknown key, a name given twice or a value of
 * another kind is an error with its place. jansson is known here.
 */

/* A record of the edition beside the catalogue's own: rule sets, indicators. */
struct catalogue_record {
    uint32_t type;
    struct ayni_record id; /* derived with the root key */
    const struct ayni_field *fields;
    size_t field_count;
};

struct catalogue_file {
    const char *edition;
    const struct ayni_catalogue_row *rows;
    size_t row_count;
    struct ayni_catalogue *catalogue; /* built of the rows */
    const struct catalogue_record *records;
    size_t record_count;
    struct catalogue_file_memory *memory; /* of all that is above */
};

enum { CATALOGUE_FILE_ERROR_SIZE = 240 };

/*
 * Read an edition. `root_key` (32 bytes) names the federation that its records
 * are for; with NULL they are checked, and left out.
 *
 *   AYNI_E_INVALID  `error` says what is wrong and where, in one line
 */
AYNI_CHECKED enum ayni_status catalogue_file_read(struct ayni_bytes json, const uint8_t *root_key,
                                                  struct catalogue_file *file,
                                                  char error[CATALOGUE_FILE_ERROR_SIZE]);
void catalogue_file_free(struct catalogue_file *file);

/* The first edition, which the program carries. */
struct ayni_bytes catalogue_file_first_edition(void);

#endif
