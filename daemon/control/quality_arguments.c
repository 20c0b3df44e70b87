#include "daemon/control/quality_arguments.h"

#include <string.h>

#include "daemon/control/view_arguments.h"
#include "proto/nearest.h"

/* One word, with all that is counted under it; without one all of them. */
static enum ayni_status read_word(struct control_call *call, uint32_t *wanted)
{
    const char *word;
    enum ayni_status status = call_text_or(call, "word", NULL, &word);

    *wanted = 0;
    if (status != AYNI_OK)
        return status;
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(word == NULL ? "" : word));
    for (enum quality_figure figure = 0; figure < QUALITY_FIGURES; figure++) {
        ayni_nearest_offer(&nearest, quality_word(figure));
        if (word == NULL || strcmp(quality_word(figure), word) == 0)
            *wanted |= 1u << figure;
    }
    if (*wanted != 0)
        return AYNI_OK;
    if (nearest.best != NULL)
        call_hint(call, N_("did you mean {}?"), nearest.best, NULL);
    else
        call_hint(call, N_("`ayni quality` shows all of them"), NULL);
    return call_fail(call, AYNI_E_USAGE, N_("there is no figure {}"), word, NULL);
}

static enum ayni_status read_dimensions(struct control_call *call, struct quality_request *request)
{
    const char *const *names;
    size_t count;
    enum ayni_status status = call_texts(call, "by", &names, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        if (strcmp(names[i], "source") == 0) {
            request->by_source = true;
        } else if (strcmp(names[i], "origin") == 0) {
            request->by_origin = true;
        } else if (strcmp(names[i], "territory") == 0) {
            request->by_territory = true;
        } else if (strcmp(names[i], "type") == 0) {
            request->by_type = true;
        } else {
            call_hint(call, N_("there are: {}"), "source, origin, territory, type", NULL);
            status = call_fail(call, AYNI_E_USAGE, N_("numbers can't be broken down by {}"),
                               names[i], NULL);
        }
    }
    return status;
}

/* --level: districts where it isn't said. */
static enum ayni_status read_level(struct control_call *call, struct quality_request *request)
{
    request->level = VIEW_DISTRICT;
    if (!call_has(call, "level"))
        return AYNI_OK;
    request->by_territory = true;
    return view_arguments_level(call, request->territory, &request->level);
}

enum ayni_status quality_arguments_read(struct control_call *call, const struct charter *charter,
                                        struct scope *scope, struct quality_request *request,
                                        month_no *last)
{
    enum ayni_status status = read_word(call, &request->wanted);

    if (status == AYNI_OK)
        status = scope_read(call, charter, scope);
    if (status == AYNI_OK)
        status = scope_node(call, charter, &request->has_node, &request->node);
    if (status == AYNI_OK)
        status = read_dimensions(call, request);
    if (status == AYNI_OK)
        status = view_arguments_territory(call, &request->territory);
    if (status == AYNI_OK)
        status = read_level(call, request);
    if (status == AYNI_OK)
        status = view_arguments_month(call, last);
    if (status != AYNI_OK)
        return status;
    request->space = scope_space(scope);
    request->type = scope->type;
    request->has_month = call_has(call, "period");
    request->month = *last;
    return AYNI_OK;
}
