#ifndef AYNI_DAEMON_FEDERATION_EDITION_H
#define AYNI_DAEMON_FEDERATION_EDITION_H

#include "daemon/records/catalogue_file.h"

/* An edition of the catalogue as the registry holds it: record by record. docs/catalogue.md. */
enum { EDITION_NAME_SIZE = 200 };
struct edition_record {
    uint32_t type;
    struct ayni_record id;
    const struct ayni_field *fields; /* ascending */
    size_t field_count;
    const struct ayni_catalogue_row *row; /* NULL: a record beside the catalogue's own */
    char name[EDITION_NAME_SIZE]; /* for people, cut: "child.sex", "home_visit.minutes_missing" */
};

/* Lent for the call; anything but AYNI_OK ends the walk, and is its answer. */
typedef enum ayni_status edition_visit(void *context, const struct edition_record *record);
/* All records of an edition that was read for the federation of `root`. */
AYNI_CHECKED enum ayni_status edition_each(const struct catalogue_file *file,
                                           const struct ayni_node *root, edition_visit *visit,
                                           void *context);

#endif
