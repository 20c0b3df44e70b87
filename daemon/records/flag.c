#include "daemon/records/flag.h"

#include <string.h>

#include "daemon/records/named_value.h"
#include "daemon/records/names.h"
#include "daemon/records/walk.h"

static const char type_name[] = "data_flag";
enum { SPACE_TEXT_SIZE = 2 * sizeof(((struct ayni_space *)0)->bytes) + 1 };

const struct ayni_catalogue_type *flag_type(const struct charter *charter)
{
    return ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text(type_name));
}

/* --- reading --- */

bool flag_read(const struct charter *charter, const struct record_state *state, struct flag *flag)
{
    const struct ayni_catalogue_type *type = flag_type(charter);

    if (type == NULL || type->number != state->key.type || record_state_gone(state))
        return false;
    flag->written = record_state_newest(state);
    return named_record(type, state, "record", &flag->record) &&
           named_word(type, state, "kind", flag->kind, sizeof(flag->kind)) &&
           named_word(type, state, "state", flag->state, sizeof(flag->state));
}

bool flag_is_open(const struct flag *flag)
{
    return strcmp(flag->state, "open") == 0;
}

enum ayni_status flags_of(struct reader *reader, const struct ayni_record *record,
                          flag_visit *visit, void *context)
{
    const struct ayni_catalogue_type *type = flag_type(reader_charter(reader));
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    if (type == NULL)
        return AYNI_OK;
    walk_subject(reader, record, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        struct flag flag;
        if (key.type != type->number)
            continue;
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
        else if (status == AYNI_OK && flag_read(reader_charter(reader), &state, &flag) &&
                 ayni_id_equal(&flag.record, record))
            visit(context, &flag, &state);
    }
    return status == AYNI_OK ? walk.status : status;
}

/* --- setting --- */

static void write_space(const struct ayni_space *space, char text[SPACE_TEXT_SIZE])
{
    ayni_hex_text((struct ayni_bytes){ space->bytes, sizeof(space->bytes) }, text);
}

/* Where a flag of that kind is kept. */
struct kept {
    const char *kind;
    const struct charter *charter;
    char space[SPACE_TEXT_SIZE];
};

static void note_kept(void *context, const struct flag *flag, const struct record_state *state)
{
    struct kept *kept = context;

    if (strcmp(flag->kind, kept->kind) == 0)
        write_space(&state->key.space, kept->space);
}

/* The record that is meant, and the space where its flag goes. */
static enum ayni_status find(struct records *records, const struct flag_request *request,
                             char id[AYNI_RECORD_TEXT_SIZE], char space[SPACE_TEXT_SIZE],
                             struct complaint *complaint)
{
    SCOPED_READER *reader = NULL;
    struct kept kept = { .kind = request->kind };
    struct record_key key;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = names_place(reader, request->id, request->space, &key, complaint);
    if (status == AYNI_OK)
        status = flags_of(reader, &key.record, note_kept, &kept);
    if (status != AYNI_OK)
        return status;
    ayni_record_text(&key.record, id);
    write_space(&key.space, space);
    if (kept.space[0] != '\0')
        memcpy(space, kept.space, sizeof(kept.space));
    return AYNI_OK;
}

enum ayni_status flag_set(struct records *records, const struct flag_request *request,
                          struct edit_result *result, struct complaint *complaint)
{
    char id[AYNI_RECORD_TEXT_SIZE], space[SPACE_TEXT_SIZE];
    enum ayni_status status = projector_wait_ready(records->projector);

    if (status == AYNI_OK)
        status = find(records, request, id, space, complaint);
    if (status != AYNI_OK)
        return status;
    const struct edit_assignment fields[] = { { "record", id },
                                              { "kind", request->kind },
                                              { "state", request->state } };
    const struct edit_request edit = { .type = type_name,
                                       .space = request->kept == NULL ? space : request->kept,
                                       .assignments = fields,
                                       .assignment_count = sizeof(fields) / sizeof(fields[0]),
                                       .steward = request->steward,
                                       .by_admin = request->by_admin,
                                       .reason = request->reason,
                                       .english = request->english };
    return edit_put(records, &edit, result, complaint);
}
