#include "daemon/view/approval_acts.h"

#include <stdlib.h>

#include "daemon/records/walk.h"

void approval_acts_free(struct approval_acts *acts)
{
    free(acts->list);
    free(acts->places);
    *acts = (struct approval_acts){ 0 };
}

/* What is being read, until it is whole. */
struct gathering {
    month_no month;
    struct ayni_buffer list, places;
};

static void gathering_done(struct gathering *gathering)
{
    ayni_buffer_free(&gathering->list);
    ayni_buffer_free(&gathering->places);
}

static enum ayni_status gather_act(struct reader *reader, const struct record_state *state,
                                   struct gathering *gathering)
{
    SCOPED_ARENA memory = { 0 };
    struct ayni_listed listed = { .id = state->key.record };
    struct ayni_shown shown;
    struct act act;
    enum ayni_status status = act_of_state(reader, state, &act);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (act.scope.month != gathering->month || act.scope.place[0] == '\0' || !act_is_closed(&act))
        return AYNI_OK;
    shown.fields = record_state_shown(state, &memory, &shown.count);
    status = ayni_arena_status(&memory);
    if (status == AYNI_OK)
        status = ayni_listed_digest(ACT_TYPE, &shown, 1, listed.digest);
    ayni_buffer_append(&gathering->list, &listed, sizeof(listed));
    ayni_buffer_append(&gathering->places, act.scope.place, sizeof(act.scope.place));
    return status;
}

static enum ayni_status gather(struct reader *reader, const struct ayni_space *space,
                               struct gathering *gathering)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    walk_type(reader, space, ACT_TYPE, &walk);
    while (walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        enum ayni_status status = reader_fold_refs(reader, &key, walk.value, &state);
        if (status == AYNI_OK)
            status = gather_act(reader, &state, gathering);
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
    }
    if (walk.status != AYNI_OK)
        return walk.status;
    enum ayni_status status = ayni_buffer_status(&gathering->list);
    return status == AYNI_OK ? ayni_buffer_status(&gathering->places) : status;
}

enum ayni_status approval_acts_read(struct reader *reader, const struct ayni_space *space,
                                    month_no month, struct approval_acts *acts)
{
    __attribute__((cleanup(gathering_done))) struct gathering gathering = { .month = month };

    if (acts->known && acts->month == month && ayni_id_equal(&acts->space, space))
        return AYNI_OK;
    enum ayni_status status = gather(reader, space, &gathering);
    if (status != AYNI_OK)
        return status;
    approval_acts_free(acts);
    *acts = (struct approval_acts){
        .known = true,
        .space = *space,
        .month = month,
        .list = (struct ayni_listed *)gathering.list.data,
        .places = (char(*)[CONTRIBUTION_PLACE_SIZE])gathering.places.data,
        .count = gathering.list.size / sizeof(struct ayni_listed),
    };
    gathering.list = gathering.places = (struct ayni_buffer){ 0 };
    return AYNI_OK;
}

enum ayni_status approval_acts_content(const struct approval_acts *acts, const char *territory,
                                       struct ayni_hash *content, size_t *count)
{
    SCOPED_BUFFER list = { 0 };

    for (size_t i = 0; i < acts->count; i++)
        if (strncmp(acts->places[i], territory, strlen(territory)) == 0)
            ayni_buffer_append(&list, &acts->list[i], sizeof(acts->list[i]));
    if (ayni_buffer_status(&list) != AYNI_OK)
        return ayni_buffer_status(&list);
    *count = list.size / sizeof(acts->list[0]);
    return ayni_list_root("acts", territory, month_first_day(acts->month),
                          (const struct ayni_listed *)list.data, *count, content);
}
