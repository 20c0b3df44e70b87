#include "daemon/net/peer_book.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/crypto.h"
#include "proto/limits.h"

enum { PEERS_ADDED_MAX = 256 };

void peer_book_encode(const struct peer_book *book, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, book->added_count);
    for (size_t i = 0; i < book->added_count; i++) {
        ayni_cbor_put_array(to, 2);
        ayni_cbor_put_id(to, &book->added[i].node);
        ayni_cbor_put_string(to, book->added[i].endpoint);
    }
}

enum ayni_status peer_book_decode(struct ayni_bytes bytes, struct peer_book *book)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);
    struct peer_book read = { 0 };
    size_t count = ayni_cbor_read_array(&reader);
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; i < count && status == AYNI_OK && reader.status == AYNI_OK; i++) {
        struct ayni_node node = { 0 };
        char endpoint[sizeof(read.added->endpoint)];
        if (ayni_cbor_read_array(&reader) != 2)
            ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
        ayni_cbor_read_id(&reader, &node);
        struct ayni_bytes text = ayni_cbor_read_text(&reader);
        if (reader.status == AYNI_OK) {
            snprintf(endpoint, sizeof(endpoint), "%.*s", (int)text.size, (const char *)text.data);
            status = peer_book_add(&read, &node, endpoint);
        }
    }
    if (status == AYNI_OK)
        status = ayni_cbor_done(&reader);
    if (status != AYNI_OK) {
        peer_book_free(&read);
        return status;
    }
    *book = read;
    return AYNI_OK;
}

void peer_book_free(struct peer_book *book)
{
    free(book->added);
    *book = (struct peer_book){ 0 };
}

static struct peer_added *find_added(const struct peer_book *book, const struct ayni_node *node)
{
    for (size_t i = 0; i < book->added_count; i++)
        if (ayni_id_equal(&book->added[i].node, node))
            return &book->added[i];
    return NULL;
}

enum ayni_status peer_book_add(struct peer_book *book, const struct ayni_node *node,
                               const char *endpoint)
{
    struct peer_added *entry = find_added(book, node);

    if (strlen(endpoint) >= sizeof(entry->endpoint))
        return AYNI_E_LIMIT;
    if (entry == NULL) {
        if (book->added_count == PEERS_ADDED_MAX)
            return AYNI_E_LIMIT;
        struct peer_added *grown = realloc(book->added, (book->added_count + 1) * sizeof(*grown));
        if (grown == NULL)
            return AYNI_E_MEMORY;
        book->added = grown;
        entry = &grown[book->added_count++];
        entry->node = *node;
    }
    snprintf(entry->endpoint, sizeof(entry->endpoint), "%s", endpoint);
    return AYNI_OK;
}

bool peer_book_remove(struct peer_book *book, const struct ayni_node *node)
{
    struct peer_added *entry = find_added(book, node);

    if (entry == NULL)
        return false;
    *entry = book->added[--book->added_count];
    return true;
}

/* --- whom to dial --- */

struct candidate {
    const struct ayni_member *member;
    struct ayni_hash rank; /* H("ayni-dial-1", own key, their key) */
};

struct targets {
    struct peer_address *list;
    size_t count, room;
    bool failed;
};

static bool is_target(const struct targets *targets, const struct ayni_node *node)
{
    for (size_t i = 0; i < targets->count; i++)
        if (ayni_id_equal(&targets->list[i].node, node))
            return true;
    return false;
}

/* NULL where it is there already, or there is no memory for it. */
static struct peer_address *add_target(struct targets *targets, const struct ayni_node *node,
                                       const uint8_t transport_key[32])
{
    if (is_target(targets, node))
        return NULL;
    if (targets->count == targets->room) {
        size_t room = targets->room == 0 ? 8 : 2 * targets->room;
        struct peer_address *list = realloc(targets->list, room * sizeof(*list));
        if (list == NULL) {
            targets->failed = true;
            return NULL;
        }
        targets->list = list;
        targets->room = room;
    }
    struct peer_address *address = &targets->list[targets->count++];
    *address = (struct peer_address){ .node = *node };
    memcpy(address->transport_key, transport_key, sizeof(address->transport_key));
    return address;
}

void peer_address_add(struct peer_address *address, struct ayni_bytes endpoint)
{
    if (endpoint.size == 0 || endpoint.size > AYNI_ENDPOINT_SIZE_MAX ||
        address->endpoint_count == AYNI_CARD_ENDPOINTS_MAX)
        return;
    for (size_t i = 0; i < address->endpoint_count; i++)
        if (ayni_bytes_equal(ayni_bytes_of_text(address->endpoints[i]), endpoint))
            return;
    snprintf(address->endpoints[address->endpoint_count++], AYNI_ENDPOINT_SIZE_MAX + 1, "%.*s",
             (int)endpoint.size, (const char *)endpoint.data);
}

/* At `first` if that isn't empty, and where its card says. */
static void add_member(struct targets *targets, const struct ayni_member *member, const char *first)
{
    struct peer_address *address = add_target(targets, &member->node, member->transport_key);

    if (address == NULL)
        return;
    peer_address_add(address, ayni_bytes_of_text(first));
    for (size_t i = 0; i < member->endpoint_count; i++)
        peer_address_add(address, member->endpoints[i]);
}

/* The steering node of the ticket, of whom nothing else is known yet; likewise. */
static void add_first_contact(struct targets *targets, const struct peer_address *steering,
                              const char *first)
{
    struct peer_address *address = add_target(targets, &steering->node, steering->transport_key);

    if (address == NULL)
        return;
    peer_address_add(address, ayni_bytes_of_text(first));
    for (size_t i = 0; i < steering->endpoint_count; i++)
        peer_address_add(address, ayni_bytes_of_text(steering->endpoints[i]));
}

static void add_added(const struct peer_book *book, const struct peer_book_view *view,
                      struct targets *targets)
{
    for (size_t i = 0; i < book->added_count; i++) {
        const struct peer_added *added = &book->added[i];
        const struct ayni_member *member = ayni_registry_member(view->registry, &added->node);
        if (member != NULL && member->has_card && !member->revoked)
            add_member(targets, member, added->endpoint);
        else if (member == NULL && view->steering != NULL &&
                 ayni_id_equal(&view->steering->node, &added->node))
            add_first_contact(targets, view->steering, added->endpoint);
    }
}

static bool is_reachable(const struct ayni_member *member, const struct ayni_node *self)
{
    return !member->revoked && member->has_card && member->endpoint_count > 0 &&
           !ayni_id_equal(&member->node, self);
}

static void add_steering(const struct peer_book_view *view, struct targets *targets)
{
    const struct ayni_node *steering = ayni_registry_steering(view->registry);
    const struct ayni_member *member =
        steering == NULL ? NULL : ayni_registry_member(view->registry, steering);

    if (member != NULL && is_reachable(member, view->self))
        add_member(targets, member, "");
    else if (member == NULL && view->steering != NULL &&
             !ayni_id_equal(&view->steering->node, view->self) &&
             view->steering->endpoint_count > 0)
        add_first_contact(targets, view->steering, "");
}

static bool share_a_space(const struct ayni_registry *registry, const struct ayni_node *a,
                          const struct ayni_node *b)
{
    size_t count;
    const struct ayni_space_info *spaces = ayni_registry_spaces(registry, &count);

    for (size_t i = 0; i < count; i++)
        if (ayni_registry_may_receive(registry, a, &spaces[i].id) &&
            ayni_registry_may_receive(registry, b, &spaces[i].id))
            return true;
    return false;
}

struct ayni_hash peer_book_rank(const struct ayni_node *self, const struct ayni_node *other)
{
    SCOPED_BUFFER bytes = { 0 };

    ayni_cbor_put_array(&bytes, 3);
    ayni_cbor_put_string(&bytes, "ayni-dial-1");
    ayni_cbor_put_id(&bytes, self);
    ayni_cbor_put_id(&bytes, other);
    return ayni_hash_of(ayni_buffer_bytes(&bytes));
}

static int by_rank(const void *a, const void *b)
{
    return ayni_id_compare(&((const struct candidate *)a)->rank,
                           &((const struct candidate *)b)->rank);
}

static void add_wanted(const struct peer_book_view *view, struct targets *targets)
{
    size_t member_count, count = 0;
    const struct ayni_member *members = ayni_registry_members(view->registry, &member_count);
    struct candidate *candidates = calloc(member_count + 1, sizeof(*candidates));

    if (candidates == NULL) {
        targets->failed = true;
        return;
    }
    for (size_t i = 0; i < member_count; i++)
        if (is_reachable(&members[i], view->self) &&
            share_a_space(view->registry, view->self, &members[i].node))
            candidates[count++] =
                (struct candidate){ &members[i], peer_book_rank(view->self, &members[i].node) };
    qsort(candidates, count, sizeof(*candidates), by_rank);
    for (size_t i = 0; i < count && i < view->wanted; i++)
        add_member(targets, candidates[i].member, "");
    free(candidates);
}

enum ayni_status peer_book_targets(const struct peer_book *book, const struct peer_book_view *view,
                                   struct peer_address **addresses, size_t *count)
{
    struct targets targets = { 0 };

    add_added(book, view, &targets);
    add_steering(view, &targets);
    add_wanted(view, &targets);
    if (targets.failed) {
        free(targets.list);
        return AYNI_E_MEMORY;
    }
    *addresses = targets.list;
    *count = targets.count;
    return AYNI_OK;
}
