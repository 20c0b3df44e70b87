#include "proto/card.h"

#include "proto/armor.h"
#include "proto/cbor.h"
#include "proto/endpoint.h"
#include "proto/seal.h"
#include "proto/text.h"

static const char domain[] = "ayni-card-1";

bool ayni_name_valid(struct ayni_bytes name)
{
    return name.size > 0 && name.size <= AYNI_NAME_SIZE_MAX && ayni_text_is_line(name);
}

static bool is_valid(const struct ayni_card *card)
{
    if (card->serial == 0 || card->endpoint_count > AYNI_CARD_ENDPOINTS_MAX ||
        !ayni_name_valid(card->name))
        return false;
    for (size_t i = 0; i < card->endpoint_count; i++)
        if (!ayni_endpoint_valid(card->endpoints[i]))
            return false;
    return true;
}

static void put_payload(const struct ayni_card *card, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 6);
    ayni_cbor_put_string(to, domain);
    ayni_cbor_put_uint(to, card->serial);
    ayni_cbor_put_text(to, card->name);
    ayni_cbor_put_id(to, &card->node);
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ card->transport_key, 32 });
    ayni_cbor_put_array(to, card->endpoint_count);
    for (size_t i = 0; i < card->endpoint_count; i++)
        ayni_cbor_put_text(to, card->endpoints[i]);
}

enum ayni_status ayni_card_sign(const struct ayni_card *card, const struct ayni_signing_key *secret,
                                struct ayni_buffer *to)
{
    SCOPED_BUFFER payload = { 0 };
    SCOPED_BUFFER cose = { 0 };

    if (!is_valid(card))
        return AYNI_E_INVALID;
    put_payload(card, &payload);
    if (payload.failed)
        return AYNI_E_MEMORY;
    ayni_cose_sign(ayni_buffer_bytes(&payload), secret, &cose);
    if (cose.size > AYNI_CARD_SIZE_MAX)
        return AYNI_E_LIMIT;
    ayni_buffer_append(to, cose.data, cose.size);
    return cose.failed ? AYNI_E_MEMORY : ayni_buffer_status(to);
}

static enum ayni_status read_payload(struct ayni_bytes payload, struct ayni_card *card)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);

    if (ayni_cbor_read_array(&r) != 6)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_domain(&r, domain);
    card->serial = ayni_cbor_read_uint(&r);
    card->name = ayni_cbor_read_text(&r);
    ayni_cbor_read_id(&r, &card->node);
    ayni_cbor_read_into(&r, card->transport_key, sizeof(card->transport_key));
    card->endpoint_count = ayni_cbor_read_array(&r);
    if (card->endpoint_count > AYNI_CARD_ENDPOINTS_MAX)
        ayni_cbor_fail(&r, AYNI_E_LIMIT);
    for (size_t i = 0; i < card->endpoint_count && r.status == AYNI_OK; i++)
        card->endpoints[i] = ayni_cbor_read_text(&r);
    return ayni_cbor_done(&r);
}

enum ayni_status ayni_card_decode(struct ayni_bytes cose, struct ayni_card *card)
{
    struct ayni_bytes payload;
    struct ayni_signature signature;
    struct ayni_card read = { 0 };

    if (cose.size > AYNI_CARD_SIZE_MAX)
        return AYNI_E_LIMIT;
    enum ayni_status status = ayni_cose_decode(cose, &payload, &signature);
    if (status == AYNI_OK)
        status = read_payload(payload, &read);
    if (status == AYNI_OK)
        status = ayni_cose_verify(payload, &signature, &read.node);
    if (status != AYNI_OK)
        return status;
    if (!is_valid(&read))
        return AYNI_E_INVALID;
    *card = read;
    return AYNI_OK;
}

void ayni_card_text(struct ayni_bytes cose, struct ayni_buffer *text)
{
    ayni_armor_append(text, domain, cose);
}

enum ayni_status ayni_card_parse(struct ayni_bytes text, struct ayni_buffer *cose)
{
    return ayni_armor_parse(text, domain, AYNI_CARD_SIZE_MAX, cose);
}
