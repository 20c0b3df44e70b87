#include "cli/review_pairs.h"

#include <string.h>

#include "cli/language.h"
#include "cli/output.h"
#include "cli/review_input.h"

/* What a person wants next. */
enum turn {
    TURN_NEXT,
    TURN_AGAIN,  /* the same question */
    TURN_RELOAD, /* the pair at `at`, shown anew */
    TURN_QUIT,
};

static enum ayni_status decide(struct pairs *pairs, const char *verdict, enum turn *turn,
                               struct failure *failure)
{
    enum ayni_status status = pairs_decide(pairs, verdict, failure);

    *turn = TURN_NEXT;
    if (status == AYNI_OK)
        return AYNI_OK;
    *turn = TURN_RELOAD; /* perhaps one of them is gone by now */
    return review_tell(status, failure);
}

static enum ayni_status undo(struct pairs *pairs, enum turn *turn, struct failure *failure)
{
    enum ayni_status status = pairs_undo(pairs, failure);

    *turn = TURN_RELOAD;
    if (status == AYNI_OK)
        return AYNI_OK;
    *turn = TURN_AGAIN;
    return review_tell(status, failure);
}

static enum ayni_status take(struct pairs *pairs, const char *answer, enum turn *turn,
                             struct failure *failure)
{
    static const struct {
        const char *answer, *verdict;
    } verdicts[] = { { "y", "same" }, { "d", "different" }, { "t", "twins" } };

    *turn = TURN_AGAIN;
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
        if (strcmp(answer, verdicts[i].answer) == 0)
            return decide(pairs, verdicts[i].verdict, turn, failure);
    if (strcmp(answer, "u") == 0)
        return undo(pairs, turn, failure);
    if (strcmp(answer, "h") == 0) {
        pairs_print_sources(pairs);
    } else if (strcmp(answer, "q") == 0) {
        *turn = TURN_QUIT;
    } else if (strcmp(answer, "s") == 0) {
        *turn = TURN_NEXT;
        pairs->skipped++;
    } else {
        pairs_print_keys();
    }
    return AYNI_OK;
}

/* One pair, until it is answered in some way. */
static enum ayni_status ask(struct pairs *pairs, enum turn *turn, struct failure *failure)
{
    char prompt[160], answer[REVIEW_ANSWER_SIZE];
    enum ayni_status status = pairs_ask_shown(pairs, failure);

    *turn = TURN_NEXT;
    if (status != AYNI_OK) { /* one of them is gone: the next pair */
        pairs->skipped++;
        return review_tell(status, failure);
    }
    if (!pairs_is_open(pairs))
        return AYNI_OK; /* somebody else was quicker */
    pairs_print(pairs);
    snprintf(prompt, sizeof(prompt), "%s [y,d,t,s,h,u,q,?]", _("one child?"));
    *turn = TURN_AGAIN;
    while (status == AYNI_OK && *turn == TURN_AGAIN) {
        if (review_input(prompt, answer))
            status = take(pairs, answer, turn, failure);
        else
            *turn = TURN_QUIT;
    }
    return status;
}

static enum ayni_status run(struct pairs *pairs, struct failure *failure)
{
    enum turn turn = TURN_NEXT;
    enum ayni_status status = pairs_ask_waiting(pairs, failure);

    if (status != AYNI_OK)
        return status;
    if (pairs->count == 0) {
        printf("%s\n", _("no pair waits"));
        return AYNI_OK;
    }
    printf("%s: %zu. %s\n", _("pairs that wait"), pairs->count,
           _("One question at a time; ? shows the keys."));
    while (status == AYNI_OK && turn != TURN_QUIT && pairs->session.at < pairs->count) {
        status = ask(pairs, &turn, failure);
        if (status == AYNI_OK && turn == TURN_NEXT)
            pairs->session.at++;
    }
    pairs_print_end(pairs);
    return status;
}

enum ayni_status review_pairs(const struct settings *settings, const struct arguments *arguments,
                              struct failure *failure)
{
    struct pairs pairs = {
        .session = { .settings = settings, .arguments = arguments, .people = { .to = stdout } }
    };
    enum ayni_status status = run(&pairs, failure);

    pairs_free(&pairs);
    return status == AYNI_OK ? output_status(failure) : status;
}
