#include "daemon/control/act_arguments.h"

#include "daemon/control/view_arguments.h"
#include "daemon/records/names.h"
#include "daemon/records/record_places.h"
#include "daemon/view/party.h"

enum { TYPE_CHILD = 101, TYPE_ORGANISATION = 704 };

enum ayni_status act_arguments_writer(struct control_call *call, struct month_writer *writer)
{
    writer->steward = call_steward(call);
    writer->english = strcmp(call_language(call), "en") == 0;
    return call_text_or(call, "reason", NULL, &writer->reason);
}

enum ayni_status act_arguments_territory(struct control_call *call, const char **territory)
{
    enum ayni_status status = call_text_or(call, "territory", "", territory);

    if (status != AYNI_OK)
        return status;
    size_t size = strlen(*territory);
    if (size <= 6 && size % 2 == 0 && strspn(*territory, "0123456789") == size)
        return AYNI_OK;
    call_hint(call, N_("a department has 2 digits, a province 4, a district 6"), NULL);
    return call_fail(call, AYNI_E_USAGE, N_("{} is no territory"), *territory, NULL);
}

/* --- where to write --- */

static bool may_hold_acts(const struct charter *charter, const struct record_place *place)
{
    return place->type == TYPE_CHILD && !ayni_id_equal(&place->space, &charter->registry_space) &&
           ayni_registry_may_write(charter->registry, &charter->self, &place->space);
}

static enum ayni_status only_space(struct control_call *call, struct reader *reader,
                                   struct ayni_space *space)
{
    const struct record_places *places;
    size_t found = 0;
    enum ayni_status status = reader_places(reader, &places);

    for (size_t i = 0; status == AYNI_OK && i < places->count; i++)
        if (may_hold_acts(reader_charter(reader), &places->items[i]) && found++ == 0)
            *space = places->items[i].space;
    if (status != AYNI_OK || found == 1)
        return status;
    call_hint(call, N_("`ayni space list` names them"), NULL);
    if (found == 0)
        return call_fail(call, AYNI_E_USAGE,
                         N_("this node may write in no space with children: say --space"), NULL);
    return call_fail(call, AYNI_E_USAGE,
                     N_("this node may write in several spaces with children: say --space"), NULL);
}

enum ayni_status act_arguments_space(struct control_call *call, struct reader *reader,
                                     struct ayni_space *space)
{
    const char *name;
    enum ayni_status status = call_text_or(call, "space", NULL, &name);

    if (status != AYNI_OK)
        return status;
    return name == NULL ? only_space(call, reader, space)
                        : names_space(reader_charter(reader), name, space, call_complaint(call));
}

/* --- which acts --- */

static enum ayni_status read_municipality(struct control_call *call, struct reader *reader,
                                          struct act_choice *choice)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, TYPE_ORGANISATION);
    const char *name;
    enum ayni_status status = call_text_or(call, "municipality", NULL, &name);

    if (status != AYNI_OK || name == NULL)
        return status;
    choice->filter.municipality = &choice->municipality;
    return names_record(reader, name, type, &choice->municipality, call_complaint(call));
}

enum ayni_status act_arguments_choice(struct control_call *call, struct reader *reader,
                                      struct act_choice *choice)
{
    const char *space;
    enum ayni_status status = act_arguments_territory(call, &choice->filter.place);

    if (status == AYNI_OK && choice->filter.place[0] == '\0')
        choice->filter.place = NULL;
    if (status == AYNI_OK && call_has(call, "period")) {
        choice->filter.has_month = true;
        status = view_arguments_month(call, &choice->filter.month);
    }
    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &space);
    if (status == AYNI_OK && space != NULL) {
        choice->filter.space = &choice->space;
        status =
            names_read_space(reader_charter(reader), space, &choice->space, call_complaint(call));
    }
    return status == AYNI_OK ? read_municipality(call, reader, choice) : status;
}

struct single {
    struct act *act;
    size_t count;
};

static bool note_single(void *context, const struct act *act)
{
    struct single *single = context;

    *single->act = *act;
    return ++single->count < 2;
}

enum ayni_status act_arguments_one(struct control_call *call, struct reader *reader,
                                   struct act *act)
{
    struct act_choice choice = { .filter = { .space = NULL } };
    struct single single = { .act = act };
    enum ayni_status status = act_arguments_choice(call, reader, &choice);

    if (status == AYNI_OK)
        status = acts_each(reader, &choice.filter, note_single, &single);
    if (status != AYNI_OK || single.count == 1)
        return status;
    call_hint(call, N_("`ayni act list` lists them"), NULL);
    if (single.count == 0)
        return call_fail(call, AYNI_E_NOT_FOUND, N_("there is no such act here"), NULL);
    return call_fail(call, AYNI_E_USAGE,
                     N_("there are several acts: say --municipality, or --space"), NULL);
}
