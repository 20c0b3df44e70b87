#ifndef AYNI_TESTS_SUPPORT_IMPORT_FILE_H
#define AYNI_TESTS_SUPPORT_IMPORT_FILE_H

#include "daemon/records/import/import.h"
#include "tests/support/node.h"

/* Files of rows, as texts of lines with ';' between cells, imported into a node of this process. */
struct test_import {
    const char *map;  /* JSON; NULL: the header names fields of `type` */
    const char *type; /* or NULL */
    const char *space;
    bool dry_run;
    uint64_t rows; /* said to come; 0: not known */
};

struct test_imported {
    struct import_counts counts;
    char findings[2048]; /* "LINE COLUMN CODE", '!' before a warning's; each ends with '/' */
};

/* What import_begin() answers; on AYNI_OK all rows went in, one batch of them after the other. */
enum ayni_status test_import(struct test_node *node, const struct test_import *how,
                             const char *text, struct test_imported *imported,
                             struct complaint *complaint);

/* How many entries this node wrote in a lane of a space. */
uint64_t test_entries(struct test_node *node, const char *space, uint8_t lane);

#endif
