#include "daemon/records/title.h"

#include "proto/catalogue.h"
#include "proto/value_text.h"

/* The first of them that the type has, and that has a value, is its name where it isn't a person's.
 */
static const char *const naming[] = { "name", "title", "code", NULL };
static const char *const persons[] = { "surname_1", "surname_2", "given_names", NULL };

static const struct ayni_catalogue_type *type_of(struct reader *reader,
                                                 const struct record_state *state)
{
    return ayni_catalogue_type(reader_charter(reader)->catalogue, state->key.type);
}

/* A value with what stands before it; false where there is none. */
static bool put_value(const struct ayni_catalogue_type *type, const struct record_state *state,
                      const char *name, const char *before, struct ayni_buffer *text)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(type, ayni_bytes_of_text(name));
    struct ayni_bytes value = { 0 };

    if (field != NULL)
        value = record_state_value(state, field->number);
    if (value.size == 0)
        return false;
    if (text->size > 0)
        ayni_buffer_append_text(text, before);
    return ayni_value_text(field, value, text) == AYNI_OK;
}

/* After what the text holds. */
static void put_name(const struct ayni_catalogue_type *type, const struct record_state *state,
                     struct ayni_buffer *text)
{
    SCOPED_BUFFER name = { 0 };
    bool is_person = false;

    for (size_t i = 0; persons[i] != NULL; i++)
        is_person = put_value(type, state, persons[i], " ", &name) || is_person;
    if (is_person)
        (void)put_value(type, state, "birth_date", ", ", &name);
    for (size_t i = 0; name.size == 0 && naming[i] != NULL; i++)
        (void)put_value(type, state, naming[i], "", &name);
    if (name.size > 0 && text->size > 0)
        ayni_buffer_append_text(text, ", ");
    ayni_buffer_append(text, name.data, name.size);
    text->failed = text->failed || name.failed;
}

/* Where the subject is held: beside the record, else anywhere. */
static enum ayni_status find_subject(struct reader *reader, const struct record_state *state,
                                     uint32_t field, struct record_key *key, size_t *count)
{
    struct ayni_record subject;
    enum ayni_status status;

    *count = 0;
    if (!record_state_reference(state, field, &subject))
        return AYNI_OK;
    status = reader_find(reader, &subject, 0, &state->key.space, key, 1, count);
    if (status == AYNI_OK && *count == 0)
        status = reader_find(reader, &subject, 0, NULL, key, 1, count);
    return status;
}

enum ayni_status title_put(struct reader *reader, const struct record_state *state,
                           struct ayni_buffer *text)
{
    const struct ayni_catalogue_type *type = type_of(reader, state), *subject_type;
    SCOPED_STATE subject = { 0 };
    struct record_key key;
    size_t count;

    if (type == NULL)
        return AYNI_OK;
    if (type->subject_field == 0) {
        put_name(type, state, text);
        return ayni_buffer_status(text);
    }
    (void)put_value(type, state, "date", ", ", text);
    enum ayni_status status = find_subject(reader, state, type->subject_field, &key, &count);
    if (status == AYNI_OK && count > 0)
        status = reader_fold(reader, &key, &subject);
    if (status != AYNI_OK || count == 0)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    subject_type = type_of(reader, &subject);
    if (subject_type != NULL && subject_type->subject_field == 0)
        put_name(subject_type, &subject, text);
    return ayni_buffer_status(text);
}
