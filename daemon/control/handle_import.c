/* import: files of rows into records. */
#include "daemon/control/commands.h"
#include "daemon/control/import_call.h"
#include "daemon/records/import/import_guess.h"
#include "daemon/records/import/import_maps.h"
#include "daemon/records/names.h"
#include "proto/nearest.h"

static enum ayni_status unknown_map(struct control_call *call, const char *name)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(name));

    for (size_t i = 0; import_map_names[i] != NULL; i++)
        ayni_nearest_offer(&nearest, import_map_names[i]);
    if (nearest.best != NULL)
        call_hint(call, N_("did you mean {}?"), nearest.best, NULL);
    else
        call_hint(call,
                  N_("`ayni help import` names those there are; or a file of your own: --map "
                     "FILE"),
                  NULL);
    return call_fail(call, AYNI_E_USAGE, N_("there is no map {}"), name, NULL);
}

static enum ayni_status read_map(struct control_call *call, struct import_options *options)
{
    const char *name, *text;
    enum ayni_status status = call_text_or(call, "map", NULL, &name);

    if (status == AYNI_OK)
        status = call_text_or(call, "map_text", NULL, &text);
    if (status == AYNI_OK)
        status = call_text_or(call, "type", NULL, &options->type);
    if (status != AYNI_OK)
        return status;
    if (text != NULL)
        options->map = ayni_bytes_of_text(text);
    else if (name != NULL)
        options->map = import_map_text(name);
    if (options->map.size > 0 || (name == NULL && options->type != NULL))
        return AYNI_OK;
    if (name != NULL)
        return unknown_map(call, name);
    return call_fail(call, AYNI_E_USAGE, N_("give a TYPE or a --map"), NULL);
}

static enum ayni_status find_space(struct daemon *daemon, struct control_call *call,
                                   struct ayni_space *space)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const char *name;
    enum ayni_status status = call_text(call, "space", &name);

    return status == AYNI_OK ? names_space(charter, name, space, call_complaint(call)) : status;
}

/* How the file is written, where that was said. */
static enum ayni_status read_forms(struct control_call *call, struct import_options *options)
{
    enum ayni_status status = call_text_or(call, "dates", NULL, &options->dates);

    return status == AYNI_OK ? call_text_or(call, "decimals", NULL, &options->decimals) : status;
}

static enum ayni_status handle_import(struct daemon *daemon, struct control_call *call)
{
    struct import_options options = { 0 };
    struct ayni_space space;
    enum ayni_status status = import_call_options(daemon, call, &options);

    if (status == AYNI_OK)
        status = read_map(call, &options);
    if (status == AYNI_OK)
        status = read_forms(call, &options);
    if (status == AYNI_OK)
        status = find_space(daemon, call, &space);
    options.space = &space;
    return status == AYNI_OK ? import_call_run(call, &options, NULL) : status;
}

/* A first map for a file with such columns. */
static enum ayni_status handle_import_guess(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    SCOPED_BUFFER json = { 0 };
    const char *const *header;
    const char *type;
    size_t count;
    enum ayni_status status = call_text_or(call, "type", NULL, &type);

    if (status == AYNI_OK)
        status = call_texts(call, "header", &header, &count);
    if (status == AYNI_OK)
        status = import_guess(charter->catalogue, type, header, count, &json, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_string(item, "map", ayni_buffer_bytes(&json));
    ayni_control_close(item);
    return call_send(call);
}

const struct control_command control_import_commands[] = {
    { "import", handle_import, CONTROL_NEED_WRITE },
    { "import.guess", handle_import_guess, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
