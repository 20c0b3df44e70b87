#include "cli/arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "cli/import_form.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/rejects.h"
#include "cli/request.h"
#include "cli/upload.h"
#include "cli/visible.h"
#include "proto/text.h"

enum { MAP_FILE_MAX = 1024 * 1024, REJECTS_NAMES_MAX = 1000 };

/* An import that runs: rows go out, problems and the counts come in. */
struct import {
    const struct settings *settings;
    const struct arguments *arguments;
    struct upload upload;
    struct rejects rejects;
    struct output output;
    struct client_sink printing; /* of `output` */
    char rejects_path[PATH_MAX]; /* where rejects go */
    FILE *rejects_file;          /* open from the start where it was asked for */
};

static void import_done(struct import *import)
{
    upload_close(&import->upload);
    rejects_free(&import->rejects);
    output_free(&import->output);
    if (import->rejects_file != NULL)
        fclose(import->rejects_file);
}

static enum ayni_status on_item(void *context, const struct ayni_control_value *item,
                                struct failure *failure)
{
    struct import *import = context;

    if (item->kind == AYNI_CONTROL_ARRAY) {
        progress_end(&import->output.progress);
        return rejects_take(&import->rejects, item, failure);
    }
    return import->printing.item(import->printing.context, item, failure);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct import *import = context;
    import->printing.progress(import->printing.context, done, total);
}

static enum ayni_status on_want(void *context, struct ayni_buffer *frame, struct failure *failure)
{
    struct import *import = context;
    return upload_next(&import->upload, frame, failure);
}

/* A name of a map that comes with the program, or the text of one from a file. */
static enum ayni_status put_map(const char *map, struct ayni_control_writer *to,
                                struct failure *failure)
{
    SCOPED_BUFFER text = { 0 };

    if (strpbrk(map, "/.") == NULL) {
        ayni_control_put_text(to, "map", map);
        return AYNI_OK;
    }
    enum ayni_status status = file_read(map, MAP_FILE_MAX, &text, failure);
    if (status == AYNI_OK && !ayni_text_valid(ayni_buffer_bytes(&text)))
        status = fail(failure, AYNI_E_USAGE, _("{} is not UTF-8"), map, NULL);
    if (status == AYNI_OK)
        ayni_control_put_string(to, "map_text", ayni_buffer_bytes(&text));
    return status;
}

static enum ayni_status ask(struct import *import, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { import, on_item, on_progress, on_want };
    const char *map = arguments_value(import->arguments, "map");
    enum ayni_status status = client_connect(import->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer =
        client_request(&client, import->arguments->command->request);
    ayni_control_open_object(&writer, NULL);
    request_put_arguments(import->arguments, import->settings, &writer);
    upload_put(&import->upload, &writer);
    if (map != NULL)
        status = put_map(map, &writer, failure);
    ayni_control_close(&writer);
    return status == AYNI_OK ? client_exchange(&client, &sink, failure) : status;
}

/* It holds rows of the file that is read, of children: nobody else reads it. */
static FILE *create_rejects(const char *path, int existing)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | existing, 0600);

    return file < 0 ? NULL : fdopen(file, "w");
}

/* Where rejects go if nobody says: "padron.csv" makes "padron.rejects.csv" in the current folder;
 * where that is there, of an earlier time and perhaps corrected by now, "padron.rejects.2.csv". */
static FILE *create_named_rejects(struct import *import)
{
    const char *name = import->upload.name;
    size_t size = strlen(name);
    FILE *file = NULL;

    if (strcmp(name, "-") == 0) {
        name = "import";
        size = strlen(name);
    } else if (size > 4 && strcmp(name + size - 4, ".csv") == 0) {
        size -= 4;
    }
    errno = EEXIST;
    for (int i = 1; file == NULL && errno == EEXIST && i <= REJECTS_NAMES_MAX; i++) {
        char number[16] = "";
        if (i > 1)
            snprintf(number, sizeof(number), ".%d", i);
        snprintf(import->rejects_path, PATH_MAX, "%.*s.rejects%s.csv", (int)size, name, number);
        file = create_rejects(import->rejects_path, O_EXCL);
    }
    return file;
}

/* A file that was asked for is made before anything is stored; never over the one that is read. */
static enum ayni_status open_rejects(struct import *import, struct failure *failure)
{
    const char *path = arguments_value(import->arguments, "rejects");
    const char *source = arguments_value(import->arguments, "file");
    struct stat is, was;

    if (path == NULL)
        return AYNI_OK;
    snprintf(import->rejects_path, PATH_MAX, "%s", path);
    if (stat(path, &is) == 0 && stat(source, &was) == 0 && is.st_dev == was.st_dev &&
        is.st_ino == was.st_ino)
        return fail(failure, AYNI_E_USAGE, _("{} is the file that is read"), path, NULL);
    import->rejects_file = create_rejects(path, O_TRUNC);
    if (import->rejects_file == NULL)
        return fail(failure, AYNI_E_USAGE, _("{} can't be written: {}"), path, strerror(errno),
                    NULL);
    return AYNI_OK;
}

/* Everything is stored by now: a rejects file that can't be written is told, and the rows are
 * printed. */
static void write_rejects(struct import *import, struct failure *failure)
{
    if (import->rejects_file == NULL && import->rejects.count == 0)
        return;
    bool wanted =
        import->rejects_file != NULL || arguments_value(import->arguments, "dry_run") == NULL;
    if (import->rejects_file == NULL && wanted)
        import->rejects_file = create_named_rejects(import);
    enum ayni_status status =
        import->rejects_file == NULL
            ? AYNI_E_IO
            : rejects_write(&import->rejects, import->upload.file, import->upload.header_count,
                            import->rejects_file, failure);
    if (import->rejects_file != NULL &&
        (fflush(import->rejects_file) != 0 || ferror(import->rejects_file)))
        status = AYNI_E_IO;
    if (import->rejects.count == 0)
        return;
    fprintf(stderr, "%s\n", _("rows that were rejected:"));
    rejects_print(&import->rejects);
    if (status == AYNI_OK)
        fprintf(stderr, "%s %s\n", _("all of them, with the reasons, are in"),
                import->rejects_path);
    else if (wanted)
        fprintf(stderr, "%s %s\n", _("not all of them could be written into"),
                import->rejects_path);
}

static int64_t count_of(const struct ayni_control_value *counts, const char *key)
{
    struct ayni_control_value value;
    return ayni_control_find(counts, key, &value) && value.kind == AYNI_CONTROL_INT ? value.integer
                                                                                    : 0;
}

/* A file of which no row could be taken was refused, whatever its counts say. */
static enum ayni_status judge(const struct import *import, struct failure *failure)
{
    struct ayni_control_value counts;
    struct ayni_bytes answer = ayni_buffer_bytes(&import->output.items);

    if (ayni_control_value_decode(answer, &counts) != AYNI_OK || count_of(&counts, "read") == 0 ||
        count_of(&counts, "rejected") < count_of(&counts, "read"))
        return AYNI_OK;
    fail(failure, AYNI_E_INVALID, _("no row of {} could be taken"), import->upload.name, NULL);
    fail_hint(failure, _("ayni help import tells of maps and types"), NULL);
    return AYNI_E_INVALID;
}

/* The file to its header, in the form that was declared of it. */
static enum ayni_status open_source(struct import *import, struct failure *failure)
{
    struct csv_form form;
    enum ayni_status status = import_form_of(import->arguments, &form, failure);

    return status == AYNI_OK ? upload_open(arguments_value(import->arguments, "file"), form,
                                           &import->upload, failure)
                             : status;
}

static enum ayni_status run(struct import *import, struct failure *failure)
{
    enum ayni_status status = open_source(import, failure);

    if (status == AYNI_OK)
        status = open_rejects(import, failure);
    if (status != AYNI_OK)
        return status;
    import_form_tell(import->upload.file);
    import->output = output_begin(import->settings, import->arguments->command);
    import->printing = output_sink(&import->output);
    status = ask(import, failure);
    progress_end(&import->output.progress);
    if (status == AYNI_OK)
        write_rejects(import, failure);
    if (status == AYNI_OK)
        status = judge(import, failure);
    output_end(&import->output, status, failure);
    if (arguments_value(import->arguments, "dry_run") != NULL && !import->settings->json)
        fprintf(stderr, "%s\n", _("nothing was stored: this was a dry run"));
    return status;
}

/* --- a first map for the file --- */

static enum ayni_status put_guess(void *context, const struct ayni_control_value *item,
                                  struct failure *failure)
{
    const struct output *output = context;
    struct ayni_control_value map;

    if (output->settings->json)
        output_object(output, item);
    else if (ayni_control_find(item, "map", &map) && map.kind == AYNI_CONTROL_TEXT)
        visible_print(map.bytes, stdout); /* in JSON it means the same */
    return output_status(failure);
}

static enum ayni_status ask_guess(struct import *import, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = &import->output, .item = put_guess };
    const char *type = arguments_value(import->arguments, "type");
    enum ayni_status status = client_connect(import->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = client_request(&client, "import.guess");
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_encoded(&writer, "header", ayni_buffer_bytes(&import->upload.header));
    if (type != NULL)
        ayni_control_put_text(&writer, "type", type);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

static enum ayni_status guess(struct import *import, struct failure *failure)
{
    enum ayni_status status = open_source(import, failure);

    if (status != AYNI_OK)
        return status;
    import->output = output_begin(import->settings, import->arguments->command);
    return ask_guess(import, failure);
}

static enum ayni_status need_space(const struct arguments *arguments, struct failure *failure)
{
    if (arguments_value(arguments, "space") != NULL ||
        strcmp(arguments->command->request, "import") != 0)
        return AYNI_OK;
    fail_hint(failure, _("for example: ayni {}"), arguments->command->example, NULL);
    return fail(failure, AYNI_E_USAGE, _("{} needs --{} {}"), arguments->command->name, "space",
                "SPACE", NULL);
}

enum ayni_status cmd_import(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    struct import import = { .settings = settings, .arguments = arguments };
    bool guesses = arguments_value(arguments, "guess") != NULL;
    enum ayni_status status = guesses ? AYNI_OK : need_space(arguments, failure);

    if (status == AYNI_OK)
        status = guesses ? guess(&import, failure) : run(&import, failure);
    import_done(&import);
    return status;
}
