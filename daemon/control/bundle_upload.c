#include "daemon/control/bundle_upload.h"

enum ayni_status bundle_upload_tell(const struct bundle_upload *upload)
{
    return call_progress(upload->call, upload->taken + upload->besides, upload->total);
}

static enum ayni_status next_piece(struct bundle_upload *upload)
{
    struct ayni_control_value value;
    enum ayni_status status = bundle_upload_tell(upload);

    if (status == AYNI_OK)
        status = call_receive(upload->call, &value);
    if (status != AYNI_OK)
        return status;
    if (value.kind != AYNI_CONTROL_BYTES && value.kind != AYNI_CONTROL_HASH)
        return AYNI_E_USAGE;
    upload->left = value.bytes;
    return AYNI_OK;
}

static enum ayni_status read_upload(void *context, void *to, size_t size)
{
    struct bundle_upload *upload = context;
    uint8_t *at = to;

    for (size_t missing = size; missing > 0;) {
        if (upload->left.size == 0) {
            enum ayni_status status = next_piece(upload);
            if (status != AYNI_OK)
                return status == AYNI_E_NOT_FOUND && missing < size ? AYNI_E_TRUNCATED : status;
        }
        size_t piece = missing < upload->left.size ? missing : upload->left.size;
        if (piece > 0)
            memcpy(at, upload->left.data, piece);
        upload->left = (struct ayni_bytes){ upload->left.data + piece, upload->left.size - piece };
        upload->taken += piece;
        at += piece;
        missing -= piece;
    }
    return AYNI_OK;
}

struct ayni_bundle_source bundle_upload_source(struct bundle_upload *upload)
{
    return (struct ayni_bundle_source){ upload, read_upload };
}

static enum ayni_status damaged(struct control_call *call, const char *text)
{
    complain_code(call_complaint(call), "damaged");
    call_hint(call, N_("copy it again from where it came, or have it exported again"), NULL);
    return call_fail(call, AYNI_E_SIGNATURE, text, NULL);
}

enum ayni_status bundle_upload_fail(struct control_call *call, enum ayni_status status)
{
    if (call_complaint(call)->text != NULL)
        return status;
    switch (status) {
    case AYNI_E_NOT_FOUND:
        return call_fail(call, AYNI_E_INVALID, N_("the file is empty"), NULL);
    case AYNI_E_VERSION:
        call_hint(call, N_("a newer ayni may have made it"), NULL);
        return call_fail(call, AYNI_E_VERSION, N_("this is no bundle"), NULL);
    case AYNI_E_TRUNCATED:
        return damaged(call, N_("the bundle ends too early"));
    case AYNI_E_MALFORMED:
    case AYNI_E_LIMIT:
    case AYNI_E_SIGNATURE:
    case AYNI_E_CHAIN:
    case AYNI_E_INVALID:
        return damaged(call, N_("the bundle was changed on its way: it doesn't verify"));
    default:
        return status;
    }
}
