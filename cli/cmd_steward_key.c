#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/steward_key.h"
#include "proto/ids.h"

static enum ayni_status tell(const struct steward_key *key, struct ayni_buffer *told)
{
    struct ayni_control_writer writer = ayni_control_writer(told);

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_hash(&writer, "key",
                          (struct ayni_bytes){ key->public_key, sizeof(key->public_key) });
    ayni_control_close(&writer);
    return ayni_buffer_status(told);
}

enum ayni_status cmd_steward_key(const struct settings *settings, const struct arguments *arguments,
                                 struct failure *failure)
{
    SCOPED_STEWARD_KEY key = { { 0 }, { 0 } };
    SCOPED_BUFFER told = { 0 };
    struct ayni_control_value object;
    enum ayni_status status = steward_key_read(true, &key, failure);

    if (status != AYNI_OK)
        return status;
    if (tell(&key, &told) != AYNI_OK ||
        ayni_control_value_decode(ayni_buffer_bytes(&told), &object) != AYNI_OK)
        return fail_memory(failure);
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    output_object(&output, &object);
    return AYNI_OK;
}
