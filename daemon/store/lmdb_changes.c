#include "daemon/store/lmdb_changes.h"

#include <stdlib.h>

enum { HEADER_SIZE = 4 + 2 };

void lmdb_changes_init(struct lmdb_changes *changes)
{
    *changes = (struct lmdb_changes){ .lost = false };
    pthread_mutex_init(&changes->mutex, NULL);
}

void lmdb_changes_done(struct lmdb_changes *changes)
{
    ayni_buffer_free(&changes->pending);
    ayni_buffer_free(&changes->notes);
    pthread_mutex_destroy(&changes->mutex);
}

/* --- the writer's --- */

void lmdb_changes_note(struct lmdb_changes *changes, unsigned table, struct ayni_bytes key)
{
    uint8_t header[HEADER_SIZE];

    if (!changes->wanted)
        return;
    ayni_put_u32(header, table);
    ayni_put_u16(header + 4, (uint16_t)key.size); /* LMDB's are 511 at most */
    ayni_buffer_append(&changes->pending, header, sizeof(header));
    ayni_buffer_append(&changes->pending, key.data, key.size);
}

void lmdb_changes_lose(struct lmdb_changes *changes)
{
    changes->pending_lost = changes->wanted;
}

void lmdb_changes_publish(struct lmdb_changes *changes, bool written)
{
    struct ayni_buffer *pending = &changes->pending;

    if (written && changes->wanted && (pending->size > 0 || changes->pending_lost)) {
        pthread_mutex_lock(&changes->mutex);
        ayni_buffer_append(&changes->notes, pending->data, pending->size);
        changes->lost = changes->lost || changes->pending_lost || pending->failed;
        pthread_mutex_unlock(&changes->mutex);
    }
    changes->pending_lost = false;
    if (pending->size > 0 || pending->failed)
        ayni_buffer_free(pending);
}

/* --- the copier's --- */

static void forget(struct lmdb_changes *changes)
{
    pthread_mutex_lock(&changes->mutex);
    ayni_buffer_free(&changes->notes);
    changes->lost = false;
    pthread_mutex_unlock(&changes->mutex);
}

enum ayni_status lmdb_changes_begin(struct lmdb_changes *changes)
{
    if (changes->wanted)
        return AYNI_E_BUSY;
    forget(changes); /* what came after the end of the last copy */
    changes->wanted = true;
    return AYNI_OK;
}

void lmdb_changes_end(struct lmdb_changes *changes)
{
    changes->wanted = false;
    forget(changes);
}

size_t lmdb_changes_size(struct lmdb_changes *changes)
{
    pthread_mutex_lock(&changes->mutex);
    size_t size = changes->notes.size;
    pthread_mutex_unlock(&changes->mutex);
    return size;
}

static int by_place(const void *a, const void *b)
{
    const struct lmdb_change *left = a, *right = b;

    if (left->table != right->table)
        return left->table < right->table ? -1 : 1;
    return ayni_bytes_compare(left->key, right->key);
}

static size_t count_notes(const struct ayni_buffer *notes)
{
    size_t count = 0;

    for (size_t at = 0; at < notes->size; count++)
        at += HEADER_SIZE + ayni_get_u16(notes->data + at + 4);
    return count;
}

static void read_notes(const struct ayni_buffer *notes, struct lmdb_change *list)
{
    for (size_t at = 0; at < notes->size; list++) {
        const uint8_t *note = notes->data + at;
        list->table = ayni_get_u32(note);
        list->key = (struct ayni_bytes){ note + HEADER_SIZE, ayni_get_u16(note + 4) };
        at += HEADER_SIZE + list->key.size;
    }
}

static size_t drop_doubles(struct lmdb_change *list, size_t count)
{
    size_t left = 0;

    for (size_t i = 0; i < count; i++)
        if (left == 0 || by_place(&list[left - 1], &list[i]) != 0)
            list[left++] = list[i];
    return left;
}

enum ayni_status lmdb_changes_take(struct lmdb_changes *changes, struct ayni_buffer *notes,
                                   struct lmdb_change **list, size_t *count)
{
    pthread_mutex_lock(&changes->mutex);
    bool lost = changes->lost;
    struct ayni_buffer taken = changes->notes;
    changes->notes = (struct ayni_buffer){ 0 };
    pthread_mutex_unlock(&changes->mutex);

    enum ayni_status status = lost ? AYNI_E_CHANGED : ayni_buffer_status(&taken);
    size_t all = status == AYNI_OK ? count_notes(&taken) : 0;
    struct lmdb_change *made = status == AYNI_OK ? calloc(all + 1, sizeof(*made)) : NULL;
    if (made == NULL) {
        ayni_buffer_free(&taken);
        return status == AYNI_OK ? AYNI_E_MEMORY : status;
    }
    read_notes(&taken, made);
    qsort(made, all, sizeof(*made), by_place);
    *notes = taken;
    *list = made;
    *count = drop_doubles(made, all);
    return AYNI_OK;
}
