#include "tests/support/sim_queue.h"

#include <stdlib.h>

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct sim_event *a, struct sim_event *b)
{
    struct sim_event kept = *a;

    *a = *b;
    *b = kept;
}

void sim_queue_put(struct sim_queue *queue, const struct sim_event *event)
{
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity == 0 ? 256 : 2 * queue->capacity;
        queue->events = realloc(queue->events, queue->capacity * sizeof(*queue->events));
        if (queue->events == NULL)
            abort();
    }
    size_t at = queue->count++;
    queue->events[at] = *event;
    queue->events[at].order = ++queue->order;
    for (; at > 0 && is_before(&queue->events[at], &queue->events[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&queue->events[at], &queue->events[(at - 1) / 2]);
}

bool sim_queue_take(struct sim_queue *queue, struct sim_event *event)
{
    if (queue->count == 0)
        return false;
    *event = queue->events[0];
    queue->events[0] = queue->events[--queue->count];
    for (size_t at = 0, child; (child = 2 * at + 1) < queue->count; at = child) {
        if (child + 1 < queue->count && is_before(&queue->events[child + 1], &queue->events[child]))
            child++;
        if (!is_before(&queue->events[child], &queue->events[at]))
            break;
        swap(&queue->events[child], &queue->events[at]);
    }
    return true;
}

void sim_queue_free(struct sim_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        ayni_buffer_free(&queue->events[i].bytes);
    free(queue->events);
    *queue = (struct sim_queue){ 0 };
}
