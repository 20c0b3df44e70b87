#include "daemon/records/import/import_place.h"

#include "proto/cbor.h"

/* The day on which the places of a row have to exist: the event's, else today. False where an event
 * doesn't say its day: then the record that is there does, and its place stays as the row has it.
 */
static bool day_of(const struct import_draft *draft, int64_t today, int64_t *day)
{
    *day = today;
    if (!draft->plan->type->is_event)
        return true;
    for (size_t i = 0; i < draft->says_count; i++)
        if (draft->says[i].number == AYNI_EVENT_DATE) {
            struct ayni_cbor_reader reader = ayni_cbor_reader(draft->says[i].value);
            *day = ayni_cbor_read_int(&reader);
            return reader.status == AYNI_OK;
        }
    return false;
}

/* Fields that hold one place by its public code; not those of the table itself. */
static bool holds_place(const struct import_draft *draft, const struct plan_field *from)
{
    return from->field->kind.type == AYNI_KIND_ID &&
           from->field->kind.scheme == AYNI_SCHEME_UBIGEO &&
           draft->plan->type->number != TERRITORY_TYPE;
}

/* What the draft says of the field is the code of that place from now on. */
static enum ayni_status move(struct import_reading *reading, const struct territory *now,
                             struct import_draft *draft, struct ayni_field *said)
{
    draft->moved[draft->moved_count++] =
        (struct import_moved){ .field = said->number, .from = said->value };
    ayni_buffer_clear(&reading->cbor);
    ayni_cbor_put_text(&reading->cbor, ayni_bytes_of_text(now->code));
    return import_keep(reading, &said->value);
}

enum ayni_status import_place_move(struct import_reading *reading, const struct territories *table,
                                   int64_t today, struct import_draft *draft)
{
    enum ayni_status status = AYNI_OK;
    int64_t day;

    if (table->count == 0 || !day_of(draft, today, &day))
        return AYNI_OK;
    for (size_t i = 0; status == AYNI_OK && i < draft->says_count; i++) {
        struct ayni_cbor_reader value = ayni_cbor_reader(draft->says[i].value);
        const struct territory *now;
        if (!holds_place(draft, draft->from[i]) || draft->moved_count == IMPORT_MOVED_MAX)
            continue;
        now = territories_successor(table, ayni_cbor_read_text(&value), day);
        if (now != NULL)
            status = move(reading, now, draft, &draft->says[i]);
    }
    return status;
}

static bool has_said(const struct ayni_folded *own, const struct import_moved *moved)
{
    const struct ayni_folded_field *field = ayni_folded_field(own, moved->field);

    for (size_t i = 0; field != NULL && i < field->alternative_count; i++)
        if (ayni_bytes_equal(field->alternatives[i].value, moved->from))
            return true;
    return false;
}

void import_place_leave(struct import_draft *draft, const struct ayni_folded *own)
{
    for (size_t i = 0; i < draft->moved_count; i++) {
        struct import_moved *moved = &draft->moved[i];
        const struct ayni_folded_field *held =
            ayni_folded_field(&draft->state.folded, moved->field);
        moved->left = has_said(own, moved) || (held != NULL && !held->contested &&
                                               ayni_bytes_equal(held->shown, moved->from));
    }
}

bool import_place_is_left(const struct import_draft *draft, uint32_t field)
{
    for (size_t i = 0; i < draft->moved_count; i++)
        if (draft->moved[i].field == field)
            return draft->moved[i].left;
    return false;
}

bool import_place_doubt(const struct import_reading *reading, const struct import_draft *draft,
                        const struct import_moved *moved, struct import_finding *warning)
{
    struct ayni_cbor_reader from = ayni_cbor_reader(moved->from);

    if (moved->left)
        return false;
    ayni_reason_set(&warning->reason, "district_moved",
                    N_("the place {} has another code now: {}"));
    ayni_reason_arg(&warning->reason, ayni_cbor_read_text(&from));
    for (size_t i = 0; i < draft->says_count; i++)
        if (draft->says[i].number == moved->field) {
            struct ayni_cbor_reader now = ayni_cbor_reader(draft->says[i].value);
            ayni_reason_arg(&warning->reason, ayni_cbor_read_text(&now));
            warning->column = import_plan_column(reading->plan, draft->from[i]);
        }
    return true;
}
