#ifndef AYNI_CLI_NAMES_H
#define AYNI_CLI_NAMES_H

#include "cli/client.h"

/* What the members of the federation are called, for people to read instead of ids. All zero:
 * nobody is known. */
struct names {
    struct name {
        struct ayni_node node;
        char text[64];
    } * list;
    size_t count, capacity;
};

/* Asks the daemon at the other end. Who can't be asked stays unknown. */
void names_load(struct names *names, struct client *client);
void names_free(struct names *names);
/* The name of a node, or NULL. */
const char *names_find(const struct names *names, const struct ayni_node *node);

#endif
