#ifndef AYNI_DAEMON_CONFIG_PEER_H
#define AYNI_DAEMON_CONFIG_PEER_H

#include "daemon/config.h"

/*
 * Settings of one link: sections [peer WHO], where WHO is a node's id, or its
 * first 8 characters or more, or an endpoint that it is dialled at. What such a
 * section doesn't say is as [link] has it.
 */
bool config_is_peer_section(const char *section);
/* As config_set(). A section that isn't there yet is made. */
AYNI_CHECKED enum ayni_status config_peer_set(struct config *config, const char *section,
                                              const char *name, const char *value, char *why,
                                              size_t why_size);
/* All such sections, in order. */
void config_peers_print(const struct config *config, FILE *to);

/* The budget of a node, by the first section that names it or one of the endpoints. */
struct config_budget config_budget_of(const struct config *config, const char *node,
                                      const char *const *endpoints, size_t endpoint_count);

#endif
