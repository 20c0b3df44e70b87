#ifndef AYNI_CLI_LABELS_H
#define AYNI_CLI_LABELS_H

/* The heading for people of a JSON key, in their language; the key itself where there is none. */
const char *label_of(const char *key);

#endif
