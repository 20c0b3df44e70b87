#ifndef AYNI_DAEMON_FEDERATION_CATALOGUE_UPGRADE_H
#define AYNI_DAEMON_FEDERATION_CATALOGUE_UPGRADE_H

#include "daemon/federation/edition.h"
#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"

/*
 * What an edition of the catalogue has that a running federation hasn't: steering writes it into
 * the registry. What steering has set itself since stays. docs/catalogue.md, "A newer edition".
 */
enum upgrade_state {
    UPGRADE_NEW,     /* the registry hasn't got the record */
    UPGRADE_CHANGED, /* these fields say something else */
    UPGRADE_KEPT,    /* likewise, and somebody set or deleted that here: it stays */
    UPGRADE_TAKEN,   /* something else here has its name: it isn't written */
    UPGRADE_STATES,
};
const char *upgrade_state_name(enum upgrade_state state);

enum { UPGRADE_FIELDS_MAX = 32 };
struct upgrade_finding {
    enum upgrade_state state;
    uint32_t type;
    struct ayni_record id;
    const char *name;                /* of edition.h */
    const struct ayni_field *fields; /* as the edition has them, ascending */
    size_t field_count;              /* 0 of a record that stands deleted */
    size_t versions;                 /* of the record that are held */
};
/* Lent for the call; anything but AYNI_OK ends it. */
typedef enum ayni_status upgrade_visit(void *context, const struct upgrade_finding *finding);
/* Compare the registry as the reader sees it; a record is visited once for each state. */
AYNI_CHECKED enum ayni_status catalogue_upgrade_each(struct reader *reader,
                                                     const struct catalogue_file *file,
                                                     upgrade_visit *visit, void *context);

/* Whether this node steers: it alone writes the catalogue. */
bool catalogue_upgrade_is_ours(const struct charter *charter);

struct upgrade_request {
    struct ayni_bytes edition; /* JSON; empty for the one that comes with the program */
    bool dry_run;
    const char *steward;
    upgrade_visit *visit; /* told of each finding before anything is written */
    void *context;
};
/*
 * Write what is new and changed, all or none; the same again finds nothing to write.
 *
 *   AYNI_E_RIGHT    this node doesn't steer
 *   AYNI_E_INVALID  no edition, or one with rules that this program can't apply
 *   AYNI_E_CHANGED  somebody wrote in the registry meanwhile
 */
AYNI_CHECKED enum ayni_status catalogue_upgrade(struct records *records,
                                                const struct upgrade_request *request,
                                                struct complaint *complaint);

#endif
