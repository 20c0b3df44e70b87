#ifndef AYNI_CLI_OUTPUT_H
#define AYNI_CLI_OUTPUT_H

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/output_people.h"
#include "cli/pager.h"
#include "cli/progress.h"

/*
 * The answer to a command on standard output, as it comes: JSON or for people,
 * in the form that the command table says. All zero is one that begins.
 */
struct output {
    const struct settings *settings;
    const struct command *command;
    struct people people;
    struct pager pager;
    struct progress progress;
    struct ayni_buffer columns; /* OUTPUT_ROWS: the encoded first item */
    struct ayni_buffer items;   /* encoded one behind the other, until there are enough to print */
    size_t item_count;          /* of `items` */
    bool has_rows;              /* OUTPUT_ROWS: there was one; OUTPUT_MANY: one was printed */
};

struct output output_begin(const struct settings *settings, const struct command *command);
/* What client_exchange() calls, with the output as its context. */
struct client_sink output_sink(struct output *output);
/*
 * After the last item: prints what is left. An answer that failed in words is
 * printed where it is a single object or was begun; `failure` then says that it was.
 */
void output_end(struct output *output, enum ayni_status status, struct failure *failure);
void output_free(struct output *output);
#define SCOPED_OUTPUT __attribute__((cleanup(output_free))) struct output

/* AYNI_E_IO where something couldn't be written to standard output, now or before. */
AYNI_CHECKED enum ayni_status output_status(struct failure *failure);

/* One object, in JSON or for people, and a line end. */
void output_object(const struct output *output, const struct ayni_control_value *object);

#endif
