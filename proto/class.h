#ifndef AYNI_PROTO_CLASS_H
#define AYNI_PROTO_CLASS_H

#include "proto/bytes.h"

/*
 * Who may read: of a field, and of a space. Stricter classes are higher. A
 * value may be stored in any space whose class is at least as strict.
 */
enum ayni_class {
    AYNI_CLASS_PUBLIC = 0,
    AYNI_CLASS_PERSONAL,  /* names a person */
    AYNI_CLASS_SENSITIVE, /* health, disability, language and origin, place of a home, money */
    AYNI_CLASS_SEALED,    /* protection: only the parties to the case */
};

enum { AYNI_CLASS_COUNT = 4 };

/* The word that files and the wire use: "public", ... */
const char *ayni_class_name(enum ayni_class class);
/* AYNI_E_INVALID for any other word. */
AYNI_CHECKED enum ayni_status ayni_class_parse(struct ayni_bytes word, enum ayni_class *class);

#endif
