#include "daemon/records/links/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/links/link_component.h"
#include "daemon/records/walk.h"

enum { SLICE = 1000 }; /* children looked at under one snapshot */

void duplicates_free(struct duplicates *duplicates)
{
    free(duplicates->list);
    *duplicates = (struct duplicates){ 0 };
}

/* --- the list --- */

static int by_pair(const void *left, const void *right)
{
    const struct duplicate *one = left, *other = right;
    int order = ayni_id_compare(&one->a, &other->a);

    return order != 0 ? order : ayni_id_compare(&one->b, &other->b);
}

static int by_score(const void *left, const void *right)
{
    const struct duplicate *one = left, *other = right;

    return one->match.score != other->match.score ? other->match.score - one->match.score
                                                  : by_pair(left, right);
}

/* Each pair once: most were found from both sides. */
static void unite(struct duplicates *duplicates)
{
    size_t count = 0;

    if (duplicates->count > 0)
        qsort(duplicates->list, duplicates->count, sizeof(*duplicates->list), by_pair);
    for (size_t i = 0; i < duplicates->count; i++) {
        struct duplicate *last = count == 0 ? NULL : &duplicates->list[count - 1];
        if (last != NULL && by_pair(last, &duplicates->list[i]) == 0)
            last->crowded = last->crowded || duplicates->list[i].crowded;
        else
            duplicates->list[count++] = duplicates->list[i];
    }
    if (count > 0)
        qsort(duplicates->list, count, sizeof(*duplicates->list), by_score);
    duplicates->more = duplicates->more || count > DUPLICATES_MAX;
    duplicates->count = count < DUPLICATES_MAX ? count : DUPLICATES_MAX;
}

/* For all pairs of one child. */
static enum ayni_status make_room(struct duplicates *duplicates)
{
    size_t wider = duplicates->capacity == 0 ? 4096 : 2 * duplicates->capacity;
    struct duplicate *grown;

    if (duplicates->capacity - duplicates->count >= LIKENESS_FOUND_MAX)
        return AYNI_OK;
    if (duplicates->capacity >= 2 * DUPLICATES_MAX) {
        unite(duplicates);
        return AYNI_OK;
    }
    grown = reallocarray(duplicates->list, wider, sizeof(*grown));
    if (grown == NULL)
        return AYNI_E_MEMORY;
    duplicates->list = grown;
    duplicates->capacity = wider;
    return AYNI_OK;
}

/* --- the children --- */

/* Where the search is. */
struct looking {
    const struct duplicates_scope *scope;
    struct duplicates *found;
    struct record_key last;
    bool started, done;
    uint64_t children;
    /* Of the child that is looked at: */
    const struct likeness_known *child;
    struct reader *reader;
    enum ayni_status status;
};

static bool is_in(const struct duplicates_scope *scope, const struct likeness_face *face)
{
    if (scope->space != NULL && !ayni_id_equal(scope->space, &face->space))
        return false;
    for (size_t i = 0; i < face->districts.count; i++)
        if (likeness_code_begins(face->districts.values[i], scope->territory))
            return true;
    return scope->territory == NULL;
}

static bool is_asked(const struct duplicates_scope *scope, const struct likeness_child *child)
{
    for (size_t i = 0; i < child->face_count; i++)
        if (is_in(scope, &child->faces[i]))
            return true;
    return false;
}

enum ayni_status duplicates_decided(struct reader *reader, const struct ayni_record *a,
                                    const struct ayni_record *b, bool *decided)
{
    struct link link;
    struct link_component component;
    enum ayni_status status = links_verdict(reader, a, b, &link);

    *decided = status == AYNI_OK && link.verdict != LINK_UNDECIDED;
    if (*decided || (status != AYNI_OK && status != AYNI_E_NOT_FOUND))
        return status;
    status = links_component(reader, a, &component);
    if (status == AYNI_OK)
        *decided = link_component_has(&component, b);
    return status;
}

static void note(void *context, const struct likeness_known *other,
                 const struct likeness_match *match)
{
    struct looking *looking = context;
    const struct duplicates_scope *scope = looking->scope;
    bool decided = true;
    const struct ayni_record *a = &looking->child->child.record, *b = &other->child.record;
    bool ordered = ayni_id_compare(a, b) < 0;

    if (match->score < scope->score_min ||
        (scope->keys != 0 && (match->reasons & scope->keys) == 0))
        return;
    if (looking->status == AYNI_OK)
        looking->status = duplicates_decided(looking->reader, a, b, &decided);
    if (decided)
        return;
    looking->found->list[looking->found->count++] =
        (struct duplicate){ .a = ordered ? *a : *b, .b = ordered ? *b : *a, .match = *match };
}

/* A child that is in several spaces comes once, in the first of them. */
static enum ayni_status look_at(struct looking *looking, struct reader *reader,
                                struct likeness_search *search, const struct record_key *key)
{
    SCOPED_LIKENESS known = { 0 };
    struct duplicates *found = looking->found;
    struct record_key first;
    size_t count = 0, before;
    bool crowded = false;
    enum ayni_status status =
        reader_find(reader, &key->record, LIKENESS_TYPE_CHILD, NULL, &first, 1, &count);

    if (status != AYNI_OK || count == 0 || !ayni_id_equal(&first.space, &key->space))
        return status;
    status = likeness_read(reader, &key->record, &known);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (!is_asked(looking->scope, &known.child))
        return AYNI_OK;
    status = make_room(found);
    before = found->count;
    looking->child = &known;
    looking->reader = reader;
    if (status == AYNI_OK)
        status = likeness_find(search, &known, note, looking, &crowded);
    looking->child = NULL; /* both end here */
    looking->reader = NULL;
    for (size_t i = before; crowded && i < found->count; i++)
        found->list[i].crowded = true;
    return status == AYNI_OK ? looking->status : status;
}

static enum ayni_status look_at_slice(struct looking *looking, const struct records *records)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIKENESS_SEARCH *search = NULL;
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = likeness_search_new(reader, &likeness_of_all, &search);
    if (status != AYNI_OK)
        return status;
    walk_type(reader, NULL, LIKENESS_TYPE_CHILD, &walk);
    if (looking->started)
        walk_after(&walk, &looking->last);
    looking->started = true;
    for (size_t i = 0; status == AYNI_OK && i < SLICE; i++) {
        looking->done = !walk_next(&walk, &looking->last);
        if (looking->done)
            return walk.status;
        status = look_at(looking, reader, search, &looking->last);
        looking->children++;
    }
    return status;
}

static enum ayni_status count_children(const struct records *records, uint64_t *count)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(records, &reader);

    return status == AYNI_OK ? reader_count(reader, NULL, LIKENESS_TYPE_CHILD, count) : status;
}

enum ayni_status duplicates_find(const struct records *records,
                                 const struct duplicates_scope *scope,
                                 const struct duplicates_listener *listener,
                                 struct duplicates *duplicates)
{
    struct duplicates found = { 0 };
    struct looking looking = { .scope = scope, .found = &found };
    uint64_t total = 0;
    enum ayni_status status = count_children(records, &total);

    while (status == AYNI_OK && !looking.done) {
        status = look_at_slice(&looking, records);
        if (status == AYNI_OK && !listener->went_on(listener->context, looking.children, total))
            status = AYNI_E_STOPPED;
    }
    if (status != AYNI_OK) {
        duplicates_free(&found);
        return status;
    }
    unite(&found);
    *duplicates = found;
    return AYNI_OK;
}
