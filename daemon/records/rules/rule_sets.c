#include "daemon/records/rules/rule_sets.h"

#include "daemon/clock.h"
#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "proto/registry.h"

enum { TYPE_RULE_SET = 708, RULE_SET_VALID_FROM = 3, RULE_SET_PARAMETERS = 5 };

enum ayni_status rule_sets_newest(struct reader *reader, rule_set_reads *reads, void *context)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    int64_t newest = INT64_MIN;
    enum ayni_status status = AYNI_OK;

    walk_type(reader, &reader_charter(reader)->registry_space, TYPE_RULE_SET, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &key, &state);
        if (status != AYNI_OK || record_state_gone(&state))
            continue;
        struct ayni_cbor_reader since =
            ayni_cbor_reader(record_state_value(&state, RULE_SET_VALID_FROM));
        struct ayni_cbor_reader text =
            ayni_cbor_reader(record_state_value(&state, RULE_SET_PARAMETERS));
        int64_t valid_from = ayni_cbor_read_int(&since);
        struct ayni_bytes parameters = ayni_cbor_read_text(&text);
        if (since.status == AYNI_OK && text.status == AYNI_OK && valid_from <= clock_today() &&
            valid_from > newest && reads(context, parameters))
            newest = valid_from;
    }
    if (status == AYNI_OK)
        status = walk.status;
    return status == AYNI_OK && newest == INT64_MIN ? AYNI_E_NOT_FOUND : status;
}
