#include "tests/support/registry_oracle_parts.h"

#include <assert.h>
#include <string.h>

#include "proto/cbor.h"
#include "proto/root.h"

int oracle_node_of(const struct oracle *o, const struct ayni_node *key)
{
    for (int i = 0; i < WORLD_NODES; i++)
        if (ayni_id_equal(&o->world->nodes[i].key, key))
            return i;
    return -1;
}

struct spot oracle_spot_of(const struct oracle *o, item_ref i)
{
    return (struct spot){ oracle_node_of(o, &i->node), i->feed, i->seq, i->chain, i->time.ms };
}

bool oracle_before(const struct spot *a, const struct spot *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->seq != b->seq)
        return a->seq < b->seq;
    int order = memcmp(a->chain.bytes, b->chain.bytes, 32);
    return order != 0 ? order < 0 : memcmp(a->feed.bytes, b->feed.bytes, 32) < 0;
}

/* --- fields --- */

const struct ayni_field *oracle_field(item_ref i, uint32_t number)
{
    for (size_t f = 0; f < i->version->field_count; f++)
        if (i->version->fields[f].number == number)
            return &i->version->fields[f];
    return NULL;
}

/* The world writes byte strings of up to 255 bytes in two header bytes or less. */
bool oracle_bytes_field(item_ref i, uint32_t number, void *to, size_t size)
{
    const struct ayni_field *f = oracle_field(i, number);
    size_t header = size < 24 ? 1 : 2;

    if (f == NULL || f->value.size != header + size || f->value.data[0] >> 5 != 2)
        return false;
    memcpy(to, f->value.data + header, size);
    return true;
}

bool oracle_text_is(item_ref i, uint32_t number, const char *text)
{
    const struct ayni_field *f = oracle_field(i, number);
    size_t size = strlen(text);
    return f != NULL && size < 24 && f->value.size == size + 1 && f->value.data[0] == 0x60 + size &&
           memcmp(f->value.data + 1, text, size) == 0;
}

bool oracle_is_true(struct ayni_bytes value)
{
    return value.size == 1 && value.data[0] == 0xF5;
}

int oracle_node_field(const struct oracle *o, item_ref i, uint32_t number)
{
    struct ayni_node key;
    return oracle_bytes_field(i, number, key.bytes, 32) ? oracle_node_of(o, &key) : -1;
}

int oracle_organisation_of_id(const struct oracle *o, const uint8_t id[16])
{
    for (int i = 0; i < ORACLE_ORGANISATIONS; i++)
        if (memcmp(o->organisations[i].bytes, id, 16) == 0)
            return i;
    return -1;
}

int oracle_organisation_field(const struct oracle *o, item_ref i)
{
    uint8_t id[16];
    return oracle_bytes_field(i, AYNI_FIELD_MEMBER_ORGANISATION, id, 16)
               ? oracle_organisation_of_id(o, id)
               : -1;
}

/* --- what records are about --- */

struct ayni_record oracle_node_record(const struct oracle *o, uint32_t type, int node)
{
    return o->node_records[type][node];
}

static bool steward_key_fits(const struct oracle *o, item_ref i, int node)
{
    const struct ayni_field *name = oracle_field(i, AYNI_FIELD_STEWARD_NAME);
    struct ayni_record record;

    return name != NULL && name->value.size > 0 &&
           ayni_registry_steward_record(
               &o->world->root, &o->world->nodes[node].key,
               (struct ayni_bytes){ name->value.data + 1, name->value.size - 1 },
               &record) == AYNI_OK &&
           ayni_id_equal(&record, &i->version->record);
}

/* -1: nothing; -2: it leaves the key out. */
static int says_about(const struct oracle *o, item_ref i)
{
    bool steward = i->version->type == AYNI_TYPE_STEWARD;

    if (oracle_field(i, 1) == NULL || (steward && oracle_field(i, AYNI_FIELD_STEWARD_NAME) == NULL))
        return -2;
    int node = oracle_node_field(o, i, 1);
    if (node < 0)
        return -1;
    if (steward)
        return steward_key_fits(o, i, node) ? node : -1;
    struct ayni_record record = oracle_node_record(o, i->version->type, node);
    return ayni_id_equal(&record, &i->version->record) ? node : -1;
}

bool oracle_same_record(item_ref a, item_ref b)
{
    return a->version->type == b->version->type &&
           ayni_id_equal(&a->version->record, &b->version->record);
}

int oracle_find_about(const struct oracle *o, item_ref i)
{
    if (i->version->type > AYNI_TYPE_REVOCATION && i->version->type != AYNI_TYPE_STEWARD)
        return -1;
    int said = says_about(o, i);
    if (said != -2)
        return said;
    EACH_ITEM(o, other)
    if (oracle_same_record(i, other) && says_about(o, other) >= 0)
        return says_about(o, other);
    return -1;
}

int oracle_about(const struct oracle *o, item_ref i)
{
    return o->about[i - o->world->items];
}

/* --- steps 1 and 2: steering --- */

bool oracle_covered(const struct oracle *o, const struct ayni_cut_point *points, size_t count,
                    const struct spot *spot)
{
    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&points[i].feed, &spot->feed) && points[i].seq >= spot->seq &&
            (o->chains == NULL ||
             o->chains->ask(o->chains->context, &spot->feed, spot->seq, &spot->chain, points[i].seq,
                            &points[i].chain) != AYNI_CHAIN_OFF))
            return true;
    return false;
}

bool oracle_statement_bytes(item_ref i, struct ayni_bytes *cose)
{
    const struct ayni_field *f = oracle_field(i, AYNI_FIELD_ROOT_STATEMENT_STATEMENT);
    struct ayni_cbor_reader reader;

    if (f == NULL || i->version->type != AYNI_TYPE_ROOT_STATEMENT)
        return false;
    reader = ayni_cbor_reader(f->value);
    *cose = ayni_cbor_read_bytes(&reader);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

/* Puts it in its place by number; of two with one number the bytewise higher stays. */
static void add_statement(struct oracle *o, const struct oracle_statement *statement)
{
    size_t at = 0;

    while (at < o->statement_count && o->statements[at].number < statement->number)
        at++;
    if (at < o->statement_count && o->statements[at].number == statement->number) {
        if (ayni_bytes_compare(statement->cose, o->statements[at].cose) > 0)
            o->statements[at] = *statement;
        return;
    }
    assert(o->statement_count < ORACLE_STATEMENTS);
    memmove(&o->statements[at + 1], &o->statements[at],
            (o->statement_count - at) * sizeof(*statement));
    o->statements[at] = *statement;
    o->statement_count++;
}

void oracle_read_statements(struct oracle *o)
{
    EACH_ITEM(o, i)
    {
        struct ayni_root_statement read;
        struct ayni_bytes cose;
        if (!oracle_statement_bytes(i, &cose) ||
            ayni_root_statement_decode(cose, &o->world->root, &read) != AYNI_OK)
            continue;
        struct ayni_cut_point *points =
            ayni_arena_take(&o->memory, read.point_count + 1, sizeof(*points));
        assert(points != NULL);
        if (read.point_count > 0)
            memcpy(points, read.points, read.point_count * sizeof(*points));
        struct oracle_statement statement = { read.number,      oracle_node_of(o, &read.steering),
                                              read.has_cut,     points,
                                              read.point_count, cose };
        add_statement(o, &statement);
        ayni_root_statement_free(&read);
    }
    o->steering = o->statement_count > 0 ? o->statements[o->statement_count - 1].steering : -1;
}

/* Goes through the statements by number, as one would by hand. */
enum ayni_standing oracle_by_steering(const struct oracle *o, const struct spot *spot)
{
    bool steered = false, ended = false, has_cut = false, is_covered = false;
    int successor = -1;

    if (spot->node >= 0 && spot->node == o->steering)
        return VALID;
    for (size_t n = 0; n < o->statement_count; n++) {
        const struct oracle_statement *s = &o->statements[n];
        if (s->steering == spot->node) {
            steered = true;
            ended = has_cut = false;
            successor = -1;
            continue;
        }
        if (!steered || ended)
            continue;
        if (successor == -1)
            successor = s->steering;
        ended = s->steering != successor;
        if (!ended && s->has_cut) {
            has_cut = true;
            is_covered = oracle_covered(o, s->points, s->point_count, spot);
        }
    }
    if (!steered)
        return NO;
    return !has_cut ? MARKED : is_covered ? VALID : NO;
}

enum ayni_standing oracle_item_by_steering(const struct oracle *o, item_ref i)
{
    struct spot spot = oracle_spot_of(o, i);
    return oracle_by_steering(o, &spot);
}
