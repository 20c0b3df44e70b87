#include "proto/ticket.h"

#include "proto/armor.h"
#include "proto/cbor.h"

static const char domain[] = "ayni-ticket-1";

static void put_ticket(const struct ayni_ticket *ticket, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 5);
    ayni_cbor_put_string(to, domain);
    ayni_cbor_put_text(to, ticket->federation);
    ayni_cbor_put_id(to, &ticket->root);
    ayni_cbor_put_array(to, ticket->statement_count);
    for (size_t i = 0; i < ticket->statement_count; i++)
        ayni_buffer_append(to, ticket->statements[i].data, ticket->statements[i].size);
    ayni_buffer_append(to, ticket->card.data, ticket->card.size);
}

enum ayni_status ayni_ticket_encode(const struct ayni_ticket *ticket, struct ayni_buffer *to)
{
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_ticket back;

    if (ticket->statement_count > AYNI_TICKET_STATEMENTS_MAX)
        return AYNI_E_LIMIT;
    put_ticket(ticket, &bytes);
    if (bytes.failed)
        return AYNI_E_MEMORY;
    enum ayni_status status = ayni_ticket_decode(ayni_buffer_bytes(&bytes), &back);
    if (status == AYNI_E_LIMIT || status == AYNI_E_MEMORY)
        return status;
    if (status != AYNI_OK)
        return AYNI_E_INVALID;
    ayni_ticket_free(&back);
    ayni_buffer_append(to, bytes.data, bytes.size);
    return ayni_buffer_status(to);
}

static enum ayni_status read_ticket(struct ayni_bytes bytes, struct ayni_ticket *read)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);

    if (ayni_cbor_read_array(&r) != 5)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_domain(&r, domain);
    read->federation = ayni_cbor_read_text(&r);
    ayni_cbor_read_id(&r, &read->root);
    read->statement_count = ayni_cbor_read_array(&r);
    if (read->statement_count > AYNI_TICKET_STATEMENTS_MAX)
        ayni_cbor_fail(&r, AYNI_E_LIMIT);
    for (size_t i = 0; i < read->statement_count && r.status == AYNI_OK; i++)
        read->statements[i] = ayni_cbor_read_raw(&r);
    read->card = ayni_cbor_read_raw(&r);
    return ayni_cbor_done(&r);
}

/* Each statement is the root key's and has a higher number than the one before; keeps the last. */
static enum ayni_status check_statements(struct ayni_ticket *ticket)
{
    enum ayni_status status = ticket->statement_count == 0 ? AYNI_E_INVALID : AYNI_OK;

    for (size_t i = 0; i < ticket->statement_count && status == AYNI_OK; i++) {
        uint64_t before = ticket->newest.number;
        ayni_root_statement_free(&ticket->newest);
        status = ayni_root_statement_decode(ticket->statements[i], &ticket->root, &ticket->newest);
        if (status == AYNI_OK && ticket->newest.number <= before)
            status = AYNI_E_INVALID;
    }
    return status;
}

enum ayni_status ayni_ticket_decode(struct ayni_bytes bytes, struct ayni_ticket *ticket)
{
    struct ayni_ticket read = { 0 };

    if (bytes.size > AYNI_TICKET_SIZE_MAX)
        return AYNI_E_LIMIT;
    enum ayni_status status = read_ticket(bytes, &read);
    if (status == AYNI_OK)
        status = check_statements(&read);
    if (status == AYNI_OK)
        status = ayni_card_decode(read.card, &read.steering);
    if (status == AYNI_OK && (!ayni_id_equal(&read.steering.node, &read.newest.steering) ||
                              !ayni_name_valid(read.federation)))
        status = AYNI_E_INVALID;
    if (status != AYNI_OK) {
        ayni_ticket_free(&read);
        return status;
    }
    *ticket = read;
    return AYNI_OK;
}

void ayni_ticket_free(struct ayni_ticket *ticket)
{
    ayni_root_statement_free(&ticket->newest);
}

void ayni_ticket_text(struct ayni_bytes bytes, struct ayni_buffer *text)
{
    ayni_armor_append(text, domain, bytes);
}

enum ayni_status ayni_ticket_parse(struct ayni_bytes text, struct ayni_buffer *bytes)
{
    return ayni_armor_parse(text, domain, AYNI_TICKET_SIZE_MAX, bytes);
}
