#include "daemon/records/import/import_row.h"

#include "daemon/records/import/import_cell.h"
#include "proto/cbor.h"

bool import_is_own(const struct import_reading *reading, const struct ayni_version *version)
{
    return ayni_bytes_equal(version->origin, reading->origin) &&
           ayni_bytes_equal(version->origin_organisation, reading->origin_organisation);
}

enum ayni_status import_keep(struct import_reading *reading, struct ayni_bytes *value)
{
    uint8_t *kept = ayni_arena_take(reading->memory, reading->cbor.size + 1, 1);

    if (kept == NULL || reading->cbor.failed)
        return AYNI_E_MEMORY;
    memcpy(kept, reading->cbor.data, reading->cbor.size);
    *value = (struct ayni_bytes){ kept, reading->cbor.size };
    return AYNI_OK;
}

/* The number of which `draft` is the own record, in its holder's list; NULL where it isn't given.
 */
static const struct identifier *own_identifier(const struct import_draft *drafts,
                                               const struct plan_record *plan)
{
    const struct import_draft *holder = &drafts[plan->holder];
    const char *scheme = strcmp(plan->identifier, "code") == 0 ? "programme" : plan->identifier;

    for (size_t i = 0; i < holder->identifier_count; i++)
        if (strcmp(holder->identifiers[i].scheme, scheme) == 0)
            return &holder->identifiers[i];
    return NULL;
}

/* By what a value that was read is told to be of another form than ours. */
static void note_form(struct import_reading *reading, const struct plan_field *field,
                      struct ayni_bytes text)
{
    enum ayni_kind_type kind = field->field->kind.type;

    if (kind == AYNI_KIND_DATE && field->source->dates == IMPORT_DATES_FOUND)
        reading->forms.day_first =
            reading->forms.day_first || memchr(text.data, '/', text.size) != NULL;
    if ((kind == AYNI_KIND_INT || kind == AYNI_KIND_DEC) &&
        field->source->decimals == IMPORT_DECIMALS_FOUND)
        reading->forms.comma = reading->forms.comma || memchr(text.data, ',', text.size) != NULL;
}

/* The value that the scratch text means, in the scratch buffer. */
static enum ayni_status read_cell(struct import_reading *reading, const struct plan_field *field,
                                  struct ayni_reason *reason)
{
    struct ayni_bytes text = ayni_buffer_bytes(&reading->text);
    bool is_reference = field->field->kind.type == AYNI_KIND_REF;
    enum ayni_status status;

    if (is_reference && import_memo_find(&reading->memo, field, text, &reading->cbor))
        return AYNI_OK;
    status = import_cell_value(&reading->values, field, text, &reading->cbor, reason);
    if (status == AYNI_OK)
        note_form(reading, field, text);
    if (is_reference && status == AYNI_OK)
        import_memo_keep(&reading->memo, field, text, ayni_buffer_bytes(&reading->cbor));
    return status;
}

/* The value that a field has by its source, in the scratch buffer; empty where it says nothing. */
static enum ayni_status read_source(struct import_reading *reading,
                                    const struct import_draft *drafts,
                                    const struct plan_record *plan, const struct plan_field *field,
                                    const struct ayni_bytes *cells, struct import_finding *finding)
{
    const struct import_source *source = field->source;
    const char *column;
    enum ayni_status status;

    ayni_buffer_clear(&reading->cbor);
    if (plan->holder != PLAN_NOWHERE && field->field->number == reading->identifier.value) {
        ayni_cbor_put_string(&reading->cbor, own_identifier(drafts, plan)->value);
        return AYNI_OK;
    }
    if (!import_condition_fits(&field->condition, cells))
        return AYNI_OK;
    if (field->record != PLAN_NOWHERE) {
        if (drafts[field->record].present)
            ayni_cbor_put_id(&reading->cbor, &drafts[field->record].key.record);
        return AYNI_OK;
    }
    if (source->constant != NULL)
        return ayni_value_parse(&reading->values, field->field,
                                ayni_bytes_of_text(source->constant), &reading->cbor,
                                &finding->reason);
    import_cell_text(field, cells, &reading->text);
    if (reading->text.failed)
        return AYNI_E_MEMORY;
    if (reading->text.size == 0 || !import_cell_has_weeks(field, cells))
        return AYNI_OK;
    column = import_plan_column(reading->plan, field);
    status = read_cell(reading, field, &finding->reason);
    if (status == AYNI_OK && source->weeks != NULL) {
        column = source->weeks;
        status = import_cell_weeks_before(field, cells, &reading->cbor, &finding->reason);
    }
    if (status == AYNI_E_INVALID) {
        finding->column = column;
        finding->reason.code =
            import_plan_reason(source->reasons, source->reason_count, finding->reason.code);
    }
    return status;
}

/* Whether a source before it has said something of the same field. */
static bool is_said(const struct import_draft *draft, const struct plan_field *field)
{
    return field->source->is_alternative && draft->says_count > 0 &&
           draft->says[draft->says_count - 1].number == field->field->number;
}

static enum ayni_status read_fields(struct import_reading *reading, struct import_draft *drafts,
                                    size_t index, const struct ayni_bytes *cells,
                                    struct import_finding *finding)
{
    struct import_draft *draft = &drafts[index];
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < draft->plan->field_count; i++) {
        const struct plan_field *field = &draft->plan->fields[i];
        struct ayni_field *said = &draft->says[draft->says_count];
        if (is_said(draft, field))
            continue;
        status = read_source(reading, drafts, draft->plan, field, cells, finding);
        if (status != AYNI_OK || reading->cbor.size == 0)
            continue;
        if (ayni_cbor_is_null(ayni_buffer_bytes(&reading->cbor)))
            continue;
        said->number = field->field->number;
        draft->from[draft->says_count++] = field;
        status = import_keep(reading, &said->value);
    }
    return status;
}

/* A code with that of an organisation before it, as exports have it, is taken as it is. */
static const char *name_of(const struct import_reading *reading, const char *name)
{
    bool whole = reading->plan->map->restates && strcmp(name, "code") == 0 &&
                 memchr(reading->text.data, ':', reading->text.size) != NULL;

    return whole ? "programme" : name;
}

static enum ayni_status take_identifier(struct import_reading *reading,
                                        const struct plan_identifier *from,
                                        struct import_draft *draft, struct import_finding *finding)
{
    struct identifier *identifier = &draft->identifiers[draft->identifier_count];
    enum ayni_status status;

    ayni_buffer_append_byte(&reading->text, 0);
    if (reading->text.failed)
        return AYNI_E_MEMORY;
    status = memchr(reading->text.data, 0, reading->text.size - 1) != NULL
                 ? AYNI_E_LIMIT
                 : identifier_of(name_of(reading, from->name), (const char *)reading->text.data,
                                 reading->organisation, identifier);
    if (status == AYNI_OK) {
        draft->identifier_count++;
        return AYNI_OK;
    }
    finding->column = import_plan_column(reading->plan, &from->value);
    ayni_reason_set(&finding->reason, "bad_document", N_("'{}' does not fit its scheme"));
    ayni_reason_arg(&finding->reason,
                    (struct ayni_bytes){ reading->text.data, reading->text.size - 1 });
    return AYNI_E_INVALID;
}

static enum ayni_status read_identifiers(struct import_reading *reading, struct import_draft *draft,
                                         const struct ayni_bytes *cells,
                                         struct import_finding *finding)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < draft->plan->identifier_count; i++) {
        const struct plan_identifier *from = &draft->plan->identifiers[i];
        if (!import_condition_fits(&from->value.condition, cells))
            continue;
        import_cell_text(&from->value, cells, &reading->text);
        if (reading->text.size > 0)
            status = take_identifier(reading, from, draft, finding);
    }
    return status;
}

/* Whether the row speaks of the record at all. */
static bool is_present(const struct import_draft *drafts, const struct plan_record *plan,
                       const struct ayni_bytes *cells)
{
    if (plan->holder != PLAN_NOWHERE)
        return drafts[plan->holder].present && own_identifier(drafts, plan) != NULL;
    if ((plan->with != PLAN_NOWHERE && !drafts[plan->with].present) ||
        (plan->instead_of != PLAN_NOWHERE && drafts[plan->instead_of].present) ||
        (plan->span.of != PLAN_NOWHERE && !drafts[plan->span.of].present))
        return false;
    return import_condition_fits(&plan->condition, cells);
}

enum ayni_status import_row_read(struct import_reading *reading, struct import_draft *drafts,
                                 size_t index, const struct ayni_bytes *cells,
                                 struct import_finding *finding)
{
    struct import_draft *draft = &drafts[index];
    const struct plan_record *plan = draft->plan;
    enum ayni_status status;

    draft->present = is_present(drafts, plan, cells);
    if (!draft->present)
        return AYNI_OK;
    draft->key = (struct record_key){ .space = reading->space, .type = plan->type->number };
    status = read_identifiers(reading, draft, cells, finding);
    if (status == AYNI_OK)
        status = read_fields(reading, drafts, index, cells, finding);
    return status;
}
