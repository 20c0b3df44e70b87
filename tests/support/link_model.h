#ifndef AYNI_TESTS_SUPPORT_LINK_MODEL_H
#define AYNI_TESTS_SUPPORT_LINK_MODEL_H

#include <stdbool.h>

#include "daemon/records/links/links.h"

/*
 * Who is one with whom and who counts where, the slow way: every pair and every field with the
 * step in which it was set last. What happens, happens one thing after the other.
 */
enum { LINK_MODEL_CHILDREN = 6, LINK_MODEL_NOBODY = LINK_MODEL_CHILDREN };
enum { LINK_MODEL_BIRTH, LINK_MODEL_PLACE, LINK_MODEL_SEX, LINK_MODEL_FIELDS };

struct link_model {
    unsigned step;
    struct link_model_child {
        struct ayni_record id;
        bool here;    /* and not erased */
        bool deleted; /* but here */
        unsigned values[LINK_MODEL_FIELDS];
        unsigned steps[LINK_MODEL_FIELDS];
    } children[LINK_MODEL_CHILDREN];
    enum link_verdict verdicts[LINK_MODEL_CHILDREN][LINK_MODEL_CHILDREN]; /* both ways */
    size_t kept[LINK_MODEL_CHILDREN][LINK_MODEL_CHILDREN]; /* a child, + 1; 0: nobody said */
};

void link_model_put(struct link_model *model, size_t child, const struct ayni_record *id,
                    const unsigned values[LINK_MODEL_FIELDS]);
void link_model_delete(struct link_model *model, size_t child);
/* Whether it is done, and not refused; so the next one. */
bool link_model_decide(struct link_model *model, size_t one, size_t other,
                       enum link_verdict verdict, size_t keep);
bool link_model_erase(struct link_model *model, size_t child, bool alone);

struct link_model_component {
    bool members[LINK_MODEL_CHILDREN];
    size_t count;
    size_t child; /* whose id goes on */
    bool kept, contested;
};
struct link_model_component link_model_component(const struct link_model *model, size_t child);

/* Who of a place and sex was born by the month of one of the births (texts of days). */
struct link_model_count {
    size_t children, contested;
};
struct link_model_count link_model_count(const struct link_model *model, const char *const *births,
                                         size_t birth, unsigned place, unsigned sex);

#endif
