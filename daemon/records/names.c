#include "daemon/records/names.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/space_access.h"
#include "proto/nearest.h"
#include "proto/text.h"

enum ayni_status names_type(const struct charter *charter, const char *name,
                            const struct ayni_catalogue_type **type, struct complaint *complaint)
{
    struct ayni_bytes wanted = ayni_bytes_of_text(name);
    const char *nearest;

    *type = ayni_catalogue_type_named(charter->catalogue, wanted);
    if (*type != NULL)
        return AYNI_OK;
    complain_code(complaint, "unknown_type");
    nearest = ayni_catalogue_nearest_type(charter->catalogue, wanted);
    if (nearest != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest, NULL);
    else
        complain_hint(complaint, N_("`ayni types` lists them"), NULL);
    return complain(complaint, AYNI_E_USAGE, N_("there is no type {}"), name, NULL);
}

enum ayni_status names_field(const struct ayni_catalogue_type *type, const char *name,
                             const struct ayni_catalogue_field **field, struct complaint *complaint)
{
    struct ayni_bytes wanted = ayni_bytes_of_text(name);
    const char *nearest;

    *field = ayni_catalogue_field_named(type, wanted);
    if (*field != NULL)
        return AYNI_OK;
    complain_code(complaint, "unknown_field");
    nearest = ayni_catalogue_nearest_field(type, wanted);
    if (nearest != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest, NULL);
    else
        complain_hint(complaint, N_("`ayni types {}` lists its fields"), type->name, NULL);
    return complain(complaint, AYNI_E_USAGE, N_("{} has no field {}"), type->name, name, NULL);
}

/* --- what may have been meant --- */

/* A name of the registry, which has no NUL at its end: what is near is copied to `best`. */
static void offer(struct ayni_nearest *nearest, struct ayni_bytes name, char *best)
{
    char text[NAMES_SIZE];
    const char *before = nearest->best;

    if (name.size == 0 || name.size >= sizeof(text))
        return;
    memcpy(text, name.data, name.size);
    text[name.size] = 0;
    ayni_nearest_offer(nearest, text);
    if (nearest->best == text) {
        memcpy(best, text, name.size + 1);
        nearest->best = best;
    } else {
        nearest->best = before;
    }
}

void names_hint_space(const struct charter *charter, const char *name, struct complaint *complaint)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(name));
    char best[NAMES_SIZE];
    size_t count;
    const struct ayni_space_info *spaces = ayni_registry_spaces(charter->registry, &count);

    for (size_t i = 0; i < count; i++)
        offer(&nearest, spaces[i].name, best);
    if (nearest.best != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest.best, NULL);
    else
        complain_hint(complaint, N_("`ayni space list` lists them"), NULL);
}

void names_hint_member(const struct charter *charter, const char *name, struct complaint *complaint)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(name));
    char best[NAMES_SIZE];
    size_t count;
    const struct ayni_member *members = ayni_registry_members(charter->registry, &count);

    for (size_t i = 0; i < count; i++)
        if (!members[i].revoked)
            offer(&nearest, members[i].name, best);
    if (nearest.best != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest.best, NULL);
    else
        complain_hint(complaint, N_("`ayni member list` shows them"), NULL);
}

/* --- spaces --- */

enum ayni_status names_space(const struct charter *charter, const char *name,
                             struct ayni_space *space, struct complaint *complaint)
{
    const struct ayni_space_info *info;
    enum ayni_status status =
        ayni_registry_find_space(charter->registry, ayni_bytes_of_text(name), &info);

    if (status == AYNI_OK) {
        *space = info->id;
        return AYNI_OK;
    }
    complain_code(complaint, "unknown_space");
    if (status == AYNI_E_USAGE)
        return complain(complaint, AYNI_E_USAGE, N_("more than one space is called {}"), name,
                        NULL);
    names_hint_space(charter, name, complaint);
    return complain(complaint, AYNI_E_USAGE, N_("there is no space {}"), name, NULL);
}

enum ayni_status names_read_space(const struct charter *charter, const char *name,
                                  struct ayni_space *space, struct complaint *complaint)
{
    enum ayni_status status = names_space(charter, name, space, complaint);

    return status == AYNI_OK ? space_access_read(charter, space, complaint) : status;
}

/* --- the way back --- */

static void copy_name(struct ayni_bytes name, char *text)
{
    (void)ayni_text_copy(name, text, NAMES_SIZE);
}

void names_of_space(const struct charter *charter, const struct ayni_space *space, char *text)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    if (info != NULL && info->name.size > 0)
        copy_name(info->name, text);
    else
        ayni_hex_text((struct ayni_bytes){ space->bytes, sizeof(space->bytes) }, text);
}

void names_of_node(const struct charter *charter, const struct ayni_node *node, char *text)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);

    if (member != NULL && member->name.size > 0)
        copy_name(member->name, text);
    else
        ayni_node_text(node, text);
}

void names_of_org(const struct charter *charter, const struct ayni_node *node, char *text)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);

    if (member != NULL && member->organisation != NULL)
        copy_name(member->organisation->code, text);
    else
        text[0] = 0;
}

bool names_of_roles(const struct charter *charter, const struct ayni_node *node, char *text)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);
    struct ayni_bytes roles = { NULL, 0 };

    if (member == NULL)
        return false;
    if (member->organisation != NULL)
        roles = member->organisation->roles;
    text[0] = '\0';
    if (roles.size >= NAMES_SIZE || roles.size == 0)
        return roles.size == 0;
    for (size_t i = 0; i < roles.size; i++)
        text[i] = roles.data[i] == 0 ? ',' : (char)roles.data[i];
    text[roles.size] = '\0';
    return true;
}

void names_of_type(const struct charter *charter, uint32_t type, char *text)
{
    const struct ayni_catalogue_type *known = ayni_catalogue_type(charter->catalogue, type);

    snprintf(text, NAMES_SIZE, "%u", type);
    if (known != NULL)
        copy_name(ayni_bytes_of_text(known->name), text);
}

void names_of_field(const struct charter *charter, uint32_t type, uint32_t field, char *text)
{
    const struct ayni_catalogue_type *known = ayni_catalogue_type(charter->catalogue, type);
    const struct ayni_catalogue_field *named =
        known == NULL ? NULL : ayni_catalogue_field(known, field);

    snprintf(text, NAMES_SIZE, field == 0 ? "_deleted" : "%u", field);
    if (named != NULL)
        copy_name(ayni_bytes_of_text(named->name), text);
}
