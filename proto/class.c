#include "proto/class.h"

static const char *const names[AYNI_CLASS_COUNT] = { "public", "personal", "sensitive", "sealed" };

const char *ayni_class_name(enum ayni_class class)
{
    return names[class];
}

enum ayni_status ayni_class_parse(struct ayni_bytes word, enum ayni_class *class)
{
    for (int i = 0; i < AYNI_CLASS_COUNT; i++) {
        if (ayni_bytes_equal(word, ayni_bytes_of_text(names[i]))) {
            *class = (enum ayni_class)i;
            return AYNI_OK;
        }
    }
    return AYNI_E_INVALID;
}
