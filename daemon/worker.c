#include "daemon/worker.h"

#include <stdio.h>
#include <string.h>

#include "daemon/control/error.h"
#include "daemon/report.h"
#include "daemon/worker_private.h"

static int send_frame(struct ayni_buffer *frame)
{
    bool sent = frame->size > 0 && fwrite(frame->data, 1, frame->size, stdout) == frame->size &&
                fflush(stdout) == 0;

    ayni_buffer_free(frame);
    return sent ? 0 : 5;
}

enum ayni_status worker_send_item(struct ayni_buffer *frame)
{
    enum ayni_status status = ayni_control_frame_finish(frame);

    if (status != AYNI_OK) {
        ayni_buffer_free(frame);
        return status;
    }
    return send_frame(frame) == 0 ? AYNI_OK : AYNI_E_IO;
}

void worker_send_progress(uint64_t done, uint64_t total)
{
    struct ayni_buffer frame = { 0 };

    if (ayni_control_progress_frame(&frame, done, total) == AYNI_OK)
        (void)send_frame(&frame);
    else
        ayni_buffer_free(&frame);
}

int worker_send_end(enum ayni_status status, const struct complaint *complaint)
{
    struct ayni_buffer frame = { 0 };
    SCOPED_BUFFER error = { 0 };

    if (status != AYNI_OK) {
        struct ayni_control_writer writer = ayni_control_writer(&error);
        control_error_put(&writer, status, complaint);
    }
    if (ayni_control_end_frame(&frame, status, ayni_buffer_bytes(&error)) != AYNI_OK)
        return 5;
    return send_frame(&frame);
}

enum ayni_status worker_config(const char *home, struct config *config, struct complaint *complaint)
{
    config_init(config);
    if (strlen(home) >= sizeof(config->home))
        return complain(complaint, AYNI_E_USAGE, N_("--home: the path is too long"), NULL);
    memcpy(config->home, home, strlen(home) + 1);
    return AYNI_OK;
}

enum ayni_status worker_complain(struct complaint *complaint, enum ayni_status status,
                                 const char *why)
{
    size_t size = strlen(why);
    const char *end = size < COMPLAINT_ARG_SIZE ? why : why + size - (COMPLAINT_ARG_SIZE - 1);

    while ((*end & 0xC0) == 0x80)
        end++;
    return complain(complaint, status, "{}", size > 0 ? end : ayni_status_name(status), NULL);
}

int worker_run(const char *name, int argc, char **argv)
{
    /* getopt reads from argv[1] on; the slot before the first argument is the worker's name. */
    argc++;
    argv--;
    report_set_level(REPORT_ERROR);
    if (strcmp(name, "init") == 0)
        return worker_init(argc, argv);
    if (strcmp(name, "restore") == 0)
        return worker_restore(argc, argv);
    fprintf(stderr, "aynid: there is no worker %s\n", name);
    return 2;
}
