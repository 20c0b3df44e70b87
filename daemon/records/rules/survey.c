#include "daemon/records/rules/survey.h"

#include "daemon/records/records.h"
#include "daemon/records/walk.h"

/* Records looked at under one reader. */
enum { PAGE_RECORDS = 1024 };

struct page {
    struct survey *survey;
    struct reader *reader;
    struct checker *checker;
    survey_visit *visit;
    void *context;
    size_t left; /* records; 0 also once the visitor has had enough */
};

static enum ayni_status look_at(struct page *page, const struct ayni_catalogue_type *type,
                                const struct record_key *key, struct ayni_bytes refs)
{
    SCOPED_STATE state = { 0 };
    const struct surveyed record = { page->reader, page->checker, type, &state };
    bool enough = false;
    enum ayni_status status = reader_fold_refs(page->reader, key, refs, &state);

    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status == AYNI_OK)
        status = page->visit(page->context, &record, &enough);
    if (enough)
        page->left = 0;
    return status;
}

/* The records of one type, from where the survey is. */
static enum ayni_status look_at_type(struct page *page, const struct ayni_catalogue_type *type)
{
    SCOPED_WALK walk = { 0 };
    struct survey *survey = page->survey;
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_type(page->reader, survey->space, type->number, &walk);
    if (survey->started)
        walk_after(&walk, &survey->last);
    while (status == AYNI_OK && page->left > 0) {
        if (!walk_next(&walk, &key)) {
            survey->at = type->number + 1;
            survey->started = false;
            return walk.status;
        }
        page->left--;
        survey->looked_at++;
        survey->last = key;
        survey->started = true;
        status = look_at(page, type, &key, walk.value);
    }
    return status;
}

static bool is_asked_for(const struct survey *survey, const struct ayni_catalogue_type *type)
{
    return (survey->type == 0 || survey->type == type->number) &&
           (survey->takes == NULL || survey->takes(type));
}

/* The catalogue may have changed between pages: types are found by number. */
static const struct ayni_catalogue_type *next_type(const struct ayni_catalogue *catalogue,
                                                   const struct survey *survey)
{
    for (size_t i = 0; i < catalogue->type_count; i++) {
        const struct ayni_catalogue_type *type = &catalogue->types[i];
        if (type->number >= survey->at && is_asked_for(survey, type))
            return type;
    }
    return NULL;
}

enum ayni_status survey_page(const struct records *records, struct survey *survey, bool with_checks,
                             survey_visit *visit, void *context)
{
    SCOPED_READER *reader = NULL;
    SCOPED_CHECKER *checker = NULL;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK && with_checks)
        status = checker_new(records, reader, &checker);
    struct page page = { survey, reader, checker, visit, context, PAGE_RECORDS };
    while (status == AYNI_OK && page.left > 0 && !survey->done) {
        const struct ayni_catalogue_type *type =
            next_type(reader_charter(reader)->catalogue, survey);
        if (type == NULL)
            survey->done = true;
        else
            status = look_at_type(&page, type);
    }
    return status;
}

enum ayni_status survey_total(const struct records *records, const struct survey *survey,
                              uint64_t *total)
{
    SCOPED_READER *reader = NULL;
    const struct record_places *places = NULL;
    uint64_t sum = 0, count;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = reader_places(reader, &places);
    for (size_t i = 0; status == AYNI_OK && i < places->count; i++) {
        const struct record_place *place = &places->items[i];
        const struct ayni_catalogue_type *type =
            ayni_catalogue_type(reader_charter(reader)->catalogue, place->type);
        if (type == NULL || !is_asked_for(survey, type) ||
            (survey->space != NULL && !ayni_id_equal(survey->space, &place->space)))
            continue;
        status = reader_count(reader, &place->space, place->type, &count);
        sum += status == AYNI_OK ? count : 0;
    }
    if (status == AYNI_OK)
        *total = sum;
    return status;
}
