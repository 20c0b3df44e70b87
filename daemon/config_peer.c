#include "daemon/config_peer.h"

#include <string.h>

#include "daemon/config_key.h"
#include "po/language.h"
#include "proto/endpoint.h"

enum { NODE_PREFIX_MIN = 8, NODE_TEXT_MAX = 52 };

static const char start[] = "peer ";

#define AT(member) offsetof(struct config_peer, budget.member)

static const struct config_key keys[] = {
    { "peer", "rate", CONFIG_SIZE, AT(rate), 0, 0, 1ull << 40, NULL, NULL },
    { "peer", "day", CONFIG_SIZE, AT(day), 0, 0, 1ull << 50, NULL, NULL },
    { "peer", "hours", CONFIG_HOURS, AT(hours), sizeof(((struct config_budget *)NULL)->hours), 0, 0,
      NULL, NULL },
};
enum { RATE, DAY, HOURS, KEY_COUNT };

bool config_is_peer_section(const char *section)
{
    return strncmp(section, start, sizeof(start) - 1) == 0;
}

static bool is_endpoint(const char *who)
{
    return ayni_endpoint_valid(ayni_bytes_of_text(who));
}

/* An id, or how it begins. */
static bool is_node(const char *who)
{
    size_t size = strlen(who);

    return size >= NODE_PREFIX_MIN && size <= NODE_TEXT_MAX &&
           strspn(who, "abcdefghijklmnopqrstuvwxyz234567") == size;
}

/* The section, made where it isn't there. NULL: it can't be; `why` says so. */
static struct config_peer *find_section(struct config *config, const char *section, char *why,
                                        size_t why_size)
{
    const char *who = section + sizeof(start) - 1;

    for (size_t i = 0; i < config->peer_count; i++)
        if (strcmp(config->peers[i].who, who) == 0)
            return &config->peers[i];
    if (!is_endpoint(who) && !is_node(who)) {
        config_explain(why, why_size,
                       _("[%s]: after `peer` comes a node, or 8 characters of it or more, or a "
                         "tcp://HOST:PORT"),
                       section);
        return NULL;
    }
    if (config->peer_count == CONFIG_PEERS_MAX) {
        config_explain(why, why_size, _("[%s]: there are more than %d sections of peers"), section,
                       CONFIG_PEERS_MAX);
        return NULL;
    }
    struct config_peer *made = &config->peers[config->peer_count];
    memcpy(made->who, who, strlen(who) + 1);
    return made;
}

static const struct config_key *find_key(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

enum ayni_status config_peer_set(struct config *config, const char *section, const char *name,
                                 const char *value, char *why, size_t why_size)
{
    const struct config_key *key = find_key(name);

    if (key == NULL) {
        config_explain(why, why_size, _("there is no setting `%s` in [%s]"), name, section);
        return AYNI_E_USAGE;
    }
    struct config_peer *peer = find_section(config, section, why, why_size);
    if (peer == NULL)
        return AYNI_E_USAGE;
    if (!config_key_assign(key, peer, value)) {
        config_explain(why, why_size, _("[%s] %s: `%s` is not %s"), section, name, value,
                       config_key_expected(key));
        if (peer == &config->peers[config->peer_count])
            *peer = (struct config_peer){ 0 };
        return AYNI_E_USAGE;
    }
    if (peer == &config->peers[config->peer_count])
        config->peer_count++;
    peer->set |= 1u << (key - keys);
    return AYNI_OK;
}

void config_peers_print(const struct config *config, FILE *to)
{
    for (size_t i = 0; i < config->peer_count; i++) {
        const struct config_peer *peer = &config->peers[i];
        fprintf(to, "\n[%s%s]\n", start, peer->who);
        for (size_t j = 0; j < KEY_COUNT; j++)
            if (peer->set & (1u << j))
                config_key_print(&keys[j], peer, to);
    }
}

static bool is_about(const struct config_peer *peer, const char *node, const char *const *endpoints,
                     size_t endpoint_count)
{
    for (size_t i = 0; i < endpoint_count; i++)
        if (strcmp(endpoints[i], peer->who) == 0)
            return true;
    return strncmp(node, peer->who, strlen(peer->who)) == 0;
}

struct config_budget config_budget_of(const struct config *config, const char *node,
                                      const char *const *endpoints, size_t endpoint_count)
{
    struct config_budget budget = config->link;

    for (size_t i = 0; i < config->peer_count; i++) {
        const struct config_peer *peer = &config->peers[i];
        if (!is_about(peer, node, endpoints, endpoint_count))
            continue;
        if (peer->set & (1u << RATE))
            budget.rate = peer->budget.rate;
        if (peer->set & (1u << DAY))
            budget.day = peer->budget.day;
        if (peer->set & (1u << HOURS))
            memcpy(budget.hours, peer->budget.hours, sizeof(budget.hours));
        break;
    }
    return budget;
}
