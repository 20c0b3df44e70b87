#include "daemon/control/duplicate_side.h"

#include "daemon/control/named_item.h"
#include "daemon/control/record_item.h"
#include "daemon/records/links/likeness_child.h"
#include "daemon/records/names.h"
#include "daemon/records/walk.h"

enum { PLACES_MAX = 16, ROWS_MAX = 4096 };

static void put_fields(struct ayni_control_writer *item, const struct charter *charter,
                       const struct record_state *state)
{
    char name[NAMES_SIZE];

    ayni_control_open_object(item, "fields");
    for (size_t i = 0; i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        if (field->alternative_count == 0)
            continue;
        names_of_field(charter, state->key.type, field->number, name);
        record_item_alternatives(item, name, charter, state, field, false);
    }
    ayni_control_close(item);
}

static void put_record(struct outbox *outbox, const struct charter *charter,
                       const struct record_state *state)
{
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "child", &state->key.record);
    named_item_space(item, charter, &state->key.space);
    put_fields(item, charter, state);
    ayni_control_close(item);
    outbox_end(outbox);
}

static enum ayni_status put_records(struct outbox *outbox, struct reader *reader,
                                    const struct ayni_record *child)
{
    struct record_key keys[PLACES_MAX];
    size_t count = 0, shown = 0;
    enum ayni_status status =
        reader_find(reader, child, LIKENESS_TYPE_CHILD, NULL, keys, PLACES_MAX, &count);

    for (size_t i = 0; status == AYNI_OK && i < count && i < PLACES_MAX; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &keys[i], &state);
        if (status != AYNI_OK || record_state_gone(&state))
            continue;
        put_record(outbox, reader_charter(reader), &state);
        shown++;
    }
    return status == AYNI_OK && shown == 0 ? AYNI_E_NOT_FOUND : status;
}

/* --- what other records say of it --- */

/* "dni 99000001"; the same number in several spaces comes once for each. */
static void put_number(struct ayni_control_writer *item, struct reader *reader,
                       const struct record_state *state)
{
    struct ayni_bytes scheme = likeness_shown_text(state, LIKENESS_IDENTIFIER_SCHEME);
    struct ayni_bytes value = likeness_shown_text(state, LIKENESS_IDENTIFIER_VALUE);
    SCOPED_BUFFER text = { 0 };

    (void)reader;
    ayni_buffer_append(&text, scheme.data, scheme.size);
    ayni_buffer_append_byte(&text, ' ');
    ayni_buffer_append(&text, value.data, value.size);
    if (ayni_buffer_status(&text) == AYNI_OK)
        ayni_control_put_string(item, NULL, ayni_buffer_bytes(&text));
}

/* Her names as the first space that has her shows them, else her id. */
static void put_person(struct ayni_control_writer *item, struct reader *reader,
                       const struct ayni_record *person)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER names = { 0 };
    struct record_key key;
    size_t count = 0;

    if (reader_find(reader, person, LIKENESS_TYPE_PERSON, NULL, &key, 1, &count) == AYNI_OK &&
        count > 0 && reader_fold(reader, &key, &state) == AYNI_OK &&
        likeness_put_names(&state, &names) == AYNI_OK && names.size > 0) {
        ayni_control_put_string(item, NULL, ayni_buffer_bytes(&names));
        return;
    }
    ayni_record_text(person, id);
    ayni_control_put_text(item, NULL, id);
}

static void put_mothers(struct ayni_control_writer *item, struct reader *reader,
                        const struct record_state *state)
{
    struct ayni_record persons[LIKENESS_MOTHERS_MAX];
    size_t count = likeness_references(state, LIKENESS_LINK_PERSON, persons, LIKENESS_MOTHERS_MAX);

    for (size_t i = 0; likeness_has_word(state, LIKENESS_LINK_ROLE, "mother") && i < count; i++)
        put_person(item, reader, &persons[i]);
}

/* An array of what records of a type say that are about the child. */
static enum ayni_status
put_about(struct ayni_control_writer *item, const char *key, struct reader *reader,
          const struct ayni_record *child, uint32_t type,
          void (*put)(struct ayni_control_writer *item, struct reader *reader,
                      const struct record_state *state))
{
    SCOPED_WALK walk = { 0 };
    struct record_key found;
    enum ayni_status status = AYNI_OK;

    walk_subject(reader, child, &walk);
    ayni_control_open_array(item, key);
    for (size_t i = 0; status == AYNI_OK && i < ROWS_MAX && walk_next(&walk, &found); i++) {
        SCOPED_STATE state = { 0 };
        if (found.type != type)
            continue;
        status = reader_fold(reader, &found, &state);
        if (status == AYNI_OK && !record_state_gone(&state))
            put(item, reader, &state);
        else if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    ayni_control_close(item);
    return status == AYNI_OK ? walk.status : status;
}

enum ayni_status duplicate_side_put(struct outbox *outbox, struct reader *reader,
                                    const struct ayni_record *child)
{
    struct ayni_control_writer *item;
    enum ayni_status status = put_records(outbox, reader, child);

    if (status != AYNI_OK)
        return status;
    item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "child", child);
    status = put_about(item, "numbers", reader, child, LIKENESS_TYPE_IDENTIFIER, put_number);
    if (status == AYNI_OK)
        status =
            put_about(item, "mothers", reader, child, LIKENESS_TYPE_GUARDIAN_LINK, put_mothers);
    ayni_control_close(item);
    outbox_end(outbox);
    return status;
}
