#include <assert.h>
#include <stdlib.h>

#include "daemon/records/occasion_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ITEMS_MAX = 4096 };

/* Whatever the disk has made of a piece ends; what is read of one is written and read as the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct occasion_item items[ITEMS_MAX];
    uint8_t key[OCCASION_KEY_SIZE] = { 0 };
    SCOPED_BUFFER again = { 0 };
    size_t count = 0;

    struct occasion_list list = occasion_list(key, (struct ayni_bytes){ data, size });
    while (occasion_list_next(&list) && count < ITEMS_MAX)
        items[count++] = list.item;
    if (list.damaged || count == 0)
        return 0;
    size_t written = occasion_list_encode(items, count, &again);
    assert(written > 0 && written <= count && again.size <= OCCASION_LIST_SIZE_MAX);
    list = occasion_list(key, ayni_buffer_bytes(&again));
    for (size_t i = 0; i < written; i++) {
        bool more = occasion_list_next(&list);
        assert(more && list.item.day == items[i].day);
        assert(list.item.ref.feed == items[i].ref.feed && list.item.ref.seq == items[i].ref.seq);
    }
    assert(!occasion_list_next(&list) && !list.damaged);
    return 0;
}
