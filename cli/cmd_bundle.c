#include "cli/ask.h"

#include "cli/language.h"
#include "cli/request.h"
#include "cli/volume_files.h"

/* --- export: bytes come in, and go to files --- */

struct exporting {
    struct output output;
    struct client_sink printing; /* of `output` */
    struct volume_writer files;
};

/* [volume, bytes]. */
static enum ayni_status write_bytes(struct exporting *exporting,
                                    const struct ayni_control_value *item, struct failure *failure)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(item);
    struct ayni_control_value volume, bytes;

    if (!ayni_control_next(&cursor, NULL, &volume) || volume.kind != AYNI_CONTROL_INT ||
        volume.integer < 1 || volume.integer > UINT16_MAX ||
        !ayni_control_next(&cursor, NULL, &bytes) || bytes.kind != AYNI_CONTROL_HASH)
        return fail(failure, AYNI_E_IO, _("the daemon's answer is not understood"), NULL);
    return volume_writer_put(&exporting->files, (uint32_t)volume.integer, bytes.bytes, failure);
}

static enum ayni_status on_exported(void *context, const struct ayni_control_value *item,
                                    struct failure *failure)
{
    struct exporting *exporting = context;

    return item->kind == AYNI_CONTROL_ARRAY
               ? write_bytes(exporting, item, failure)
               : exporting->printing.item(exporting->printing.context, item, failure);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct exporting *exporting = context;

    exporting->printing.progress(exporting->printing.context, done, total);
}

/* The names of members, for people, then the request of the table on the same connection. */
static enum ayni_status begin(struct output *output, struct client *client, struct failure *failure)
{
    enum ayni_status status = client_connect(output->settings, client, failure);

    if (status == AYNI_OK && !output->settings->json)
        names_load(&output->people.names, client);
    return status;
}

static enum ayni_status run_export(struct exporting *exporting, const struct arguments *arguments,
                                   struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = exporting,
                                .item = on_exported,
                                .progress = on_progress };
    enum ayni_status status = begin(&exporting->output, &client, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = client_request(&client, arguments->command->request);
    ayni_control_open_object(&writer, NULL);
    request_put_arguments(arguments, exporting->output.settings, &writer);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

enum ayni_status cmd_bundle_export(const struct settings *settings,
                                   const struct arguments *arguments, struct failure *failure)
{
    struct exporting exporting = {
        .output = output_begin(settings, arguments->command),
        .files = { .path = arguments_value(arguments, "file"),
                   .numbered = arguments_value(arguments, "volume_size") != NULL },
    };

    exporting.printing = output_sink(&exporting.output);
    enum ayni_status status = run_export(&exporting, arguments, failure);
    if (status == AYNI_OK)
        status = volume_writer_end(&exporting.files, failure);
    if (status != AYNI_OK) {
        volume_writer_discard(&exporting.files);
        exporting.output.item_count = 0; /* there is no bundle, whatever the daemon made */
    }
    output_end(&exporting.output, status, failure);
    output_free(&exporting.output);
    return status;
}

/* --- import, show: files are read, and their bytes go out --- */

struct reading {
    struct output output;
    struct client_sink printing;
    struct volume_reader files;
};

static enum ayni_status on_answer(void *context, const struct ayni_control_value *item,
                                  struct failure *failure)
{
    struct reading *reading = context;

    return reading->printing.item(reading->printing.context, item, failure);
}

static void on_reading(void *context, uint64_t done, uint64_t total)
{
    struct reading *reading = context;

    reading->printing.progress(reading->printing.context, done, total);
}

static enum ayni_status on_want(void *context, struct ayni_buffer *frame, struct failure *failure)
{
    struct reading *reading = context;

    return volume_reader_next(&reading->files, frame, failure);
}

static enum ayni_status run_reading(struct reading *reading, const struct arguments *arguments,
                                    struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { reading, on_answer, on_reading, on_want };
    enum ayni_status status = begin(&reading->output, &client, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = client_request(&client, arguments->command->request);
    ayni_control_open_object(&writer, NULL);
    request_put_arguments(arguments, reading->output.settings, &writer);
    ayni_control_put_int(&writer, "bytes", (int64_t)reading->files.size);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

enum ayni_status cmd_bundle_read(const struct settings *settings, const struct arguments *arguments,
                                 struct failure *failure)
{
    struct reading reading = { .output = { 0 } };
    enum ayni_status status =
        volume_reader_open(arguments_value(arguments, "file"), &reading.files, failure);

    if (status != AYNI_OK)
        return status;
    reading.output = output_begin(settings, arguments->command);
    reading.printing = output_sink(&reading.output);
    status = run_reading(&reading, arguments, failure);
    volume_reader_close(&reading.files);
    output_end(&reading.output, status, failure);
    output_free(&reading.output);
    return status;
}
