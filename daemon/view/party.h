#ifndef AYNI_DAEMON_VIEW_PARTY_H
#define AYNI_DAEMON_VIEW_PARTY_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "proto/registry.h"

/*
 * Who takes part in the monthly act and its approval, by what the registry says of organisations:
 * docs/month.md. Levels climb in this order.
 */
enum party_level {
    PARTY_MUNICIPALITY, /* kind or role `municipality` */
    PARTY_NETWORK,      /* role `health`: also for the facilities of an act */
    PARTY_REGION,       /* kind `regional_government` */
    PARTY_MIDIS,        /* role `midis` */
    PARTY_LEVELS,
};
/* The code of approval.level. */
const char *party_level_name(enum party_level level);
/* PARTY_LEVELS for a word that is none. */
enum party_level party_level_of(struct ayni_bytes name);

/* The organisation of a node; NULL where it has none that is known here. */
const struct ayni_organisation *party_of_node(const struct charter *charter,
                                              const struct ayni_node *node);
/* NULL has none. */
bool party_has_level(const struct ayni_organisation *organisation, enum party_level level);

/* Its code for words, or a dash for none. */
struct complaint_word party_code(const struct ayni_organisation *organisation);

/* What the registry calls an organisation or facility; empty where it isn't there. */
enum { PARTY_CODE_SIZE = 32, PARTY_NAME_SIZE = 240 };
struct party_names {
    char code[PARTY_CODE_SIZE]; /* of a facility: register:code */
    char name[PARTY_NAME_SIZE];
};
AYNI_CHECKED enum ayni_status party_organisation(struct reader *reader,
                                                 const struct ayni_record *organisation,
                                                 struct party_names *names);
/* And the district where it is; empty where that isn't known. `place` holds PARTY_PLACE_SIZE. */
enum { PARTY_PLACE_SIZE = 7 };
AYNI_CHECKED enum ayni_status party_facility(struct reader *reader,
                                             const struct ayni_record *facility,
                                             struct party_names *names, char *place);

#endif
