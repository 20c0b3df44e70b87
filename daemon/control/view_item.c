#include "daemon/control/view_item.h"

#include <string.h>

#include "daemon/control/record_item.h"
#include "daemon/records/links/link_component.h"

/* A percentage with two decimals, rounded; a count as it is; null where there is nobody. */
static void put_value(struct ayni_control_writer *item, const struct indicator *indicator,
                      const struct counts *counts)
{
    if (counts->denominator <= 0)
        ayni_control_put_null(item, "value");
    else if (indicator->is_count)
        ayni_control_put_int(item, "value", counts->denominator);
    else
        ayni_control_put_decimal(
            item, "value",
            (counts->numerator * 20000 + counts->denominator) / (2 * counts->denominator), 2);
}

void view_item_indicator(struct outbox *outbox, const struct indicator *indicator, month_no month,
                         const struct counts *counts, bool spanish)
{
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "indicator", indicator->code);
    ayni_control_put_text(item, "title", spanish ? indicator->title_es : indicator->title_en);
    ayni_control_put_month(item, "period", month_first_day(month));
    ayni_control_put_int(item, "numerator", counts->numerator);
    ayni_control_put_int(item, "denominator", counts->denominator);
    put_value(item, indicator, counts);
    if (indicator->has_target)
        ayni_control_put_decimal(item, "target", indicator->target, 2);
    else
        ayni_control_put_null(item, "target");
    ayni_control_close(item);
    outbox_end(outbox);
}

void view_item_put_place(struct ayni_control_writer *item, const struct territories *territories,
                         const char *place)
{
    const struct territory *territory =
        place[0] == '\0' ? NULL : territories_last(territories, ayni_bytes_of_text(place));

    if (place[0] == '\0')
        ayni_control_put_null(item, "territory");
    else
        ayni_control_put_text(item, "territory", place);
    if (territory == NULL)
        ayni_control_put_null(item, "name");
    else
        ayni_control_put_text(item, "name", territory->name);
}

static void put_dimension(struct ayni_control_writer *item, enum view_dimension dimension,
                          const char *value)
{
    if (value[0] == '\0')
        ayni_control_put_null(item, view_dimension_name(dimension));
    else
        ayni_control_put_text(item, view_dimension_name(dimension), value);
}

void view_item_row(struct outbox *outbox, const struct territories *territories,
                   const struct view_request *request, const struct view_row *row)
{
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_object(item, NULL);
    view_item_put_place(item, territories, row->place);
    if (request->by_sex)
        put_dimension(item, VIEW_BY_SEX, row->sex);
    if (request->by_language)
        put_dimension(item, VIEW_BY_LANGUAGE, row->language);
    ayni_control_put_month(item, "period", month_first_day(request->month));
    ayni_control_put_int(item, "numerator", row->counts.numerator);
    ayni_control_put_int(item, "denominator", row->counts.denominator);
    ayni_control_put_int(item, "excluded", row->counts.excluded);
    ayni_control_put_int(item, "unknown", row->counts.unknown);
    put_value(item, request->edition, &row->counts);
    ayni_control_put_int(item, "contested", row->counts.contested);
    ayni_control_close(item);
    outbox_end(outbox);
}

static const char *counted_as(const struct contribution *contribution)
{
    if (contribution->flags & CONTRIBUTION_NUMERATOR)
        return "numerator";
    return contribution->flags & CONTRIBUTION_UNKNOWN ? "unknown" : "denominator";
}

/* How a subject is counted, and with whom together. */
struct traced {
    const struct territories *territories;
    const struct subject_facts *facts;
    const struct contribution *contribution;
    struct link_component component;
};

static void put_traced(struct outbox *outbox, const struct charter *charter,
                       const struct traced *traced, const struct record_key *key)
{
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_object(item, NULL);
    record_item_key(item, charter, key, true);
    view_item_put_place(item, traced->territories, traced->facts->place);
    ayni_control_put_text(item, "counts", counted_as(traced->contribution));
    ayni_control_put_bool(item, "contested",
                          (traced->contribution->flags & CONTRIBUTION_CONTESTED) != 0);
    if (traced->component.count > 1)
        ayni_control_put_record(item, "child", &traced->component.child);
    ayni_control_close(item);
    outbox_end(outbox);
}

enum ayni_status view_item_subject(struct outbox *outbox, const struct territories *territories,
                                   struct reader *reader, const struct ayni_record *subject,
                                   uint32_t type, const struct subject_facts *facts,
                                   const struct contribution *contribution)
{
    enum { SPACES_MAX = 16 };
    struct traced traced = { territories, facts, contribution, { .count = 0 } };
    struct record_key keys[SPACES_MAX];
    size_t count;
    enum ayni_status status = links_component(reader, subject, &traced.component);

    for (size_t m = 0; status == AYNI_OK && m < traced.component.count; m++) {
        status =
            reader_find(reader, &traced.component.members[m], type, NULL, keys, SPACES_MAX, &count);
        for (size_t i = 0; status == AYNI_OK && i < count && i < SPACES_MAX; i++)
            put_traced(outbox, reader_charter(reader), &traced, &keys[i]);
    }
    return status == AYNI_OK ? ayni_buffer_status(&outbox->items) : status;
}
