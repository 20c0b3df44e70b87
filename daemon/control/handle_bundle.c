/* bundle.export, bundle.import, bundle.show: what goes by a stick or a mail. */
#include <stdio.h>

#include "daemon/bundle/bundle_export.h"
#include "daemon/bundle/bundles.h"
#include "daemon/config_value.h"
#include "daemon/control/admit.h"
#include "daemon/control/bundle_item.h"
#include "daemon/control/bundle_upload.h"
#include "daemon/control/commands.h"
#include "daemon/control/error.h"
#include "daemon/control/federation_words.h"
#include "daemon/daemon.h"
#include "daemon/net/net.h"
#include "proto/limits.h"

/* --- export --- */

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    struct control_call *call = context;

    return call_progress(call, done, total) == AYNI_OK && !call_cancelled(call);
}

/* An item of volume and bytes, which the command writes to a file. */
static enum ayni_status send_bytes(void *context, uint32_t volume, struct ayni_bytes bytes)
{
    struct control_call *call = context;
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_array(item, NULL);
    ayni_control_put_int(item, NULL, volume);
    ayni_control_put_hash(item, NULL, bytes);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status find_receiver(struct daemon *daemon, struct control_call *call,
                                      const struct charter *charter, struct ayni_node *receiver)
{
    const struct ayni_member *member;
    const char *text;
    enum ayni_status status = call_text(call, "for", &text);

    if (status != AYNI_OK)
        return status;
    if (!charter->founded)
        return federation_fail_no_federation(call);
    status = federation_find_member(call, charter, text, &member);
    if (status != AYNI_OK)
        return status;
    if (ayni_id_equal(&member->node, &daemon->identity.node))
        return call_fail(call, AYNI_E_INVALID, N_("this is the node itself"), NULL);
    if (member->revoked) {
        call_hint(call, N_("nothing is to be handed to it any more"), NULL);
        return call_fail(call, AYNI_E_RIGHT, N_("{} was revoked"), text, NULL);
    }
    *receiver = member->node;
    return AYNI_OK;
}

static enum ayni_status read_volume_size(struct control_call *call, uint64_t *size)
{
    const char *text;
    enum ayni_status status = call_text_or(call, "volume_size", "0", &text);

    if (status != AYNI_OK)
        return status;
    if (!config_parse_size(text, size))
        return call_fail(call, AYNI_E_USAGE, N_("{} is no size: 500K, 25M, 4G"), text, NULL);
    if (*size == 0 || *size >= AYNI_BUNDLE_VOLUME_SIZE_MIN)
        return AYNI_OK;
    return call_fail(call, AYNI_E_USAGE, N_("a volume has at least {}"), "256K", NULL);
}

static enum ayni_status read_since(struct control_call *call, enum bundle_since *since)
{
    bool full, since_ack;
    enum ayni_status status = call_flag(call, "full", &full);

    if (status == AYNI_OK)
        status = call_flag(call, "since_ack", &since_ack);
    if (status != AYNI_OK)
        return status;
    if (full && since_ack)
        return call_fail(call, AYNI_E_USAGE, N_("either since-ack or full"), NULL);
    *since = full ? BUNDLE_SINCE_NOTHING : since_ack ? BUNDLE_SINCE_ACK : BUNDLE_SINCE_KNOWN;
    return AYNI_OK;
}

static enum ayni_status send_export(struct control_call *call, const struct charter *charter,
                                    const struct ayni_node *receiver,
                                    const struct bundle_export_result *result)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    bundle_item_put_id(item, &result->bundle);
    bundle_item_put_node(item, charter, "for", "receiver", receiver);
    ayni_control_put_int(item, "volumes", result->volumes);
    ayni_control_put_int(item, "bytes", (int64_t)result->size);
    ayni_control_put_int(item, "entries", (int64_t)result->plan.entries);
    ayni_control_open_array(item, "spaces");
    for (size_t i = 0; i < result->plan.space_count; i++)
        bundle_item_put_space(item, charter, &result->plan.spaces[i]);
    ayni_control_close(item);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_export(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct store_listener listener = { call, show_progress };
    struct bundle_export_result result;
    struct bundle_export_options options = {
        .log = daemon->log,
        .identity = &daemon->identity,
        .charter = charter,
        .sink = { call, send_bytes },
        .listener = &listener,
    };
    enum ayni_status status = admit_to_records(daemon, call, CONTROL_NEED_READ);

    if (status == AYNI_OK)
        status = find_receiver(daemon, call, charter, &options.receiver);
    if (status == AYNI_OK)
        status = read_volume_size(call, &options.volume_size);
    if (status == AYNI_OK)
        status = read_since(call, &options.since);
    if (status == AYNI_OK) {
        net_note_meets(daemon->net);
        status = bundle_export(&options, &result);
    }
    if (status == AYNI_E_LIMIT)
        return call_fail(call, status, N_("it would be more volumes than a bundle may have"), NULL);
    if (status != AYNI_OK)
        return status;
    status = send_export(call, charter, &options.receiver, &result);
    bundle_plan_free(&result.plan);
    return status;
}

/* --- import --- */

static void put_warnings(struct ayni_control_writer *item, uint64_t waiting)
{
    struct complaints warnings = { 0 };
    char count[32];

    if (waiting > 0) {
        struct complaint *warning = complaints_add(&warnings);
        snprintf(count, sizeof(count), "%llu", (unsigned long long)waiting);
        complain_code(warning, "waiting");
        complain_hint(warning,
                      N_("import the other volumes and bundles, in any order; what waits is tried "
                         "again with each"),
                      NULL);
        (void)complain(warning, AYNI_OK,
                       N_("{} entries wait for what comes before them, or for rights that aren't "
                          "known here yet"),
                       count, NULL);
    }
    control_warnings_put(item, &warnings);
}

static enum ayni_status send_import(struct control_call *call, const struct bundles_result *result)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_int(item, "volumes", (int64_t)result->volumes);
    ayni_control_put_int(item, "stored", (int64_t)result->counts.stored);
    ayni_control_put_int(item, "held", (int64_t)result->counts.held);
    ayni_control_put_int(item, "refused", (int64_t)result->counts.refused);
    ayni_control_put_int(item, "waiting", (int64_t)result->counts.waiting);
    ayni_control_put_int(item, "waiting_volumes", (int64_t)result->waiting_volumes);
    put_warnings(item, result->counts.waiting);
    ayni_control_close(item);
    return call_send(call);
}

/* Each byte is received, and then taken out of its volume. */
struct watching {
    struct bundle_upload *upload;
    uint64_t before, volume; /* taken of the volumes before, and of this one */
};

static bool show_taking(void *context, uint64_t done, uint64_t total)
{
    struct watching *watching = context;

    (void)total;
    if (done < watching->volume)
        watching->before += watching->volume;
    watching->volume = done;
    watching->upload->besides = watching->before + done;
    return bundle_upload_tell(watching->upload) == AYNI_OK &&
           !call_cancelled(watching->upload->call);
}

static enum ayni_status handle_import(struct daemon *daemon, struct control_call *call)
{
    struct bundle_upload upload = { .call = call };
    struct ayni_bundle_source source = bundle_upload_source(&upload);
    struct watching watching = { .upload = &upload };
    const struct store_listener listener = { &watching, show_taking };
    struct bundles_result result;
    int64_t total;

    enum ayni_status status = call_int_or(call, "bytes", 0, &total);
    if (status != AYNI_OK)
        return status;
    if (federation_ticket(daemon->federation) == NULL) {
        call_hint(call, N_("join the federation first with `ayni join TICKET`"), NULL);
        return federation_fail_no_federation(call);
    }
    upload.total = 2 * (uint64_t)total;
    status = bundles_import(daemon->bundles, &source, &listener, &result, call_complaint(call));
    return status == AYNI_OK ? send_import(call, &result) : bundle_upload_fail(call, status);
}

/* --- show --- */

static void put_contents(struct ayni_control_writer *item, const struct charter *charter,
                         struct ayni_bytes first)
{
    struct ayni_bundle_item contents;
    struct ayni_bundle_space space;
    size_t used, position = 0;

    if (ayni_bundle_item_read(first, &used, &contents) != AYNI_OK ||
        contents.type != AYNI_BUNDLE_CONTENTS)
        return;
    ayni_control_put_int(item, "entries", (int64_t)contents.contents.entries);
    ayni_control_open_array(item, "spaces");
    while (ayni_bundle_contents_next(&contents.contents, &position, &space))
        bundle_item_put_space(item, charter, &space);
    ayni_control_close(item);
}

/* `first` are the items of its first chunk, or nothing where it isn't for this node. */
static enum ayni_status send_volume(struct daemon *daemon, struct control_call *call,
                                    const struct ayni_bundle_volume *volume,
                                    struct ayni_bytes first)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    bundle_item_put_id(item, &volume->head.bundle);
    bundle_item_put_node(item, charter, "for", "receiver", &volume->head.receiver);
    bundle_item_put_node(item, charter, "from", "sender", &volume->head.sender);
    ayni_control_put_instant(item, "time", volume->head.time);
    ayni_control_put_int(item, "volume", volume->head.volume);
    ayni_control_put_int(item, "volumes", volume->volumes);
    ayni_control_put_int(item, "bytes", (int64_t)volume->size);
    ayni_control_put_bool(item, "readable", volume->readable);
    put_contents(item, charter, first);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_show(struct daemon *daemon, struct control_call *call)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    SCOPED_BUFFER first = { 0 };
    struct bundle_upload upload = { .call = call };
    struct ayni_bundle_source source = bundle_upload_source(&upload);
    int64_t total;

    enum ayni_status status = call_int_or(call, "bytes", 0, &total);
    if (status != AYNI_OK)
        return status;
    upload.total = (uint64_t)total;
    status =
        ayni_bundle_volume_begin(&volume, &source, &daemon->identity.node, daemon->identity.secret);
    if (status != AYNI_OK)
        return bundle_upload_fail(call, status);
    while ((status = ayni_bundle_volume_next(&volume)) == AYNI_OK)
        if (volume.chunks == 1)
            ayni_buffer_append(&first, volume.plain.data, volume.plain.size);
    if (status != AYNI_E_NOT_FOUND)
        return bundle_upload_fail(call, status);
    return send_volume(daemon, call, &volume, ayni_buffer_bytes(&first));
}

const struct control_command control_bundle_commands[] = {
    { "bundle.export", handle_export, CONTROL_NEED_ADMIN },
    { "bundle.import", handle_import, CONTROL_NEED_ADMIN },
    { "bundle.show", handle_show, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
