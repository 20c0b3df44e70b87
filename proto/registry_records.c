#include "proto/registry_records.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/derived_id.h"

static const char *const member_roles[] = { "partner", "government", "relay", "steering" };
static const char *const rights[] = { "none", "relay", "reader", "writer" };
static const char *const steward_roles[] = { "reader", "editor", "reviewer", "admin", "auditor" };
static const char *const purposes[] = { "identity", "space" };

#define COUNT(words) (sizeof(words) / sizeof(*(words)))

static const char *word_of(const char *const *words, size_t count, unsigned index)
{
    return index < count ? words[index] : "unknown";
}

/* From `first` on. AYNI_E_INVALID for any other word. */
static enum ayni_status find_word(const char *const *words, size_t first, size_t count,
                                  struct ayni_bytes word, unsigned *index)
{
    for (size_t i = first; i < count; i++)
        if (ayni_bytes_equal(ayni_bytes_of_text(words[i]), word)) {
            *index = (unsigned)i;
            return AYNI_OK;
        }
    return AYNI_E_INVALID;
}

const char *ayni_member_role_name(enum ayni_member_role role)
{
    return word_of(member_roles, COUNT(member_roles), role);
}

const char *ayni_right_name(enum ayni_right right)
{
    return word_of(rights, COUNT(rights), right);
}

const char *ayni_steward_role_name(enum ayni_steward_role role)
{
    return word_of(steward_roles, COUNT(steward_roles), role);
}

const char *ayni_key_purpose_name(enum ayni_key_purpose purpose)
{
    return word_of(purposes, COUNT(purposes), purpose);
}

enum ayni_status ayni_member_role_parse(struct ayni_bytes word, enum ayni_member_role *role)
{
    unsigned index;
    enum ayni_status status = find_word(member_roles, 0, COUNT(member_roles), word, &index);

    if (status == AYNI_OK)
        *role = (enum ayni_member_role)index;
    return status;
}

enum ayni_status ayni_right_parse(struct ayni_bytes word, enum ayni_right *right)
{
    unsigned index;
    enum ayni_status status = find_word(rights, AYNI_RIGHT_RELAY, COUNT(rights), word, &index);

    if (status == AYNI_OK)
        *right = (enum ayni_right)index;
    return status;
}

enum ayni_status ayni_steward_role_parse(struct ayni_bytes word, enum ayni_steward_role *role)
{
    unsigned index;
    enum ayni_status status = find_word(steward_roles, 0, COUNT(steward_roles), word, &index);

    if (status == AYNI_OK)
        *role = (enum ayni_steward_role)index;
    return status;
}

enum ayni_status ayni_key_purpose_parse(struct ayni_bytes word, enum ayni_key_purpose *purpose)
{
    unsigned index;
    enum ayni_status status = find_word(purposes, 0, COUNT(purposes), word, &index);

    if (status == AYNI_OK)
        *purpose = (enum ayni_key_purpose)index;
    return status;
}

/* A key of several values, one after the other in one buffer. */
enum { KEY_VALUES_MAX = 4 };
struct key_values {
    struct ayni_buffer bytes;
    size_t ends[KEY_VALUES_MAX];
    size_t count;
};

static void end_value(struct key_values *key)
{
    key->ends[key->count++] = key->bytes.size;
}

static void put_bytes(struct key_values *key, const uint8_t *bytes, size_t size)
{
    if (bytes == NULL)
        ayni_cbor_put_null(&key->bytes);
    else
        ayni_cbor_put_bytes(&key->bytes, (struct ayni_bytes){ bytes, size });
    end_value(key);
}

static void put_text(struct key_values *key, struct ayni_bytes text)
{
    ayni_cbor_put_text(&key->bytes, text);
    end_value(key);
}

static enum ayni_status derive(const struct ayni_node *root, enum ayni_registry_type type,
                               struct key_values *key, struct ayni_record *record)
{
    struct ayni_bytes values[KEY_VALUES_MAX];
    enum ayni_status status = ayni_buffer_status(&key->bytes);

    for (size_t i = 0, from = 0; status == AYNI_OK && i < key->count; from = key->ends[i++])
        values[i] = (struct ayni_bytes){ key->bytes.data + from, key->ends[i] - from };
    if (status == AYNI_OK)
        status = ayni_derived_id(root->bytes, type, values, key->count, record);
    ayni_buffer_free(&key->bytes);
    return status;
}

enum ayni_status ayni_registry_node_record(const struct ayni_node *root,
                                           enum ayni_registry_type type,
                                           const struct ayni_node *node, struct ayni_record *record)
{
    struct key_values key = { 0 };

    put_bytes(&key, node->bytes, sizeof(node->bytes));
    return derive(root, type, &key, record);
}

enum ayni_status ayni_registry_ungrant_record(const struct ayni_node *root,
                                              const struct ayni_record *grant,
                                              struct ayni_record *record)
{
    struct key_values key = { 0 };

    put_bytes(&key, grant->bytes, sizeof(grant->bytes));
    return derive(root, AYNI_TYPE_UNGRANT, &key, record);
}

enum ayni_status ayni_registry_steward_record(const struct ayni_node *root,
                                              const struct ayni_node *node, struct ayni_bytes name,
                                              struct ayni_record *record)
{
    struct key_values key = { 0 };

    put_bytes(&key, node->bytes, sizeof(node->bytes));
    put_text(&key, name);
    return derive(root, AYNI_TYPE_STEWARD, &key, record);
}

enum ayni_status
ayni_registry_wrapped_key_record(const struct ayni_node *root, enum ayni_key_purpose purpose,
                                 const struct ayni_space *space, const uint8_t epoch[16],
                                 const struct ayni_node *node, struct ayni_record *record)
{
    struct key_values key = { 0 };

    put_text(&key, ayni_bytes_of_text(ayni_key_purpose_name(purpose)));
    put_bytes(&key, space == NULL ? NULL : space->bytes, sizeof(space->bytes));
    put_bytes(&key, epoch, 16);
    put_bytes(&key, node->bytes, sizeof(node->bytes));
    return derive(root, AYNI_TYPE_WRAPPED_KEY, &key, record);
}

enum ayni_status ayni_registry_root_statement_record(const struct ayni_node *root, uint64_t number,
                                                     struct ayni_record *record)
{
    struct key_values key = { 0 };

    ayni_cbor_put_uint(&key.bytes, number);
    end_value(&key);
    return derive(root, AYNI_TYPE_ROOT_STATEMENT, &key, record);
}
