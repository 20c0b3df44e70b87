#include <stdlib.h>

#include "daemon/records/govern.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "daemon/records/writing/assign.h"
#include "daemon/records/writing/attempts.h"
#include "daemon/records/writing/decision.h"
#include "daemon/records/writing/lane.h"
#include "daemon/records/writing/settle_private.h"

static void settling_done(struct settling *settling)
{
    record_state_free(&settling->state);
    reader_end(settling->reader);
    settling->reader = NULL;
    for (size_t i = 0; i < settling->field_count; i++)
        ayni_buffer_free(&settling->values[i]);
    for (size_t i = 0; settling->decisions != NULL && i < settling->field_count; i++)
        decision_free(&settling->decisions[i]);
    free(settling->decisions);
    free(settling->changes);
}

static enum ayni_status begin(struct settling *settling)
{
    const struct settle_request *request = settling->request;
    enum ayni_status status = reader_begin(settling->records, &settling->reader);

    if (status == AYNI_OK)
        status = names_place(settling->reader, request->id, request->space, &settling->key,
                             settling->complaint);
    if (status == AYNI_OK)
        status = govern_check(reader_charter(settling->reader), &settling->key.space,
                              request->by_admin, settling->complaint);
    if (status != AYNI_OK)
        return status;
    settling->type =
        ayni_catalogue_type(reader_charter(settling->reader)->catalogue, settling->key.type);
    settling->result->key = settling->key;
    status = reader_fold(settling->reader, &settling->key, &settling->state);
    settling->total = settling->state.total;
    return status;
}

static enum ayni_status make_room(struct settling *settling)
{
    settling->changes = calloc(1 + settling->field_count, sizeof(*settling->changes));
    settling->decisions = calloc(1 + settling->field_count, sizeof(*settling->decisions));
    return settling->changes == NULL || settling->decisions == NULL ? AYNI_E_MEMORY : AYNI_OK;
}

/* Behind the settlement, one for each field. */
static enum ayni_status add_decisions(struct settling *settling)
{
    const struct settle_request *request = settling->request;
    const struct decision_wish wish = { request->evidence, request->reason };
    enum ayni_status status = AYNI_OK;

    settling->lane = DECISION_LANE;
    for (size_t i = 0; status == AYNI_OK && i < settling->field_count; i++) {
        status = decision_make(settling->reader, &wish, &settling->key, settling->fields[i].number,
                               &settling->decisions[i], settling->complaint);
        settling->changes[settling->change_count++] =
            decision_change(&settling->decisions[i], &settling->key, request->steward);
    }
    return status;
}

enum ayni_status settle_write(struct settling *settling, uint64_t act)
{
    const struct settle_request *request = settling->request;
    enum ayni_status status = make_room(settling);

    if (status != AYNI_OK)
        return status;
    settling->changes[0] = (struct author_change){
        .space = settling->key.space,
        .record = settling->key.record,
        .type = settling->key.type,
        .fields = settling->fields,
        .field_count = settling->field_count,
        .steward = ayni_bytes_of_text(request->steward),
        .reason = ayni_bytes_of_text(request->reason == NULL ? "" : request->reason),
        .act = act,
        .withdraws = act == AYNI_ACT_WITHDRAWAL ? &settling->withdraws : NULL,
        .expects = true,
        .expected = settling->total,
    };
    settling->change_count = 1;
    settling->lane = lane_of_type(settling->key.type);
    if (act == AYNI_ACT_RESOLUTION && request->evidence != NULL)
        status = add_decisions(settling);
    if (status != AYNI_OK)
        return status;
    record_state_free(&settling->state);
    reader_end(settling->reader);
    settling->reader = NULL; /* nobody waits for a write while she reads */
    status = author_write(settling->records->author, settling->changes, settling->change_count,
                          settling->lane, NULL);
    if (status == AYNI_E_RIGHT)
        return space_access_explain(settling->records->standing, &settling->key.space,
                                    settling->complaint);
    return status;
}

struct asked {
    enum ayni_status (*act)(struct settling *settling);
    struct records *records;
    const struct settle_request *request;
    struct edit_result *result;
    struct complaint *complaint;
};

static enum ayni_status attempt_one(void *context)
{
    const struct asked *asked = context;
    struct settling *settling = malloc(sizeof(*settling));

    if (settling == NULL)
        return AYNI_E_MEMORY;
    *asked->result = (struct edit_result){ 0 };
    *settling = (struct settling){ .records = asked->records,
                                   .request = asked->request,
                                   .result = asked->result,
                                   .complaint = asked->complaint };
    enum ayni_status status = begin(settling);
    if (status == AYNI_OK)
        status = asked->act(settling);
    settling_done(settling);
    free(settling);
    return status;
}

enum ayni_status settle_attempt(enum ayni_status (*act)(struct settling *settling),
                                struct records *records, const struct settle_request *request,
                                struct edit_result *result, struct complaint *complaint)
{
    struct asked asked = { act, records, request, result, complaint };

    return attempts(records, attempt_one, &asked, complaint);
}
