#include "cli/output.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/language.h"
#include "cli/output_json.h"
#include "cli/value.h"
#include "cli/wording.h"
#include "cli/words.h"

/* Rows that are looked at together for the width of columns. */
enum { TABLE_ROWS_MAX = 1000 };

static bool has_colours(void)
{
    const char *no = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

struct output output_begin(const struct settings *settings, const struct command *command)
{
    struct output output = { .settings = settings, .command = command };

    output.people = (struct people){ .to = stdout, .colours = has_colours() };
    if (!settings->json && command->form != OUTPUT_LINES && command->prints == NULL)
        pager_begin(&output.pager);
    return output;
}

enum ayni_status output_status(struct failure *failure)
{
    if (!ferror(stdout))
        return AYNI_OK;
    fail_hint(failure, _("what is there ends in the middle; the disk may be full"), NULL);
    return fail(failure, AYNI_E_IO, _("the answer can't be written to standard output"), NULL);
}

void output_free(struct output *output)
{
    progress_end(&output->progress);
    pager_end(&output->pager);
    names_free(&output->people.names);
    ayni_buffer_free(&output->columns);
    ayni_buffer_free(&output->items);
}

static void print(struct ayni_buffer *text)
{
    ayni_buffer_append_byte(text, '\n');
    fwrite(text->data, 1, text->size, stdout);
    ayni_buffer_clear(text);
}

/* {"done": true} alone says no more to people than that. */
static bool is_done(const struct ayni_control_value *object)
{
    struct ayni_control_value done;
    return ayni_control_count(object) == 1 && ayni_control_find(object, "done", &done);
}

void output_object(const struct output *output, const struct ayni_control_value *object)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value alone;

    if (output->settings->json) {
        output_json_value(&text, object);
        print(&text);
    } else if (output->command->prints != NULL &&
               ayni_control_find(object, output->command->prints, &alone)) {
        value_text(&alone, &text);
        people_text(&output->people, ayni_buffer_bytes(&text));
        fputc('\n', stdout);
    } else if (is_done(object)) {
        printf("%s\n", _("done"));
    } else {
        people_object(&output->people, object);
    }
}

static void put_encoded(struct ayni_buffer *to, const struct ayni_control_value *value)
{
    struct ayni_control_writer writer = ayni_control_writer(to);
    ayni_control_put_value(&writer, NULL, value);
}

/* The rows that have gathered, as a table. */
static void print_rows(struct output *output)
{
    struct ayni_control_value columns;

    if (output->item_count > 0 &&
        ayni_control_value_decode(ayni_buffer_bytes(&output->columns), &columns) == AYNI_OK)
        people_rows(&output->people, &columns, ayni_buffer_bytes(&output->items));
    ayni_buffer_clear(&output->items);
    output->item_count = 0;
}

static enum ayni_status take_row(struct output *output, const struct ayni_control_value *row)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value columns;

    if (output->columns.size == 0) {
        put_encoded(&output->columns, row);
        return ayni_buffer_status(&output->columns);
    }
    if (!output->settings->json) {
        output->has_rows = true;
        put_encoded(&output->items, row);
        if (++output->item_count == TABLE_ROWS_MAX)
            print_rows(output);
        return ayni_buffer_status(&output->items);
    }
    enum ayni_status status =
        ayni_control_value_decode(ayni_buffer_bytes(&output->columns), &columns);
    if (status == AYNI_OK) {
        output_json_row(&text, &columns, row);
        print(&text);
    }
    return status;
}

/* The values of a line, for people who look on. */
static void put_words(const struct output *output, const struct ayni_control_value *line,
                      struct ayni_buffer *text)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(line);
    struct ayni_control_value value;

    for (bool first = true; ayni_control_next(&cursor, NULL, &value); first = false) {
        if (!first)
            ayni_buffer_append_text(text, "  ");
        words_put(&output->people.names, NULL, &value, text);
    }
}

static enum ayni_status take_line(struct output *output, const struct ayni_control_value *line)
{
    SCOPED_BUFFER text = { 0 };

    if (output->settings->json)
        output_json_value(&text, line);
    else
        put_words(output, line, &text);
    print(&text);
    fflush(stdout); /* somebody waits for it */
    return AYNI_OK;
}

/* The objects that have gathered; the array begins with the first of them. */
static void print_many_json(struct output *output)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&output->items));

    for (size_t i = 0; i < output->item_count; i++) {
        struct ayni_control_value item = ayni_control_read(&reader);
        ayni_buffer_append_text(&text, output->has_rows || i > 0 ? ",\n" : "[");
        output_json_value(&text, &item);
    }
    fwrite(text.data, 1, text.size, stdout);
}

static void print_many(struct output *output)
{
    if (output->item_count == 0)
        return;
    if (output->settings->json)
        print_many_json(output);
    else
        people_objects(&output->people, ayni_buffer_bytes(&output->items));
    output->has_rows = true;
    ayni_buffer_clear(&output->items);
    output->item_count = 0;
}

static enum ayni_status take(struct output *output, const struct ayni_control_value *item)
{
    switch (output->command->form) {
    case OUTPUT_ROWS:
        return take_row(output, item);
    case OUTPUT_LINES:
        return take_line(output, item);
    default:
        put_encoded(&output->items, item);
        if (++output->item_count == TABLE_ROWS_MAX && output->command->form == OUTPUT_MANY)
            print_many(output);
        return ayni_buffer_status(&output->items);
    }
}

static enum ayni_status on_item(void *context, const struct ayni_control_value *item,
                                struct failure *failure)
{
    struct output *output = context;
    SCOPED_BUFFER worded = { 0 };
    struct ayni_control_value rest = *item;
    enum ayni_status status = AYNI_OK;

    progress_end(&output->progress);
    if (wording_is_needed(item)) {
        status = wording_put(item, output->settings->json, &worded, failure);
        if (status == AYNI_OK)
            status = ayni_control_value_decode(ayni_buffer_bytes(&worded), &rest);
    }
    if (status == AYNI_OK)
        status = take(output, &rest);
    return status == AYNI_OK ? output_status(failure) : fail_memory(failure);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct output *output = context;
    bool waits = done == 0 && total == 0;

    if (!waits || output->command->form != OUTPUT_LINES) /* a change may take hours to come */
        progress_show(&output->progress, done, total);
}

struct client_sink output_sink(struct output *output)
{
    return (struct client_sink){ .context = output, .item = on_item, .progress = on_progress };
}

static void print_one(const struct output *output)
{
    struct ayni_control_value object;

    if (ayni_control_value_decode(ayni_buffer_bytes(&output->items), &object) == AYNI_OK)
        output_object(output, &object);
}

static void end_rows(struct output *output, bool failed)
{
    if (!output->has_rows && !failed)
        printf("%s\n", _("there are none"));
    print_rows(output);
}

/* Of what failed before anything was printed, nothing is: there the failure stands. */
static void end_many(struct output *output, bool failed, struct failure *failure)
{
    if (failed && !output->has_rows)
        return;
    print_many(output);
    if (output->settings->json)
        printf("%s\n", output->has_rows ? "]" : "[]");
    else if (!output->has_rows)
        printf("%s\n", _("there are none"));
    failure->answered = true;
}

void output_end(struct output *output, enum ayni_status status, struct failure *failure)
{
    bool failed = status != AYNI_OK && failure->text[0] != '\0';

    progress_end(&output->progress);
    if (output->command->form == OUTPUT_ROWS && !output->settings->json)
        end_rows(output, failed);
    if (output->command->form == OUTPUT_MANY)
        end_many(output, failed, failure);
    if (output->command->form == OUTPUT_ONE && output->item_count > 0) {
        print_one(output);
        failure->answered = true;
    }
}
