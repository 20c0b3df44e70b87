#include "daemon/federation/ticket_now.h"

enum ayni_status ticket_now(const struct ayni_ticket *kept, const struct ayni_registry *registry,
                            const struct ayni_node *self, struct ayni_bytes own_card,
                            struct ayni_buffer *bytes)
{
    struct ayni_ticket ticket = *kept;
    uint64_t number;
    struct ayni_bytes statement = ayni_registry_root_statement(registry, &number);
    const struct ayni_node *steering = ayni_registry_steering(registry);
    const struct ayni_member *member =
        steering == NULL ? NULL : ayni_registry_member(registry, steering);

    if (number > kept->newest.number) { /* it needs none before it */
        ticket.statements[0] = statement;
        ticket.statement_count = 1;
    }
    if (steering != NULL && ayni_id_equal(steering, self))
        ticket.card = own_card;
    else if (member != NULL && member->has_card)
        ticket.card = member->card;
    return ayni_ticket_encode(&ticket, bytes);
}
