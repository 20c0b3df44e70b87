#ifndef AYNI_DAEMON_RECORDS_STANDING_H
#define AYNI_DAEMON_RECORDS_STANDING_H

#include <stdatomic.h>

#include "proto/ids.h"

struct ayni_registry;
struct ayni_catalogue;

/*
 * The registry and the catalogue as they stand here: an immutable charter
 * behind a counted reference. The projector puts a new one in its place when
 * the registry space has changed; whoever reads holds one for the length of a
 * request, and sees one state of rights, types and rules throughout.
 */
struct charter {
    uint64_t edition; /* 1, 2, 3 ... within this run of the daemon */
    bool founded; /* a root key is known: this node founded, joined or is joining a federation */
    struct ayni_node root;
    struct ayni_node self; /* this node */
    struct ayni_space registry_space;
    struct ayni_registry *registry;   /* proto/registry.h; never NULL, empty before `founded` */
    struct ayni_catalogue *catalogue; /* proto/catalogue.h; never NULL */
    struct ayni_hash catalogue_rows;  /* equal where catalogues are */
    uint8_t *identity_key; /* 32 secret bytes for derived ids; NULL while this node hasn't got it */
    struct epoch_keys *epoch_keys; /* of confidential spaces; NULL: none. records/epoch_keys.h */
    /* What views/ holds of it: the ids of all its records, ascending. NULL: made from the log. */
    struct ayni_record *records;
    size_t record_count;
    atomic_uint holders;
};

struct standing;

AYNI_CHECKED enum ayni_status standing_new(struct standing **standing);
/* All charters must have been released. */
void standing_free(struct standing *standing);

/* The charter that holds now; never NULL. Release it once. Any thread. */
const struct charter *standing_hold(struct standing *standing);
/* The same one once more, for who keeps it longer than whoever holds it. */
const struct charter *charter_hold(const struct charter *charter);
void charter_release(const struct charter *charter);
/* A charter that is released at the end of its scope. */
void charter_release_scoped(const struct charter **charter);
#define SCOPED_CHARTER __attribute__((cleanup(charter_release_scoped))) const struct charter *

/*
 * Called after each change, in the thread that made it (the projector's); keep
 * it short. At most 8 listeners, all added before the projector starts.
 */
typedef void standing_changed(void *context, const struct charter *charter);
void standing_listen(struct standing *standing, standing_changed *changed, void *context);

/* Put `charter` in the place of the one before, which goes when nobody holds it; takes it over. The
 * projector's. */
void standing_replace(struct standing *standing, struct charter *charter);

#endif
