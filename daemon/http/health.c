#include "daemon/http/health.h"

#include <microhttpd.h>

#include "daemon/control/checkup.h"

static const char *word_of(const struct finding *finding)
{
    return finding->state == CHECKUP_WELL ? "ok" : finding->trouble.code;
}

/* The gravest finding of those that are about the node as it runs, the first of them; NULL: all is
 * well. */
static const struct finding *worst_of(const struct checkup *checkup)
{
    const struct finding *worst = NULL;

    for (size_t i = 0; i < CHECKUP_COUNT; i++) {
        const struct finding *finding = &checkup->findings[i];
        if (finding->is_health && finding->state > (worst != NULL ? worst->state : CHECKUP_WELL))
            worst = finding;
    }
    return worst;
}

/* The words are this program's own, and need no escaping. */
static void put_pair(struct ayni_buffer *body, const char *key, const char *word)
{
    ayni_buffer_append_text(body, "\"");
    ayni_buffer_append_text(body, key);
    ayni_buffer_append_text(body, "\":\"");
    ayni_buffer_append_text(body, word);
    ayni_buffer_append_text(body, "\"");
}

unsigned health_page(struct daemon *daemon, struct ayni_buffer *body)
{
    struct checkup checkup;
    const char *comma = "";

    checkup_run(daemon, &checkup);
    const struct finding *worst = worst_of(&checkup);
    ayni_buffer_append_text(body, "{");
    put_pair(body, "status", worst != NULL ? word_of(worst) : "ok");
    ayni_buffer_append_text(body, ",\"checks\":{");
    for (size_t i = 0; i < CHECKUP_COUNT; i++) {
        if (!checkup.findings[i].is_health)
            continue;
        ayni_buffer_append_text(body, comma);
        put_pair(body, checkup.findings[i].check, word_of(&checkup.findings[i]));
        comma = ",";
    }
    ayni_buffer_append_text(body, "}}\n");
    return worst != NULL && worst->state == CHECKUP_SICK ? MHD_HTTP_SERVICE_UNAVAILABLE
                                                         : MHD_HTTP_OK;
}
