#include "daemon/records/doubts.h"

#include "daemon/records/checker.h"
#include "daemon/records/records.h"
#include "daemon/records/walk.h"
#include "proto/value_check.h"

/* Records looked at under one reader. */
enum { PAGE_RECORDS = 1024 };

struct page {
    struct doubts *doubts;
    struct reader *reader;
    struct checker *checker;
    doubt_visit *visit;
    void *context;
    size_t left; /* records; 0 also once the visitor has had enough */
};

/* A value that its field doesn't take is listed where it came; what was written into a field before
 * it went out of use is right. */
static bool is_doubt(const struct ayni_catalogue_type *type, const struct record_state *state,
                     const struct check_finding *finding)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(type, finding->field);
    struct ayni_reason reason;

    if (finding->message_en != NULL)
        return true;
    return finding->level == AYNI_LEVEL_REJECT && field != NULL &&
           ayni_value_check(field, record_state_value(state, field->number), &reason) == AYNI_OK;
}

static void tell(struct page *page, const struct ayni_catalogue_type *type,
                 const struct record_state *state, const struct check_findings *findings)
{
    bool more = true;

    for (size_t i = 0; i < findings->count; i++) {
        struct doubt doubt = { .state = state, .finding = &findings->items[i] };
        if (is_doubt(type, state, doubt.finding))
            more = page->visit(page->context, page->reader, &doubt) && more;
    }
    if (!more)
        page->left = 0;
}

static enum ayni_status look_at(struct page *page, const struct ayni_catalogue_type *type,
                                const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    SCOPED_ARENA memory = { 0 };
    struct check_findings findings;
    struct check_change change = { .type = type, .asks_all = true };
    enum ayni_status status = reader_fold(page->reader, key, &state);

    if (status == AYNI_E_NOT_FOUND || (status == AYNI_OK && record_state_gone(&state)))
        return AYNI_OK;
    if (status != AYNI_OK)
        return status;
    change.changes = record_state_shown(&state, &memory, &change.change_count);
    if (change.changes == NULL)
        return AYNI_E_MEMORY;
    status = checker_run(page->checker, key, &change, &findings);
    if (status == AYNI_OK)
        tell(page, type, &state, &findings);
    return status;
}

/* The records of one type, from where the search is. */
static enum ayni_status look_at_type(struct page *page, const struct ayni_catalogue_type *type)
{
    SCOPED_WALK walk = { 0 };
    struct doubts *doubts = page->doubts;
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_type(page->reader, doubts->space, type->number, &walk);
    if (doubts->started)
        walk_after(&walk, &doubts->last);
    while (status == AYNI_OK && page->left > 0) {
        if (!walk_next(&walk, &key)) {
            doubts->at = type->number + 1;
            doubts->started = false;
            return walk.status;
        }
        page->left--;
        doubts->looked_at++;
        doubts->last = key;
        doubts->started = true;
        status = look_at(page, type, &key);
    }
    return status;
}

/* The catalogue may have changed between pages: types are found by number. */
static const struct ayni_catalogue_type *next_type(const struct ayni_catalogue *catalogue,
                                                   const struct doubts *doubts)
{
    for (size_t i = 0; i < catalogue->type_count; i++) {
        const struct ayni_catalogue_type *type = &catalogue->types[i];
        if (type->number >= doubts->at && (doubts->type == 0 || doubts->type == type->number))
            return type;
    }
    return NULL;
}

enum ayni_status doubts_page(const struct records *records, struct doubts *doubts,
                             doubt_visit *visit, void *context)
{
    SCOPED_READER *reader = NULL;
    SCOPED_CHECKER *checker = NULL;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = checker_new(records, reader, &checker);
    struct page page = { doubts, reader, checker, visit, context, PAGE_RECORDS };
    while (status == AYNI_OK && page.left > 0 && !doubts->done) {
        const struct ayni_catalogue_type *type =
            next_type(reader_charter(reader)->catalogue, doubts);
        if (type == NULL)
            doubts->done = true;
        else
            status = look_at_type(&page, type);
    }
    return status;
}
