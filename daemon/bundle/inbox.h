#ifndef AYNI_DAEMON_BUNDLE_INBOX_H
#define AYNI_DAEMON_BUNDLE_INBOX_H

#include "proto/bundle_volume.h"

/*
 * HOME/bundles: volumes that came in, as they came, until all that they bring
 * is in the log. So a stick is needed no longer than its bytes take, and a
 * volume that waits for another one is there when that comes. What is in a
 * file under its name is whole, verified, and for this node.
 */
struct inbox;

/* The folder is made when it is first needed; what was begun and never finished is removed. */
AYNI_CHECKED enum ayni_status inbox_open(const char *home, struct inbox **inbox);
void inbox_close(struct inbox *inbox); /* NULL is fine */

/* Its name: the sender's time, the bundle, the volume; so names in their order are bundles in
 * theirs. */
enum { INBOX_NAME_SIZE = 64 };

struct inbox_reader {
    struct ayni_node node;
    const struct ayni_signing_key *secret;
    struct ayni_node root; /* whose federation's runs are verified */
    /* Whether to take it, asked as soon as its head is known; a failure is handed on. */
    enum ayni_status (*accept)(void *context, const struct ayni_bundle_volume *volume);
    void *context;
};
/*
 * Take the next volume of the source: every run in it is verified, and then it
 * gets its name.
 *
 *   AYNI_E_NOT_FOUND  there is none
 *   AYNI_E_FULL, AYNI_E_IO  of the disk of the home
 *   those of reader->accept, of the source, and of proto/bundle_volume.h
 *   AYNI_E_SIGNATURE, AYNI_E_INVALID, AYNI_E_MALFORMED, AYNI_E_LIMIT  a run doesn't verify
 */
AYNI_CHECKED enum ayni_status inbox_receive(struct inbox *inbox,
                                            const struct ayni_bundle_source *source,
                                            const struct inbox_reader *reader,
                                            char name[INBOX_NAME_SIZE]);

/* The names in their order, one after the other, each in INBOX_NAME_SIZE bytes. */
AYNI_CHECKED enum ayni_status inbox_list(struct inbox *inbox, struct ayni_buffer *names);
/* A volume's bytes as a source. AYNI_E_NOT_FOUND, AYNI_E_IO. */
AYNI_CHECKED enum ayni_status inbox_open_volume(struct inbox *inbox, const char *name,
                                                struct ayni_bundle_source *source);
void inbox_close_volume(struct ayni_bundle_source *source);
/* Hands on what reading a volume answered; one that isn't what it was when it came is removed, the
 * log says so, and that is AYNI_E_IO. */
AYNI_CHECKED enum ayni_status inbox_judge(struct inbox *inbox, const char *name,
                                          enum ayni_status status);
/* All that it brings is in the log, or is wanted no more: it is gone, also after a power cut. Fine
 * where it isn't there. AYNI_E_IO. */
AYNI_CHECKED enum ayni_status inbox_remove(struct inbox *inbox, const char *name);

#endif
