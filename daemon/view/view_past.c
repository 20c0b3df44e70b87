#include "daemon/view/view_past.h"

#include "daemon/records/links/link_component.h"
#include "daemon/records/walk.h"

/* Subjects computed under one reader. */
enum { PAGE_SUBJECTS = 512 };

struct page {
    struct reader *reader;
    const struct plan *plan;
    const struct view_request *request;
    struct view_past *past;
    view_visit *visit;
    void *context;
    size_t left;
    struct subject_result subject; /* its memory is used again */
};

/* Whether it is found at `key` first: of several who are one the lowest id, of several spaces that
 * hold it the first. */
static enum ayni_status is_first(struct page *page, const struct record_key *key,
                                 const struct link_component *component, bool *first)
{
    enum ayni_status status = AYNI_OK;
    struct record_key found;
    size_t count = 0;

    for (size_t i = 0; status == AYNI_OK && i < component->count && count == 0; i++)
        status =
            reader_find(page->reader, &component->members[i], key->type, NULL, &found, 1, &count);
    *first = count > 0 && record_key_compare(&found, key) == 0;
    return status;
}

static enum ayni_status look_at(struct page *page, const struct record_key *key)
{
    struct link_component component;
    bool first = false;
    enum ayni_status status = links_component(page->reader, &key->record, &component);

    if (status == AYNI_OK)
        status = is_first(page, key, &component, &first);
    if (status != AYNI_OK || !first)
        return status;
    status = subject_compute(page->reader, page->plan, key->type, &component.child, &page->subject);
    if (status == AYNI_OK &&
        !view_visit_subject(page->plan, page->request, &component.child, key->type, &page->subject,
                            page->visit, page->context))
        page->left = 0;
    return status;
}

static enum ayni_status look_at_type(struct page *page, uint32_t type)
{
    SCOPED_WALK walk = { 0 };
    struct view_past *past = page->past;
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_type(page->reader, NULL, type, &walk);
    if (past->started)
        walk_after(&walk, &past->last);
    while (status == AYNI_OK && page->left > 0) {
        if (!walk_next(&walk, &key)) {
            past->at = type + 1;
            past->started = false;
            return walk.status;
        }
        page->left--;
        past->looked_at++;
        past->last = key;
        past->started = true;
        status = look_at(page, &key);
    }
    return status;
}

/* The lowest type of subjects from there on; false after the last. */
static bool next_type(const struct plan *plan, uint32_t from, uint32_t *type)
{
    bool found = false;

    for (size_t i = 0; i < plan->count; i++) {
        uint32_t subject = plan->indicators[i].subject;
        if (subject < from || (found && subject >= *type))
            continue;
        *type = subject;
        found = true;
    }
    return found;
}

enum ayni_status view_past_page(struct reader *reader, const struct plan *plan,
                                const struct view_request *request, struct view_past *past,
                                view_visit *visit, void *context)
{
    struct page page = {
        reader, plan, request, past, visit, context, PAGE_SUBJECTS, { .count = 0 }
    };
    enum ayni_status status = AYNI_OK;
    uint32_t type = 0;

    while (status == AYNI_OK && page.left > 0 && !past->done) {
        if (next_type(plan, past->at, &type))
            status = look_at_type(&page, type);
        else
            past->done = true;
    }
    subject_result_free(&page.subject);
    return status;
}
