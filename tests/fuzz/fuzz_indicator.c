/*
 * An indicator's definition and its rule set's parameters, as long as the first
 * two bytes say: they are one, or words say what is wrong. By one that is, any
 * subject contributes for months that ascend, and keeps it as it was.
 */
#include "daemon/view/indicator.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/view/subject.h"
#include "tests/support/first_catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS = 3 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

struct input {
    const uint8_t *data;
    size_t size;
};

static struct ayni_bytes take(struct input *in, size_t size)
{
    struct ayni_bytes taken = { in->data, size < in->size ? size : in->size };

    in->data += taken.size;
    in->size -= taken.size;
    return taken;
}

static size_t take_byte(struct input *in)
{
    struct ayni_bytes byte = take(in, 1);

    return byte.size == 0 ? 0 : byte.data[0];
}

/* A day of the calendar, from year 1 to 9999. */
static int64_t take_day(struct input *in)
{
    return (int64_t)(take_byte(in) << 16 | take_byte(in) << 8 | take_byte(in)) % 3652059 - 719162;
}

static struct subject_facts take_facts(struct input *in)
{
    struct subject_facts facts = { .alive = true, .birth_date = take_day(in) };

    facts.has_death = take_byte(in) % 2 != 0;
    facts.death_date = take_day(in);
    facts.contested = take_byte(in) % 2 != 0;
    memcpy(facts.state, "active", sizeof("active"));
    memcpy(facts.place, "160101", sizeof("160101"));
    return facts;
}

/* Kept in views/ and read again. */
static void keep(const struct subject_facts *facts, const struct contribution *contributions,
                 size_t count)
{
    struct subject_share shares[CONTRIBUTIONS_MAX];
    SCOPED_SUBJECT again = { .count = 0 };
    SCOPED_BUFFER kept = { 0 };

    for (size_t i = 0; i < count; i++)
        shares[i] = (struct subject_share){ i, contributions[i] };
    subject_encode(&(struct subject_result){ *facts, shares, count, count }, &kept);
    require(subject_decode(ayni_buffer_bytes(&kept), &again) == AYNI_OK && again.count == count);
    for (size_t i = 0; i < count; i++)
        require(again.shares[i].contribution.first == contributions[i].first &&
                again.shares[i].contribution.last == contributions[i].last);
}

static void contribute(const struct indicator *indicator, struct input *in)
{
    struct contribution contributions[CONTRIBUTIONS_MAX];
    struct subject_facts facts = take_facts(in);
    struct event_fact events[EVENTS];

    for (size_t i = 0; i < EVENTS; i++) {
        events[i] = (struct event_fact){ .condition = take_byte(in) % INDICATOR_CONDITIONS_MAX,
                                         .has_date = take_byte(in) % 2 != 0 };
        events[i].date = take_day(in);
    }
    size_t count = contributions_of(indicator, &facts, events, EVENTS, contributions);
    require(count <= CONTRIBUTIONS_MAX);
    for (size_t i = 0; i < count; i++)
        require(contributions[i].first <= contributions[i].last &&
                (i == 0 || contributions[i - 1].last < contributions[i].first));
    keep(&facts, contributions, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = { data, size };
    struct indicator indicator = { 0 };
    char error[INDICATOR_ERROR_SIZE] = "";
    size_t definition_size = take_byte(&in) * 8, parameters_size = take_byte(&in) * 8;

    struct ayni_bytes definition = take(&in, definition_size);
    struct ayni_bytes parameters = take(&in, parameters_size);
    if (indicator_read(definition, parameters, first_catalogue(), &indicator, error) == AYNI_OK)
        contribute(&indicator, &in);
    else
        require(error[0] != '\0');
    return 0;
}
