#include "daemon/control/problem_filter.h"

#include <string.h>

#include "daemon/control/named_item.h"
#include "daemon/control/view_arguments.h"
#include "daemon/records/locate.h"
#include "daemon/records/problem.h"
#include "proto/nearest.h"

/* --- arguments --- */

/* Reasons that are no kind of daemon/records/problem.h and no rule of the catalogue; of values
 * those of proto/value_check.h. docs/catalogue.md has what they mean. */
static const char *const other_reasons[] = {
    "forked",       "began_anew",       "runs_twice",
    "many_feeds",   "no_key",           "outlier",
    "discrepancy",  "unknown_district", "stricter_than_space",
    "wrong_kind",   "too_long",         "too_many",
    "empty_text",   "empty_set",        "bad_text",
    "bad_document", "bad_ubigeo",       "unknown_code",
    "bad_form",     "out_of_range",     "too_many_feeds",
};

/* Whether it is one of them; all names are offered for "did you mean". */
static bool is_reason(const char *word, const struct ayni_catalogue *catalogue,
                      struct ayni_nearest *nearest)
{
    bool known = false;

    for (size_t i = 0; i < sizeof(other_reasons) / sizeof(other_reasons[0]); i++) {
        ayni_nearest_offer(nearest, other_reasons[i]);
        known = known || strcmp(word, other_reasons[i]) == 0;
    }
    for (enum problem_kind kind = PROBLEM_MALFORMED; kind <= PROBLEM_KIND_LAST; kind++) {
        ayni_nearest_offer(nearest, problem_kind_name(kind));
        known = known || strcmp(word, problem_kind_name(kind)) == 0;
    }
    for (size_t i = 0; i < catalogue->type_count; i++)
        for (size_t j = 0; j < catalogue->types[i].rule_count; j++) {
            ayni_nearest_offer(nearest, catalogue->types[i].rules[j].name);
            known = known || strcmp(word, catalogue->types[i].rules[j].name) == 0;
        }
    return known;
}

static enum ayni_status read_kind(struct control_call *call, const struct charter *charter,
                                  const char **kind)
{
    enum ayni_status status = call_text_or(call, "kind", NULL, kind);

    if (status != AYNI_OK || *kind == NULL)
        return status;
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(*kind));
    if (is_reason(*kind, charter->catalogue, &nearest))
        return AYNI_OK;
    if (nearest.best != NULL)
        call_hint(call, N_("did you mean {}?"), nearest.best, NULL);
    return call_fail(call, AYNI_E_USAGE, N_("there is no problem called {}"), *kind, NULL);
}

enum ayni_status problem_filter_read(struct control_call *call, const struct charter *charter,
                                     struct problem_filter *filter)
{
    enum ayni_status status;

    *filter = (struct problem_filter){ .kind = NULL };
    status = scope_read(call, charter, &filter->scope);
    if (status == AYNI_OK)
        status = scope_node(call, charter, &filter->has_node, &filter->node);
    if (status == AYNI_OK)
        status = read_kind(call, charter, &filter->kind);
    if (status == AYNI_OK)
        status = view_arguments_territory(call, &filter->territory);
    return status == AYNI_OK ? call_flag(call, "summary", &filter->counts) : status;
}

void problem_filter_free(struct problem_filter *filter)
{
    tally_free(&filter->tally);
}

/* --- what is found --- */

bool problem_filter_takes_nodes(const struct problem_filter *filter)
{
    return filter->scope.type == 0 && filter->territory[0] == '\0';
}

bool problem_filter_needs_place(const struct problem_filter *filter)
{
    return filter->counts || filter->territory[0] != '\0';
}

/* A key of the counts: reason, space, node, place; each of its size, zeros behind. Of reasons that
 * are longer the beginning counts. */
enum {
    REASON_SIZE = 40,
    SPACE_AT = REASON_SIZE,
    NODE_AT = SPACE_AT + 16,
    PLACE_AT = NODE_AT + 32,
    COUNT_KEY_END = PLACE_AT + LOCATE_CODE_SIZE,
};
_Static_assert((int)COUNT_KEY_END <= (int)TALLY_KEY_SIZE_MAX, "the key fits");

static void count(struct problem_filter *filter, const struct problem_found *found)
{
    static const struct counts one = { .numerator = 1 };
    uint8_t key[COUNT_KEY_END] = { 0 };

    memcpy(key, found->reason, strnlen(found->reason, REASON_SIZE - 1));
    memcpy(key + SPACE_AT, found->space->bytes, sizeof(found->space->bytes));
    if (found->node != NULL)
        memcpy(key + NODE_AT, found->node->bytes, sizeof(found->node->bytes));
    memcpy(key + PLACE_AT, found->place, strnlen(found->place, LOCATE_CODE_SIZE - 1));
    tally_add(&filter->tally, (struct ayni_bytes){ key, sizeof(key) }, &one, 1);
}

bool problem_filter_lists(struct problem_filter *filter, const struct problem_found *found)
{
    if ((filter->kind != NULL && strcmp(filter->kind, found->reason) != 0) ||
        (filter->has_node && (found->node == NULL || !ayni_id_equal(found->node, &filter->node))) ||
        !locate_within(found->place, filter->territory))
        return false;
    if (filter->counts)
        count(filter, found);
    return !filter->counts;
}

static void put_count(struct ayni_control_writer *item, const struct charter *charter,
                      const struct tally_cell *cell)
{
    static const struct ayni_node nobody;
    struct ayni_space space;
    struct ayni_node node;

    memcpy(space.bytes, cell->key + SPACE_AT, sizeof(space.bytes));
    memcpy(node.bytes, cell->key + NODE_AT, sizeof(node.bytes));
    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "reason", (const char *)cell->key);
    named_item_space(item, charter, &space);
    if (ayni_id_equal(&node, &nobody))
        ayni_control_put_null(item, "node");
    else
        ayni_control_put_node(item, "node", &node);
    if (cell->key[PLACE_AT] == '\0')
        ayni_control_put_null(item, "territory");
    else
        ayni_control_put_text(item, "territory", (const char *)cell->key + PLACE_AT);
    ayni_control_put_int(item, "problems", cell->counts.numerator);
    ayni_control_close(item);
}

enum ayni_status problem_filter_put(struct problem_filter *filter, const struct charter *charter,
                                    struct outbox *outbox)
{
    enum ayni_status status = tally_sort(&filter->tally);

    for (size_t i = 0; status == AYNI_OK && i < filter->tally.count; i++) {
        put_count(outbox_begin(outbox), charter, &filter->tally.cells[i]);
        outbox_end(outbox);
    }
    return status;
}
