#include "daemon/control/spot_check_row.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/locate.h"
#include "daemon/records/named_value.h"
#include "daemon/records/names.h"
#include "proto/value_text.h"

void spot_check_row_put_names(struct outbox *outbox)
{
    static const char *const names[] = { "record", "date",       "found", "reason", "chosen",
                                         "_n",     "_of",        "_type", "_space", "_who",
                                         "_says",  "_territory", "_name", "_seed" };
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_array(item, NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        ayni_control_put_text(item, NULL, names[i]);
    ayni_control_close(item);
    outbox_end(outbox);
}

/* --- what it says --- */

/* All that is shown but whom it is about, as people type it. */
static void say_values(const struct ayni_catalogue_type *type, const struct record_state *state,
                       struct ayni_buffer *text)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct ayni_catalogue_field *field = &type->fields[i];
        struct ayni_bytes value = record_state_value(state, field->number);
        SCOPED_BUFFER said = { 0 };
        if (value.size == 0 || field->kind.type == AYNI_KIND_REF ||
            field->kind.type == AYNI_KIND_REFS || ayni_value_text(field, value, &said) != AYNI_OK)
            continue;
        if (text->size > 0)
            ayni_buffer_append(text, "; ", 2);
        ayni_buffer_append(text, field->name, strlen(field->name));
        ayni_buffer_append_byte(text, '=');
        ayni_buffer_append(text, said.data, said.size);
    }
}

static void say_name(const struct ayni_catalogue_type *type, const struct record_state *state,
                     struct ayni_buffer *text)
{
    static const char *const parts[] = { "given_names", "surname_1", "surname_2" };
    enum { PART_SIZE = 4 * 80 + 1 };
    char part[PART_SIZE];

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (!named_word(type, state, parts[i], part, sizeof(part)))
            continue;
        if (text->size > 0)
            ayni_buffer_append_byte(text, ' ');
        ayni_buffer_append(text, part, strlen(part));
    }
}

/* The names of whom it is about, as far as they are here: first in its own space. */
static enum ayni_status say_who(struct reader *reader, const struct ayni_catalogue_type *type,
                                const struct record_state *state, struct ayni_buffer *text)
{
    SCOPED_STATE about = { 0 };
    struct ayni_record subject;
    struct record_key key;
    size_t count;
    enum ayni_status status;

    if (type->subject_field == 0) {
        say_name(type, state, text);
        return AYNI_OK;
    }
    if (!numbered_record(state, type->subject_field, &subject))
        return AYNI_OK;
    status = reader_find(reader, &subject, 0, &state->key.space, &key, 1, &count);
    if (status == AYNI_OK && count == 0)
        status = reader_find(reader, &subject, 0, NULL, &key, 1, &count);
    if (status != AYNI_OK || count == 0)
        return status;
    status = reader_fold(reader, &key, &about);
    type = ayni_catalogue_type(reader_charter(reader)->catalogue, key.type);
    if (status == AYNI_OK && type != NULL && !record_state_gone(&about))
        say_name(type, &about, text);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

/* --- a row --- */

struct telling {
    struct ayni_buffer who, says;
    char place[LOCATE_CODE_SIZE];
};

static void telling_done(struct telling *telling)
{
    ayni_buffer_free(&telling->who);
    ayni_buffer_free(&telling->says);
}

static enum ayni_status tell(struct reader *reader, const struct record_key *key,
                             struct telling *telling)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, key->type);
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status == AYNI_E_NOT_FOUND || (status == AYNI_OK && record_state_gone(&state)) ||
        type == NULL)
        return AYNI_OK;
    if (status == AYNI_OK)
        status = locate_record(reader, &state, telling->place);
    if (status == AYNI_OK)
        status = say_who(reader, type, &state, &telling->who);
    if (status == AYNI_OK)
        say_values(type, &state, &telling->says);
    return status;
}

static void put_text_or_null(struct ayni_control_writer *item, const char *text)
{
    if (text[0] == '\0')
        ayni_control_put_null(item, NULL);
    else
        ayni_control_put_text(item, NULL, text);
}

static void put_fields(struct ayni_control_writer *item, const struct draw *draw, size_t index)
{
    char reason[DRAW_SEED_SIZE + 8];

    snprintf(reason, sizeof(reason), "seed %.*s", (int)draw->seed.size,
             (const char *)draw->seed.data);
    ayni_control_put_record(item, NULL, &draw->items[index].key.record);
    ayni_control_put_null(item, NULL); /* date and found, to be filled in */
    ayni_control_put_null(item, NULL);
    ayni_control_put_text(item, NULL, reason);
    ayni_control_put_text(item, NULL, "random");
    ayni_control_put_int(item, NULL, (int64_t)index + 1);
    ayni_control_put_int(item, NULL, (int64_t)draw->population);
}

enum ayni_status spot_check_row_put(struct outbox *outbox, struct reader *reader,
                                    const struct territories *territories, const struct draw *draw,
                                    size_t index)
{
    const struct record_key *key = &draw->items[index].key;
    const struct charter *charter = reader_charter(reader);
    __attribute__((cleanup(telling_done))) struct telling telling = { .place = "" };
    enum ayni_status status = tell(reader, key, &telling);
    char name[NAMES_SIZE];

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = outbox_begin(outbox);
    const struct territory *territory =
        territories_last(territories, ayni_bytes_of_text(telling.place));
    ayni_control_open_array(item, NULL);
    put_fields(item, draw, index);
    names_of_type(charter, key->type, name);
    ayni_control_put_text(item, NULL, name);
    names_of_space(charter, &key->space, name);
    ayni_control_put_text(item, NULL, name);
    ayni_control_put_string(item, NULL, ayni_buffer_bytes(&telling.who));
    ayni_control_put_string(item, NULL, ayni_buffer_bytes(&telling.says));
    put_text_or_null(item, telling.place);
    put_text_or_null(item, territory == NULL ? "" : territory->name);
    ayni_control_put_string(item, NULL, draw->seed);
    ayni_control_close(item);
    outbox_end(outbox);
    return ayni_buffer_status(&telling.who) == AYNI_OK ? ayni_buffer_status(&telling.says)
                                                       : AYNI_E_MEMORY;
}
