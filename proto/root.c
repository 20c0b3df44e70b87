#include "proto/root.h"

#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/seal.h"

static const char domain[] = "ayni-root-1";

enum ayni_status ayni_root_statement_sign(const struct ayni_root_statement *statement,
                                          const struct ayni_signing_key *root_secret,
                                          struct ayni_buffer *to)
{
    SCOPED_BUFFER payload = { 0 };

    if (statement->number == 0)
        return AYNI_E_INVALID;
    ayni_cbor_put_array(&payload, 4);
    ayni_cbor_put_string(&payload, domain);
    ayni_cbor_put_uint(&payload, statement->number);
    ayni_cbor_put_id(&payload, &statement->steering);
    if (statement->has_cut)
        ayni_cut_put_points(&payload, statement->points, statement->point_count);
    else
        ayni_cbor_put_null(&payload);
    if (payload.failed)
        return AYNI_E_MEMORY;
    ayni_cose_sign(ayni_buffer_bytes(&payload), root_secret, to);
    return ayni_buffer_status(to);
}

static enum ayni_status read_payload(struct ayni_bytes payload, struct ayni_root_statement *read)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);

    if (ayni_cbor_read_array(&r) != 4)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_domain(&r, domain);
    read->number = ayni_cbor_read_uint(&r);
    ayni_cbor_read_id(&r, &read->steering);
    read->has_cut = ayni_cbor_peek(&r) != AYNI_CBOR_NULL;
    if (read->has_cut)
        ayni_cut_read_points(&r, &read->points, &read->point_count);
    else
        ayni_cbor_read_null(&r);
    if (read->number == 0)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    return ayni_cbor_done(&r);
}

enum ayni_status ayni_root_statement_decode(struct ayni_bytes cose, const struct ayni_node *root,
                                            struct ayni_root_statement *statement)
{
    struct ayni_bytes payload;
    struct ayni_signature signature;
    struct ayni_root_statement read = { 0 };

    enum ayni_status status = ayni_cose_decode(cose, &payload, &signature);
    if (status == AYNI_OK)
        status = ayni_cose_verify(payload, &signature, root);
    if (status == AYNI_OK)
        status = read_payload(payload, &read);
    if (status != AYNI_OK) {
        ayni_root_statement_free(&read);
        return status;
    }
    *statement = read;
    return AYNI_OK;
}

void ayni_root_statement_free(struct ayni_root_statement *statement)
{
    free(statement->points);
    *statement = (struct ayni_root_statement){ 0 };
}
