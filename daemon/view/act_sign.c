#include "daemon/view/act_sign.h"

#include "daemon/records/names.h"
#include "daemon/view/party.h"
#include "proto/cbor.h"

static enum ayni_status check_signer(const struct act *act, const struct ayni_organisation *own,
                                     struct complaint *complaint)
{
    struct complaint_word word = party_code(own);

    if (own != NULL &&
        (ayni_id_equal(&own->id, &act->municipality) || party_has_level(own, PARTY_NETWORK)))
        return AYNI_OK;
    complain_hint(complaint,
                  N_("the municipality signs, and for the facility an organisation with the role "
                     "health"),
                  NULL);
    return complain(complaint, AYNI_E_RIGHT, N_("{} is no party of this act"), word.text, NULL);
}

static enum ayni_status check_contested(const struct act *act, struct complaint *complaint)
{
    char id[AYNI_RECORD_TEXT_SIZE];

    if (!act->contested)
        return AYNI_OK;
    ayni_record_text(&act->key.record, id);
    complain_hint(complaint, N_("`ayni conflicts show {}`, and `ayni resolve`"), id, NULL);
    return complain(complaint, AYNI_E_INVALID, N_("the act itself is contested"), NULL);
}

/* All who are there, and this one; ascending. */
static void put_signers(const struct act *act, const struct ayni_record *own,
                        struct ayni_buffer *to)
{
    struct ayni_record all[ACT_SIGNERS_MAX + 1];
    size_t count = 0;

    for (size_t i = 0; i < act->signer_count; i++)
        if (!ayni_id_equal(&act->signers[i].organisation, own))
            all[count++] = act->signers[i].organisation;
    size_t at = 0;
    while (at < count && ayni_id_compare(&all[at], own) < 0)
        at++;
    memmove(&all[at + 1], &all[at], (count - at) * sizeof(all[0]));
    all[at] = *own;
    ayni_cbor_put_array(to, count + 1);
    for (size_t i = 0; i <= count; i++)
        ayni_cbor_put_id(to, &all[i]);
}

/* Whoever signs says which list: it stands in the same version. */
static enum ayni_status decide_sign(void *context, struct reader *reader,
                                    struct month_change *change, struct complaint *complaint)
{
    struct act_sign *sign = context;
    const struct charter *charter = reader_charter(reader);
    const struct ayni_organisation *own = party_of_node(charter, &charter->self);
    struct act_comparison comparison;
    struct act act;
    enum ayni_status status;

    change->key = sign->key;
    status = month_change_begin(change, reader);
    if (status == AYNI_OK)
        status = act_of_state(reader, &change->state, &act);
    if (status == AYNI_OK)
        status = check_signer(&act, own, complaint);
    if (status == AYNI_OK)
        status = check_contested(&act, complaint);
    if (status != AYNI_OK || own == NULL || act_signed_by(&act, &own->id) != NULL)
        return status; /* who is no party has been refused */
    status = act_compare(reader, &act, &comparison);
    if (status != AYNI_OK)
        return status;
    sign->differs = (comparison.changed || !comparison.known) && !sign->anyway;
    if (sign->differs)
        return AYNI_OK;
    ayni_cbor_put_id(month_change_field(change, ACT_LIST_ROOT), &act.root);
    put_signers(&act, &own->id, month_change_field(change, ACT_SIGNERS));
    return AYNI_OK;
}

enum ayni_status act_sign(struct records *records, const struct month_writer *writer,
                          struct act_sign *sign, struct complaint *complaint)
{
    return month_write(records, writer, decide_sign, sign, &sign->changed, &sign->warnings,
                       complaint);
}
