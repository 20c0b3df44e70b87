#ifndef AYNI_DAEMON_FEDERATION_IDENTITY_H
#define AYNI_DAEMON_FEDERATION_IDENTITY_H

#include "proto/crypto.h"

/*
 * Who this node is: the keys in HOME/node.key (mode 0600), a small text file
 * that a backup must hold. Losing it is losing the node's name for ever;
 * whoever reads it can sign as this node.
 */
struct identity {
    struct ayni_node node;
    struct ayni_signing_key *secret; /* of ayni_secret_new() */
    uint8_t transport_public[32];    /* CurveZMQ */
    uint8_t *transport_secret;       /* 32 bytes of ayni_secret_new() */
    /*
     * Where the key file lives: a hash of machine-id, inode and birth time. A
     * copied, restored or rolled-back home is elsewhere, and the author then
     * draws new incarnations, because own feeds are kept by place.
     */
    uint8_t place[16];
};

/* Make new keys and write the file. AYNI_E_EXISTS where there is one; `why` gets a sentence on
 * failure. */
AYNI_CHECKED enum ayni_status identity_make(const char *home, char *why, size_t why_size);
/*
 *   AYNI_E_NOT_FOUND  no key file: not a home of ours
 *   AYNI_E_MALFORMED  not of the form
 *   AYNI_E_RIGHT      others may read it: refused until chmod 600
 */
AYNI_CHECKED enum ayni_status identity_open(const char *home, struct identity *identity, char *why,
                                            size_t why_size);
void identity_close(struct identity *identity);
/*
 * Put the key file of one folder into another: into a backup, or back into a
 * home, where it is the last to come, since it makes a folder a home. Who may
 * read the first is not asked: a stick knows no rights.
 *
 *   AYNI_E_NOT_FOUND, AYNI_E_MALFORMED  of the first; AYNI_E_EXISTS  the other has one
 */
AYNI_CHECKED enum ayni_status identity_copy(const char *from, const char *to, char *why,
                                            size_t why_size);

#endif
