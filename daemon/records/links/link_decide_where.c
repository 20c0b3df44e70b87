#include "daemon/records/links/link_decide_private.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "proto/class.h"

static bool holds(const struct party *party, const struct ayni_space *space)
{
    for (size_t i = 0; i < party->count; i++)
        if (ayni_id_equal(&party->places[i].space, space))
            return true;
    return false;
}

static bool may_write(const struct deciding *deciding, const struct ayni_space *space)
{
    struct complaint quiet = { 0 };

    return space_access_write(reader_charter(deciding->reader), space, &quiet) == AYNI_OK;
}

static void add_space(struct deciding *deciding, const struct ayni_space *space)
{
    for (size_t i = 0; i < deciding->space_count; i++)
        if (ayni_id_equal(&deciding->spaces[i], space))
            return;
    if (deciding->space_count < LINK_SPACES_MAX)
        deciding->spaces[deciding->space_count++] = *space;
}

/* The decisions that stand on the two, whatever they say. */
static enum ayni_status add_standing(struct deciding *deciding)
{
    SCOPED_BUFFER standing = { 0 };
    const struct ayni_record *one = party_record(&deciding->parties[0]);
    const struct ayni_record *other = party_record(&deciding->parties[1]);
    enum ayni_status status = links_verdict(deciding->reader, one, other, &deciding->before);

    deciding->stands = status == AYNI_OK;
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status == AYNI_OK)
        status = links_decisions_on(deciding->reader, one, other, &standing);
    const struct record_key *keys = (const struct record_key *)standing.data;
    for (size_t i = 0; status == AYNI_OK && i < standing.size / sizeof(*keys); i++)
        add_space(deciding, &keys[i].space);
    return status;
}

static void add_common(struct deciding *deciding)
{
    for (size_t i = 0; i < deciding->parties[0].count; i++)
        if (holds(&deciding->parties[1], &deciding->parties[0].places[i].space))
            add_space(deciding, &deciding->parties[0].places[i].space);
}

/* Of those that hold either; of equally strict ones the lowest id. */
static void add_strictest(struct deciding *deciding)
{
    const struct ayni_registry *registry = reader_charter(deciding->reader)->registry;
    const struct ayni_space *best = NULL;
    int best_class = -1;

    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < deciding->parties[p].count; i++) {
            const struct ayni_space *space = &deciding->parties[p].places[i].space;
            const struct ayni_space_info *info = ayni_registry_space_info(registry, space);
            int class = info == NULL ? -1 : (int)info->class;
            if (best != NULL &&
                (class < best_class || (class == best_class && ayni_id_compare(space, best) >= 0)))
                continue;
            best = space;
            best_class = class;
        }
    if (best != NULL)
        add_space(deciding, best);
}

/* Where this node may write; where it may nowhere, the first one says why. */
static void keep_writable(struct deciding *deciding)
{
    size_t kept = 0;

    for (size_t i = 0; i < deciding->space_count; i++)
        if (may_write(deciding, &deciding->spaces[i]))
            deciding->spaces[kept++] = deciding->spaces[i];
    deciding->space_count = kept > 0 ? kept : 1;
}

static enum ayni_status use_space(struct deciding *deciding)
{
    const char *name = deciding->request->space;
    struct ayni_space space;
    enum ayni_status status =
        names_space(reader_charter(deciding->reader), name, &space, deciding->complaint);

    if (status != AYNI_OK)
        return status;
    if (!holds(&deciding->parties[0], &space) && !holds(&deciding->parties[1], &space))
        return complain(deciding->complaint, AYNI_E_USAGE, N_("{} holds neither of the two"), name,
                        NULL);
    deciding->spaces[0] = space;
    deciding->space_count = 1;
    return AYNI_OK;
}

static enum ayni_status refuse_nothing(struct deciding *deciding)
{
    if (deciding->stands && deciding->before.verdict != LINK_UNDECIDED)
        return AYNI_OK;
    complain_hint(deciding->complaint,
                  N_("`ayni get` shows who is linked; it may be by way of a third one"), NULL);
    return complain(deciding->complaint, AYNI_E_NOT_FOUND, N_("nothing is decided on {} and {}"),
                    deciding->request->one, deciding->request->other, NULL);
}

enum ayni_status link_decide_where(struct deciding *deciding)
{
    bool unlinks = deciding->request->verdict == LINK_UNDECIDED;
    enum ayni_status status = add_standing(deciding);

    if (status == AYNI_OK && unlinks)
        status = refuse_nothing(deciding);
    if (status == AYNI_OK && deciding->request->space != NULL)
        return use_space(deciding);
    if (status != AYNI_OK)
        return status;
    if (!unlinks)
        add_common(deciding);
    if (deciding->space_count == 0)
        add_strictest(deciding);
    keep_writable(deciding);
    return AYNI_OK;
}
