#include "tests/support/sim_queue.h"

#include <stdlib.h>

static bool is_before(const struct sim_place *a, const struct sim_place *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void sim_queue_put(struct sim_queue *queue, const struct sim_event *event)
{
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity == 0 ? 256 : 2 * queue->capacity;
        queue->places = realloc(queue->places, queue->capacity * sizeof(*queue->places));
    }
    struct sim_place place = { event->at, ++queue->order, malloc(sizeof(*event)) };
    if (queue->places == NULL || place.event == NULL)
        abort();
    *place.event = *event;
    size_t at = queue->count++;
    for (; at > 0 && is_before(&place, &queue->places[(at - 1) / 2]); at = (at - 1) / 2)
        queue->places[at] = queue->places[(at - 1) / 2];
    queue->places[at] = place;
}

uint64_t sim_queue_next_at(const struct sim_queue *queue)
{
    return queue->count == 0 ? UINT64_MAX : queue->places[0].at;
}

bool sim_queue_take(struct sim_queue *queue, struct sim_event *event)
{
    if (queue->count == 0)
        return false;
    *event = *queue->places[0].event;
    free(queue->places[0].event);
    struct sim_place last = queue->places[--queue->count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < queue->count; at = child) {
        if (child + 1 < queue->count && is_before(&queue->places[child + 1], &queue->places[child]))
            child++;
        if (!is_before(&queue->places[child], &last))
            break;
        queue->places[at] = queue->places[child];
    }
    queue->places[at] = last;
    return true;
}

void sim_queue_free(struct sim_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        ayni_buffer_free(&queue->places[i].event->bytes);
        free(queue->places[i].event);
    }
    free(queue->places);
    *queue = (struct sim_queue){ 0 };
}
