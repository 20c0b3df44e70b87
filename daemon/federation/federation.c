#include "daemon/federation/federation.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/cbor.h"

struct federation {
    struct log_store *log;
    struct log_writer *writer;
    const struct identity *identity;
    char node_name[AYNI_NAME_SIZE_MAX + 1];
    char founder[AYNI_NAME_SIZE_MAX + 1];
    struct ayni_buffer ticket_bytes;
    struct ayni_ticket ticket;
    _Atomic bool has_ticket;
    pthread_mutex_t lock; /* of the card, and of setting the ticket */
    struct ayni_buffer card;
};

/* --- settings --- */

struct setting_job {
    struct log_job job; /* first */
    const char *name;
    struct ayni_bytes value;
};

static enum ayni_status put_setting(struct log_job *job, struct log_txn *txn)
{
    struct setting_job *setting = (struct setting_job *)job;

    return log_txn_put_setting(txn, setting->name, setting->value);
}

static enum ayni_status keep(struct federation *federation, const char *name,
                             struct ayni_bytes value)
{
    struct setting_job setting = { { .run = put_setting }, name, value };

    return log_writer_run(federation->writer, &setting.job);
}

/* Empty where there is none. */
static enum ayni_status load(struct federation *federation, const char *name,
                             struct ayni_buffer *value)
{
    struct log_snapshot *snapshot;

    enum ayni_status status = log_snapshot_begin(federation->log, &snapshot);
    if (status != AYNI_OK)
        return status;
    status = log_get_setting(snapshot, name, value);
    log_snapshot_end(snapshot);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status load_text(struct federation *federation, const char *name, char *text,
                                  size_t size)
{
    SCOPED_BUFFER value = { 0 };

    enum ayni_status status = load(federation, name, &value);
    if (status == AYNI_OK)
        snprintf(text, size, "%.*s", (int)value.size,
                 value.size == 0 ? "" : (const char *)value.data);
    return status;
}

enum ayni_status federation_open(struct log_store *log, struct log_writer *writer,
                                 const struct identity *identity, struct federation **federation)
{
    struct federation *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->log = log;
    made->writer = writer;
    made->identity = identity;
    pthread_mutex_init(&made->lock, NULL);
    enum ayni_status status =
        load_text(made, "node/name", made->node_name, sizeof(made->node_name));
    if (status == AYNI_OK)
        status = load_text(made, "node/founder", made->founder, sizeof(made->founder));
    if (status == AYNI_OK)
        status = load(made, "node/card", &made->card);
    if (status == AYNI_OK)
        status = load(made, "federation/ticket", &made->ticket_bytes);
    if (status == AYNI_OK && made->ticket_bytes.size > 0) {
        status = ayni_ticket_decode(ayni_buffer_bytes(&made->ticket_bytes), &made->ticket);
        made->has_ticket = status == AYNI_OK;
    }
    if (status != AYNI_OK) {
        federation_close(made);
        return status;
    }
    *federation = made;
    return AYNI_OK;
}

void federation_close(struct federation *federation)
{
    if (federation == NULL)
        return;
    if (federation->has_ticket)
        ayni_ticket_free(&federation->ticket);
    ayni_buffer_free(&federation->ticket_bytes);
    ayni_buffer_free(&federation->card);
    pthread_mutex_destroy(&federation->lock);
    free(federation);
}

const char *federation_node_name(const struct federation *federation)
{
    return federation->node_name;
}

const char *federation_founder(const struct federation *federation)
{
    return federation->founder;
}

enum ayni_status federation_name_node(struct federation *federation, const char *name,
                                      const char *founder)
{
    if (!ayni_name_valid(ayni_bytes_of_text(name)))
        return AYNI_E_INVALID;
    enum ayni_status status = keep(federation, "node/name", ayni_bytes_of_text(name));
    if (status == AYNI_OK)
        status = keep(federation, "node/founder", ayni_bytes_of_text(founder));
    if (status != AYNI_OK)
        return status;
    snprintf(federation->node_name, sizeof(federation->node_name), "%s", name);
    snprintf(federation->founder, sizeof(federation->founder), "%s", founder);
    return AYNI_OK;
}

const struct ayni_ticket *federation_ticket(struct federation *federation)
{
    return federation->has_ticket ? &federation->ticket : NULL;
}

static enum ayni_status set_first_ticket(struct federation *federation, struct ayni_bytes ticket)
{
    ayni_buffer_clear(&federation->ticket_bytes);
    ayni_buffer_append(&federation->ticket_bytes, ticket.data, ticket.size);
    enum ayni_status status = ayni_buffer_status(&federation->ticket_bytes);
    if (status == AYNI_OK)
        status =
            ayni_ticket_decode(ayni_buffer_bytes(&federation->ticket_bytes), &federation->ticket);
    if (status != AYNI_OK)
        return status;
    status = keep(federation, "federation/ticket", ticket);
    if (status == AYNI_OK)
        federation->has_ticket = true;
    else
        ayni_ticket_free(&federation->ticket);
    return status;
}

/* The one that is there stays: newer root statements come by the registry. */
static enum ayni_status compare_ticket(struct federation *federation, struct ayni_bytes ticket)
{
    struct ayni_ticket other;

    enum ayni_status status = ayni_ticket_decode(ticket, &other);
    if (status != AYNI_OK)
        return status;
    bool same = ayni_id_equal(&other.root, &federation->ticket.root);
    ayni_ticket_free(&other);
    return same ? AYNI_OK : AYNI_E_EXISTS;
}

enum ayni_status federation_set_ticket(struct federation *federation, struct ayni_bytes ticket)
{
    pthread_mutex_lock(&federation->lock);
    enum ayni_status status = federation->has_ticket ? compare_ticket(federation, ticket)
                                                     : set_first_ticket(federation, ticket);
    pthread_mutex_unlock(&federation->lock);
    return status;
}

/* --- the card --- */

static enum ayni_status split_endpoints(const char *text, struct ayni_card *card)
{
    card->endpoint_count = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        if (size > 0) {
            if (card->endpoint_count == AYNI_CARD_ENDPOINTS_MAX)
                return AYNI_E_LIMIT;
            card->endpoints[card->endpoint_count++] =
                (struct ayni_bytes){ (const uint8_t *)text, size };
        }
        text += size + (text[size] == ',');
    }
    return AYNI_OK;
}

bool federation_card_node(const struct federation *federation, struct ayni_node *node)
{
    struct ayni_card card;

    if (federation->card.size == 0 ||
        ayni_card_decode(ayni_buffer_bytes(&federation->card), &card) != AYNI_OK)
        return false;
    *node = card.node;
    return true;
}

static bool says_the_same(const struct ayni_card *a, const struct ayni_card *b)
{
    if (a->endpoint_count != b->endpoint_count || !ayni_bytes_equal(a->name, b->name) ||
        memcmp(a->transport_key, b->transport_key, sizeof(a->transport_key)) != 0)
        return false;
    for (size_t i = 0; i < a->endpoint_count; i++)
        if (!ayni_bytes_equal(a->endpoints[i], b->endpoints[i]))
            return false;
    return true;
}

/* The card that is kept, renewed if it doesn't say what `wanted` says or isn't above `serial`. */
static enum ayni_status renew_card(struct federation *federation, struct ayni_card *wanted,
                                   uint64_t serial)
{
    SCOPED_BUFFER signed_card = { 0 };
    struct ayni_card kept;

    wanted->serial = serial + 1;
    if (federation->card.size > 0 &&
        ayni_card_decode(ayni_buffer_bytes(&federation->card), &kept) == AYNI_OK) {
        if (says_the_same(&kept, wanted) && kept.serial > serial)
            return AYNI_OK;
        if (kept.serial > serial)
            wanted->serial = kept.serial + 1;
    }
    enum ayni_status status = ayni_card_sign(wanted, federation->identity->secret, &signed_card);
    if (status == AYNI_OK)
        status = keep(federation, "node/card", ayni_buffer_bytes(&signed_card));
    if (status == AYNI_OK) {
        ayni_buffer_clear(&federation->card);
        ayni_buffer_append(&federation->card, signed_card.data, signed_card.size);
        status = ayni_buffer_status(&federation->card);
    }
    return status;
}

enum ayni_status federation_card(struct federation *federation, const char *endpoints,
                                 struct ayni_buffer *card)
{
    return federation_card_above(federation, endpoints, 0, card);
}

enum ayni_status federation_card_above(struct federation *federation, const char *endpoints,
                                       uint64_t serial, struct ayni_buffer *card)
{
    struct ayni_card wanted = { .name = ayni_bytes_of_text(federation->node_name),
                                .node = federation->identity->node };

    memcpy(wanted.transport_key, federation->identity->transport_public,
           sizeof(wanted.transport_key));
    enum ayni_status status = split_endpoints(endpoints, &wanted);
    if (status != AYNI_OK)
        return status;
    pthread_mutex_lock(&federation->lock);
    status = renew_card(federation, &wanted, serial);
    if (status == AYNI_OK) {
        ayni_buffer_append(card, federation->card.data, federation->card.size);
        status = ayni_buffer_status(card);
    }
    pthread_mutex_unlock(&federation->lock);
    return status;
}
