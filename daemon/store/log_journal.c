#include "daemon/store/log_private.h"

uint64_t log_last_arrival(struct log_snapshot *snapshot)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    struct log_arrival arrival;
    MDB_val key = { 0 };
    MDB_val value = { 0 };
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->journal, &cursor);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
    if (rc != MDB_SUCCESS || log_arrival_decode(key, value, &arrival) != AYNI_OK)
        return 0;
    return arrival.no;
}

enum ayni_status log_each_arrival(struct log_snapshot *snapshot, uint64_t from,
                                  bool (*visit)(void *context, const struct log_arrival *arrival),
                                  void *context)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    uint8_t number[LOG_ARRIVAL_KEY_SIZE];
    struct log_arrival arrival;
    MDB_val key = { sizeof(number), number };
    MDB_val value;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->journal, &cursor);

    log_arrival_key(from, number);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        enum ayni_status status = log_arrival_decode(key, value, &arrival);
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &arrival))
            return AYNI_OK;
    }
    return rc == MDB_NOTFOUND ? AYNI_OK : lmdb_status(rc);
}
