#include "cli/complete_values.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/value.h"

enum { PATIENCE_MS = 500, WORD_SIZE = 160 };

/* Where candidates are: what help calls the value, the request that lists them, and how one is
 * written. */
static const struct source {
    const char *value, *request, *key, *before, *after;
    const char *type, *field; /* of the catalogue: the codes of a field */
} sources[] = {
    { "TYPE", "types", "type", "", "", NULL, NULL },
    { "SPACE", "space.list", "space", "", "", NULL, NULL },
    { "NODE", "member.list", "name", "", "", NULL, NULL },
    { "SQL|@NAME", "queries", "name", "@", "", NULL, NULL },
    { "INDICATOR", "view", "indicator", "", "", NULL, NULL },
    { "FIELD=VALUE", "types", "field", "", "=", NULL, NULL },
    { "FIELD", "types", "field", "", "", NULL, NULL },
    { "A,B,C", "types", "field", "", "", NULL, NULL },
    { "CODE[,CODE]", "types", NULL, "", "", "link_decision", "reason" },
    { "CODE", "types", NULL, "", "", "conflict_decision", "evidence" },
    { "KIND", "types", NULL, "", "", "data_flag", "kind" },
};

/* What the programs know without asking: all that there is, with a | between. */
static const struct {
    const char *value, *words;
} known[] = {
    { "NAME|FILE", "padron|padron-ngo|kobo-home-visits|odk-home-visits|his|growth" },
    { "WORD", "completeness|timeliness|freshness|latency|validity|consistency|uniqueness|linkage|"
              "accuracy|triangulation|outliers|contested|quarantined|marks" },
};

void complete_offer(const struct completing *completing, const char *before, const char *word,
                    const char *after)
{
    char whole[2 * WORD_SIZE];

    snprintf(whole, sizeof(whole), "%s%s%s", before, word, after);
    if (strncmp(whole, completing->current, strlen(completing->current)) == 0)
        printf("%s\n", whole);
}

/* --- what the daemon knows --- */

struct asking {
    const struct completing *completing;
    const struct source *source;
    const char *before; /* in the same word */
    const char *field;  /* whose codes are asked for; or NULL */
};

static void offer_value(const struct asking *asking, const struct ayni_control_value *value)
{
    SCOPED_BUFFER text = { 0 };
    char before[WORD_SIZE];

    value_text(value, &text);
    ayni_buffer_append_byte(&text, '\0');
    if (text.failed)
        return;
    snprintf(before, sizeof(before), "%s%s", asking->before, asking->source->before);
    complete_offer(asking->completing, before, (const char *)text.data,
                   asking->field != NULL ? "" : asking->source->after);
}

static bool is_field(const struct ayni_control_value *item, const char *name)
{
    struct ayni_control_value field;
    return ayni_control_find(item, "field", &field) && field.kind == AYNI_CONTROL_TEXT &&
           ayni_bytes_equal(field.bytes, ayni_bytes_of_text(name));
}

static enum ayni_status take(void *context, const struct ayni_control_value *item,
                             struct failure *failure)
{
    const struct asking *asking = context;
    struct ayni_control_value value;

    (void)failure;
    if (asking->field == NULL) {
        if (ayni_control_find(item, asking->source->key, &value))
            offer_value(asking, &value);
    } else if (is_field(item, asking->field) && ayni_control_find(item, "codes", &value) &&
               value.kind == AYNI_CONTROL_ARRAY) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&value);
        for (struct ayni_control_value code; ayni_control_next(&cursor, NULL, &code);)
            offer_value(asking, &code);
    }
    return AYNI_OK;
}

/* Whoever types isn't kept waiting: then there are none. */
static void on_alarm(int number)
{
    (void)number;
    _exit(0);
}

static void ask(const struct asking *asking, const char *type)
{
    const struct itimerval patience = { .it_value = { .tv_usec = PATIENCE_MS * 1000 } };
    const struct client_sink sink = { .context = (void *)(uintptr_t)asking, .item = take };
    struct failure ignored = { 0 };
    SCOPED_CLIENT client;

    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &patience, NULL);
    if (client_connect(asking->completing->settings, &client, &ignored) != AYNI_OK)
        return;
    struct ayni_control_writer writer = client_request(&client, asking->source->request);
    ayni_control_open_object(&writer, NULL);
    if (type != NULL)
        ayni_control_put_text(&writer, "type", type);
    ayni_control_close(&writer);
    (void)!client_exchange(&client, &sink, &ignored);
}

/* Fields of the type that the command names, and behind a field's `=` its codes. */
static void ask_fields(const struct completing *completing, const struct source *source,
                       const char *before)
{
    const char *equals = strchr(completing->current + strlen(before), '=');
    char field[WORD_SIZE], with_field[WORD_SIZE + 1];
    struct asking asking = { completing, source, before, NULL };

    if (completing->type == NULL)
        return;
    if (equals != NULL && source->after[0] == '=') {
        snprintf(field, sizeof(field), "%.*s", (int)(equals - completing->current),
                 completing->current);
        snprintf(with_field, sizeof(with_field), "%s=", field);
        asking.field = field;
        asking.before = with_field;
    }
    ask(&asking, completing->type);
}

/* --- a parameter --- */

static const struct source *source_of(const char *value)
{
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
        if (strcmp(sources[i].value, value) == 0)
            return &sources[i];
    return NULL;
}

static const char *choices_of(const char *value)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i].value, value) == 0)
            return known[i].words;
    return value;
}

/* Words in small letters with a | between are all that there are. */
static void offer_choices(const struct completing *completing, const char *choices,
                          const char *before)
{
    char words[WORD_SIZE], *rest = NULL;

    if (strchr(choices, '|') == NULL || strpbrk(choices, "ABCDEFGHIJKLMNOPQRSTUVWXYZ=") != NULL)
        return;
    snprintf(words, sizeof(words), "%s", choices);
    for (char *word = strtok_r(words, "|", &rest); word != NULL; word = strtok_r(NULL, "|", &rest))
        complete_offer(completing, before, word, "");
}

void complete_values(const struct completing *completing, const struct parameter *parameter,
                     const char *before)
{
    const struct source *source = source_of(parameter->value != NULL ? parameter->value : "");

    if (source == NULL) {
        offer_choices(completing, choices_of(parameter->value != NULL ? parameter->value : ""),
                      before);
        return;
    }
    struct asking asking = { completing, source, before, source->field };
    bool of_type = source->key != NULL && strcmp(source->key, "field") == 0;
    if (of_type)
        ask_fields(completing, source, before);
    else
        ask(&asking, source->type);
}
