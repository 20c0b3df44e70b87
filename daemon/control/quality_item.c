#include "daemon/control/quality_item.h"

#include "daemon/control/error.h"
#include "daemon/control/named_item.h"
#include "daemon/control/view_item.h"
#include "daemon/records/names.h"

static void put_text_or_null(struct ayni_control_writer *item, const char *key, const char *text)
{
    if (text[0] == '\0')
        ayni_control_put_null(item, key);
    else
        ayni_control_put_text(item, key, text);
}

static void put_source(struct ayni_control_writer *item, const struct charter *charter,
                       const struct quality_group *group)
{
    static const struct ayni_node nobody;

    if (ayni_id_equal(&group->node, &nobody)) {
        ayni_control_put_null(item, "space");
        ayni_control_put_null(item, "node");
        ayni_control_put_null(item, "org");
        return;
    }
    named_item_space(item, charter, &group->space);
    named_item_node(item, charter, &group->node);
}

static void put_type(struct ayni_control_writer *item, const struct charter *charter, uint32_t type)
{
    char text[NAMES_SIZE] = "";

    if (type != 0)
        names_of_type(charter, type, text);
    put_text_or_null(item, "type", text);
}

static void put_group(struct ayni_control_writer *item, const struct charter *charter,
                      const struct territories *territories, const struct quality_request *request,
                      const struct quality_group *group)
{
    if (request->by_source)
        put_source(item, charter, group);
    if (request->by_origin)
        put_text_or_null(item, "origin", group->origin);
    if (request->by_territory)
        view_item_put_place(item, territories, group->place);
    if (request->by_type)
        put_type(item, charter, group->type);
}

/* A percentage with two decimals, or days with one; null where there is nothing to count. */
static void put_value(struct ayni_control_writer *item, const struct quality_row *row)
{
    if (row->denominator <= 0)
        ayni_control_put_null(item, "value");
    else if (quality_is_days(row->figure))
        ayni_control_put_decimal(item, "value", row->days, 1);
    else
        ayni_control_put_decimal(
            item, "value", (row->numerator * 20000 + row->denominator) / (2 * row->denominator), 2);
}

static void put_counts(struct ayni_control_writer *item, const struct quality_row *row,
                       const char *why)
{
    if (why != NULL || quality_is_days(row->figure))
        ayni_control_put_null(item, "numerator");
    else
        ayni_control_put_int(item, "numerator", row->numerator);
    if (why != NULL)
        ayni_control_put_null(item, "denominator");
    else
        ayni_control_put_int(item, "denominator", row->denominator);
    put_value(item, row);
}

void quality_item_put(struct outbox *outbox, const struct charter *charter,
                      const struct territories *territories, const struct quality_request *request,
                      const struct quality_row *row, const char *why)
{
    struct ayni_control_writer *item = outbox_begin(outbox);
    struct complaint said = { 0 };

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "word", quality_word(row->figure));
    ayni_control_put_text(item, "of", quality_of(row->figure));
    put_group(item, charter, territories, request, &row->group);
    put_counts(item, row, why);
    ayni_control_put_text(item, "unit", quality_is_days(row->figure) ? "days" : "%");
    if (why != NULL) {
        (void)complain(&said, AYNI_OK, why, NULL);
        control_words_put(item, &said);
    }
    ayni_control_close(item);
    outbox_end(outbox);
}
