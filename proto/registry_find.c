#include "proto/registry_state.h"

#include <ctype.h>
#include <string.h>

enum { PREFIX_SIZE_MIN = 6 };

/* What fits so far: the best kind of fit, and how many things fit in that way. */
enum fit { FIT_NONE, FIT_GONE_PREFIX, FIT_GONE_NAME, FIT_PREFIX, FIT_NAME, FIT_WHOLE };
struct search {
    enum fit best;
    size_t count;
    size_t index;
};

static void note(struct search *search, enum fit fit, size_t index)
{
    if (fit == FIT_NONE || fit < search->best)
        return;
    search->count = fit > search->best ? 1 : search->count + 1;
    search->best = fit;
    search->index = index;
}

static enum ayni_status answer(const struct search *search)
{
    if (search->best == FIT_NONE)
        return AYNI_E_NOT_FOUND;
    return search->count == 1 ? AYNI_OK : AYNI_E_USAGE;
}

/* Whether `text`, in any case and (for UUIDs) with dashes anywhere, begins `id`. */
static enum fit fit_id(struct ayni_bytes text, const char *id)
{
    size_t matched = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '-')
            continue;
        if (id[matched] == '\0' || tolower(text.data[i]) != id[matched])
            return FIT_NONE;
        matched++;
    }
    if (id[matched] == '\0')
        return FIT_WHOLE;
    return matched >= PREFIX_SIZE_MIN ? FIT_PREFIX : FIT_NONE;
}

static enum fit fit_name(struct ayni_bytes text, struct ayni_bytes name)
{
    return name.size > 0 && ayni_bytes_equal(text, name) ? FIT_NAME : FIT_NONE;
}

static enum fit better(enum fit a, enum fit b)
{
    return a > b ? a : b;
}

enum ayni_status ayni_registry_find_member(const struct ayni_registry *registry,
                                           struct ayni_bytes text,
                                           const struct ayni_member **member)
{
    struct search search = { 0 };
    char id[AYNI_NODE_TEXT_SIZE];

    for (size_t i = 0; i < registry->member_count; i++) {
        const struct ayni_member *m = &registry->members[i];
        ayni_node_text(&m->node, id);
        enum fit fit = better(fit_name(text, m->name), fit_id(text, id));
        if (m->revoked && fit == FIT_NAME)
            fit = FIT_GONE_NAME;
        if (m->revoked && fit == FIT_PREFIX)
            fit = FIT_GONE_PREFIX;
        note(&search, fit, i);
    }
    enum ayni_status status = answer(&search);
    if (status == AYNI_OK)
        *member = &registry->members[search.index];
    return status;
}

enum ayni_status ayni_registry_find_space(const struct ayni_registry *registry,
                                          struct ayni_bytes text,
                                          const struct ayni_space_info **space)
{
    struct search search = { 0 };
    char id[2 * sizeof(struct ayni_space) + 1];

    for (size_t i = 0; i <= registry->space_count; i++) {
        const struct ayni_space_info *info =
            i < registry->space_count ? &registry->spaces[i] : &registry->self;
        ayni_hex_text((struct ayni_bytes){ info->id.bytes, sizeof(info->id.bytes) }, id);
        note(&search, better(fit_name(text, info->name), fit_id(text, id)), i);
    }
    /* Nobody takes the registry's name from it. */
    if (fit_name(text, registry->self.name) == FIT_NAME)
        search = (struct search){ FIT_WHOLE, 1, registry->space_count };
    enum ayni_status status = answer(&search);
    if (status == AYNI_OK)
        *space = search.index < registry->space_count ? &registry->spaces[search.index]
                                                      : &registry->self;
    return status;
}
