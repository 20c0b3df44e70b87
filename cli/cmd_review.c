#include <stdlib.h>
#include <string.h>

#include "cli/language.h"
#include "cli/output.h"
#include "cli/review.h"
#include "cli/review_input.h"
#include "cli/review_pairs.h"

/* What a person wants next. */
enum turn {
    TURN_SETTLED, /* or skipped: the next field */
    TURN_AGAIN,   /* the same question */
    TURN_RELOAD,  /* the record at `at`, from its first field */
    TURN_QUIT,
};

/* What was refused is told, and the question stands. */
static enum ayni_status told(enum ayni_status status, struct failure *failure, enum turn *turn)
{
    *turn = TURN_AGAIN;
    return review_tell(status, failure);
}

static enum ayni_status settle(struct review *review, const struct review_choice *choice,
                               enum turn *turn, struct failure *failure)
{
    enum ayni_status status = review_settle(review, choice, failure);

    *turn = TURN_SETTLED;
    if (status != AYNI_OK && failure->text[0] == 0)
        fail(failure, status, _("the alternatives have changed meanwhile"), NULL);
    if (status == AYNI_OK)
        return AYNI_OK;
    status = told(status, failure, turn);
    *turn = TURN_RELOAD; /* perhaps somebody else has settled it */
    return status;
}

static enum ayni_status edit(struct review *review, const char *field, size_t count,
                             enum turn *turn, struct failure *failure)
{
    char value[REVIEW_ANSWER_SIZE];
    const struct review_choice choice = { .field = field, .value = value, .expect = count };

    *turn = TURN_AGAIN;
    if (!review_input(_("the right value (nothing: back to the question):"), value) ||
        value[0] == 0)
        return AYNI_OK;
    enum ayni_status status = review_settle(review, &choice, failure);
    if (status != AYNI_OK)
        return told(status, failure, turn);
    *turn = TURN_SETTLED;
    return AYNI_OK;
}

static enum ayni_status history(struct review *review, struct failure *failure)
{
    enum turn turn;
    enum ayni_status status = review_ask_log(review, failure);

    if (status != AYNI_OK)
        return told(status, failure, &turn);
    review_print_log(review);
    return AYNI_OK;
}

static enum ayni_status undo(struct review *review, enum turn *turn, struct failure *failure)
{
    enum ayni_status status = review_undo(review, failure);

    *turn = TURN_RELOAD;
    if (status == AYNI_OK)
        return AYNI_OK;
    return told(status, failure, turn);
}

static enum ayni_status take(struct review *review, const char *field, size_t count,
                             const char *answer, enum turn *turn, struct failure *failure)
{
    char *end;
    struct review_choice choice = { .field = field, .expect = count };

    *turn = TURN_AGAIN;
    choice.pick = strtoul(answer, &end, 10);
    if (end != answer && *end == 0 && choice.pick >= 1 && choice.pick <= count)
        return settle(review, &choice, turn, failure);
    if (strcmp(answer, "e") == 0)
        return edit(review, field, count, turn, failure);
    if (strcmp(answer, "h") == 0)
        return history(review, failure);
    if (strcmp(answer, "u") == 0)
        return undo(review, turn, failure);
    if (strcmp(answer, "q") == 0)
        *turn = TURN_QUIT;
    else if (strcmp(answer, "s") == 0) {
        *turn = TURN_SETTLED;
        review->waiting[review->session.at].skipped++;
    } else
        review_print_keys();
    return AYNI_OK;
}

/* One question, until it is answered in some way. */
static enum ayni_status ask_field(struct review *review, struct ayni_bytes name,
                                  const struct ayni_control_value *alternatives, enum turn *turn,
                                  struct failure *failure)
{
    char field[REVIEW_FIELD_SIZE], prompt[REVIEW_FIELD_SIZE + 160], answer[REVIEW_ANSWER_SIZE];
    size_t count = review_print_field(review, name, alternatives);
    enum ayni_status status = AYNI_OK;

    snprintf(field, sizeof(field), "%.*s", (int)name.size, (const char *)name.data);
    snprintf(prompt, sizeof(prompt), "%s: %s [1-%zu,e,s,h,u,q,?]", field, _("which one?"), count);
    *turn = TURN_AGAIN;
    while (status == AYNI_OK && *turn == TURN_AGAIN) {
        if (review_input(prompt, answer))
            status = take(review, field, count, answer, turn, failure);
        else
            *turn = TURN_QUIT;
    }
    return status;
}

/* The contested fields of one record. */
static enum ayni_status ask_record(struct review *review, enum turn *turn, struct failure *failure)
{
    struct ayni_control_value record, fields, alternatives;
    enum ayni_status status = review_ask_shown(review, failure);

    review->waiting[review->session.at].skipped = 0;
    *turn = TURN_SETTLED;
    if (status != AYNI_OK) {
        status = told(status, failure, turn);
        *turn = TURN_SETTLED; /* it is gone, or in several spaces: the next one */
        review->waiting[review->session.at].skipped = 1;
        return status;
    }
    if (ayni_control_value_decode(ayni_buffer_bytes(&review->shown), &record) != AYNI_OK ||
        !ayni_control_find(&record, "fields", &fields) || ayni_control_count(&fields) == 0)
        return AYNI_OK; /* somebody else was quicker */
    review_print_record(review);
    struct ayni_control_cursor cursor = ayni_control_cursor(&fields);
    for (struct ayni_bytes name; status == AYNI_OK && *turn == TURN_SETTLED &&
                                 ayni_control_next(&cursor, &name, &alternatives);)
        status = ask_field(review, name, &alternatives, turn, failure);
    return status;
}

static enum ayni_status run(struct review *review, struct failure *failure)
{
    enum turn turn = TURN_SETTLED;
    enum ayni_status status = review_ask_waiting(review, failure);

    if (status != AYNI_OK)
        return status;
    if (review->waiting_count == 0) {
        printf("%s\n", _("no conflict waits"));
        return AYNI_OK;
    }
    printf("%s: %zu. %s\n", _("conflicts that wait"), review->waiting_count,
           _("One question at a time; ? shows the keys."));
    while (status == AYNI_OK && turn != TURN_QUIT && review->session.at < review->waiting_count) {
        status = ask_record(review, &turn, failure);
        if (status == AYNI_OK && turn == TURN_SETTLED)
            review->session.at++;
    }
    review_print_end(review);
    return status;
}

enum ayni_status cmd_review(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    struct review review = {
        .session = { .settings = settings, .arguments = arguments, .people = { .to = stdout } }
    };
    bool of_pairs = arguments_value(arguments, "duplicates") != NULL;
    enum ayni_status status;

    if (settings->json) {
        fail_hint(failure,
                  of_pairs ? _("`ayni duplicates --json`, link and distinct are for programs")
                           : _("`ayni conflicts --json` and `ayni resolve` are for programs"),
                  NULL);
        return fail(failure, AYNI_E_USAGE, _("review asks people: there is no JSON of it"), NULL);
    }
    if (of_pairs)
        return review_pairs(settings, arguments, failure);
    if (arguments_value(arguments, "territory") != NULL)
        return fail(failure, AYNI_E_USAGE, _("--territory goes with --duplicates"), NULL);
    status = run(&review, failure);
    review_free(&review);
    return status == AYNI_OK ? output_status(failure) : status;
}
