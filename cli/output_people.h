#ifndef AYNI_CLI_OUTPUT_PEOPLE_H
#define AYNI_CLI_OUTPUT_PEOPLE_H

#include <stdio.h>

#include "cli/names.h"

/* How answers look to people: an object as lines of a label and a value, objects in a row as a
 * table. */
struct people {
    FILE *to;
    bool colours;
    struct names names; /* of members; may be empty */
};

/* An object: its plain values first, then what it holds of objects and lists of them, each under
 * its heading. */
void people_object(const struct people *people, const struct ayni_control_value *object);
/* A table of objects that stand encoded one behind the other; its columns are their keys, as they
 * come up. */
void people_objects(const struct people *people, struct ayni_bytes objects);
/* A table of rows that stand encoded one behind the other, under an ARRAY of columns. */
void people_rows(const struct people *people, const struct ayni_control_value *columns,
                 struct ayni_bytes rows);
/* A text, with what isn't for a terminal made visible; line ends and tabs stay. */
void people_text(const struct people *people, struct ayni_bytes text);

#endif
