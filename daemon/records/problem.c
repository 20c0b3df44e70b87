#include "daemon/records/problem.h"

#include <string.h>

#include "proto/registry.h"
#include "proto/value_check.h"

const char *problem_kind_name(enum problem_kind kind)
{
    switch (kind) {
    case PROBLEM_MALFORMED:
        return "malformed";
    case PROBLEM_NO_RIGHT:
        return "no_right";
    case PROBLEM_MARKED:
        return "marked";
    case PROBLEM_FUTURE:
        return "future";
    case PROBLEM_VALUE:
        return "bad_value";
    case PROBLEM_MISSING:
        return "missing";
    case PROBLEM_CUT:
        return "malformed_cut";
    case PROBLEM_PROOF:
        return "false_proof";
    case PROBLEM_ERASE:
        return "malformed_erase";
    case PROBLEM_RECEIPT:
        return "malformed_receipt";
    case PROBLEM_ERASED:
        return "erased";
    }
    return "unknown";
}

/* Each is [kind 1, field 4, size 1, code]. */
enum { PROBLEM_HEAD_SIZE = 6, PROBLEM_CODE_MAX = 64 };

void problem_append(enum problem_kind kind, uint32_t field, const char *code,
                    struct ayni_buffer *to)
{
    size_t size = strnlen(code, PROBLEM_CODE_MAX);
    uint8_t *head = ayni_buffer_extend(to, PROBLEM_HEAD_SIZE);

    if (head == NULL)
        return;
    head[0] = (uint8_t)kind;
    ayni_put_u32(head + 1, field);
    head[5] = (uint8_t)size;
    ayni_buffer_append(to, code, size);
}

bool problem_next(struct ayni_bytes *rest, struct problem *problem)
{
    size_t size;

    if (rest->size < PROBLEM_HEAD_SIZE || rest->size - PROBLEM_HEAD_SIZE < rest->data[5])
        return false;
    size = rest->data[5];
    problem->kind = rest->data[0];
    problem->field = ayni_get_u32(rest->data + 1);
    problem->code = (struct ayni_bytes){ rest->data + PROBLEM_HEAD_SIZE, size };
    rest->data += PROBLEM_HEAD_SIZE + size;
    rest->size -= PROBLEM_HEAD_SIZE + size;
    return true;
}

void problem_list(struct puts *problems, const struct record_key *key,
                  const struct version_ref *ref, enum problem_kind kind)
{
    uint8_t name[PROBLEM_KEY_SIZE];
    SCOPED_BUFFER row = { 0 };

    problem_append(kind, 0, problem_kind_name(kind), &row);
    problem_key_encode(key, ref, name);
    puts_add(problems, (struct ayni_bytes){ name, sizeof(name) }, ayni_buffer_bytes(&row));
    problems->failed = problems->failed || row.failed;
}

static void append_plain(enum problem_kind kind, uint32_t field, struct ayni_buffer *to)
{
    problem_append(kind, field, problem_kind_name(kind), to);
}

void problem_of_version(const struct ayni_fold_item *item, bool marked, struct ayni_buffer *to)
{
    if (!item->valid)
        append_plain(PROBLEM_NO_RIGHT, 0, to);
    else if (marked)
        append_plain(PROBLEM_MARKED, 0, to);
}

void problem_of_record(const struct charter *charter, const struct record_state *state,
                       struct ayni_buffer *to)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, state->key.type);
    struct ayni_reason reason;

    if (type == NULL || record_state_gone(state))
        return;
    for (size_t i = 0; i < type->field_count; i++) {
        const struct ayni_catalogue_field *field = &type->fields[i];
        struct ayni_bytes value = record_state_value(state, field->number);
        enum ayni_status status =
            value.size == 0 ? AYNI_OK : ayni_value_check(field, value, &reason);
        if (value.size == 0 && field->required && !field->retired)
            append_plain(PROBLEM_MISSING, field->number, to);
        else if (status == AYNI_E_INVALID)
            problem_append(PROBLEM_VALUE, field->number, reason.code, to);
        else if (status == AYNI_E_MALFORMED)
            append_plain(PROBLEM_VALUE, field->number, to);
    }
}

/* The key after the one that was listed last. */
static bool next_key(struct views_cursor *cursor, const struct problem_cursor *from,
                     struct ayni_bytes *key, struct ayni_bytes *value)
{
    struct ayni_bytes last = { from->last, sizeof(from->last) };

    if (cursor->placed || !from->started)
        return views_cursor_next(cursor, key, value);
    return views_cursor_after(cursor, last, key, value);
}

enum ayni_status problems_each(struct reader *reader, const struct ayni_space *space, uint32_t type,
                               struct problem_cursor *from,
                               bool (*visit)(void *context, const struct problem *problem),
                               void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, rest;
    struct ayni_bytes prefix = { 0 };
    struct problem problem;
    bool more = true;

    if (space != NULL)
        prefix = (struct ayni_bytes){ space->bytes, sizeof(space->bytes) };
    views_cursor_open(reader_views(reader), RECORDS_TABLE_PROBLEMS, prefix, &cursor);
    while (more && next_key(&cursor, from, &key, &rest)) {
        if (key.size != PROBLEM_KEY_SIZE)
            continue;
        from->started = true;
        memcpy(from->last, key.data, PROBLEM_KEY_SIZE);
        record_key_decode(key.data, &problem.key);
        problem.ref = version_ref_decode(key.data + RECORD_KEY_SIZE);
        problem.ref.seq &= ~PROBLEM_LASTING_SEQ(0);
        if (type != 0 && problem.key.type != type)
            continue;
        while (problem_next(&rest, &problem))
            more = visit(context, &problem) && more;
    }
    from->done = more;
    return cursor.status;
}

enum ayni_status problems_count(struct reader *reader, uint64_t *count)
{
    return views_count(reader_views(reader), RECORDS_TABLE_PROBLEMS, count);
}
