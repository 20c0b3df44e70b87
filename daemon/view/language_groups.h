#ifndef AYNI_DAEMON_VIEW_LANGUAGE_GROUPS_H
#define AYNI_DAEMON_VIEW_LANGUAGE_GROUPS_H

#include "daemon/records/json_form.h"

/*
 * How languages are counted together: a rule set names the groups, and which
 * codes (ISO 639-3) are in each. docs/view.md. All zero: each code is counted by itself.
 */
enum {
    LANGUAGE_GROUPS_MAX = 16,
    LANGUAGE_GROUP_SIZE = 24,
    LANGUAGE_CODES_MAX = 256,
    LANGUAGE_CODE_SIZE = 8,
};
struct language_groups {
    char names[LANGUAGE_GROUPS_MAX][LANGUAGE_GROUP_SIZE];
    size_t count;
    struct language_code {
        char code[LANGUAGE_CODE_SIZE];
        uint8_t group;
    } codes[LANGUAGE_CODES_MAX];
    size_t code_count;
};

/* From {"GROUP": ["CODE", ...], ...}; what is wrong is noted in its document. */
void language_groups_read(const struct json_at *object, struct language_groups *groups);
/* The group of a code: "other" where it is in none, "unknown" where there is no code. */
const char *language_groups_find(const struct language_groups *groups, const char *code);

#endif
