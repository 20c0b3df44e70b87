#include "daemon/records/reference.h"

#include "daemon/records/import_maps.h"
#include "daemon/records/walk.h"
#include "proto/catalogue.h"
#include "proto/registry.h"

static const struct {
    const char *name, *type;
} tables_known[] = { { "ubigeo", "territory" } };

enum { TABLES_KNOWN = sizeof(tables_known) / sizeof(tables_known[0]) };

static bool is_known(const char *name)
{
    for (size_t i = 0; i < TABLES_KNOWN; i++)
        if (strcmp(tables_known[i].name, name) == 0)
            return true;
    return false;
}

enum ayni_status reference_open(const struct records *records, const char *name,
                                struct ayni_space *space, struct ayni_bytes *map,
                                struct complaint *complaint)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);

    if (!is_known(name)) {
        complain_code(complaint, "unknown_table");
        complain_hint(complaint, N_("this version takes {}"), tables_known[0].name, NULL);
        return complain(complaint, AYNI_E_USAGE, N_("there is no reference table {}"), name, NULL);
    }
    if (steering == NULL || !ayni_id_equal(steering, &records->node)) {
        complain_hint(complaint, N_("they come to all members with the registry"), NULL);
        return complain(complaint, AYNI_E_RIGHT,
                        N_("the steering node alone loads reference tables"), NULL);
    }
    *space = charter->registry_space;
    *map = import_map_text(name);
    return AYNI_OK;
}

/* The newest version of any record of the type. */
static enum ayni_status measure(struct reader *reader, uint32_t type, struct reference_table *table)
{
    SCOPED_WALK walk;
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_type(reader, &reader_charter(reader)->registry_space, type, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        const struct ayni_fold_item *newest;
        status = reader_fold(reader, &key, &state);
        newest = status == AYNI_OK ? record_state_newest(&state) : NULL;
        if (newest == NULL || record_state_gone(&state))
            continue;
        table->rows++;
        if (newest->time.ms < table->time.ms)
            continue;
        table->time = newest->time;
        table->node = newest->node;
    }
    return status == AYNI_OK ? walk.status : status;
}

enum ayni_status reference_list(struct reader *reader,
                                struct reference_table tables[REFERENCE_TABLES_MAX], size_t *count)
{
    const struct ayni_catalogue *catalogue = reader_charter(reader)->catalogue;
    enum ayni_status status = AYNI_OK;
    size_t found = 0;

    for (size_t i = 0; status == AYNI_OK && i < TABLES_KNOWN; i++) {
        const struct ayni_catalogue_type *type =
            ayni_catalogue_type_named(catalogue, ayni_bytes_of_text(tables_known[i].type));
        tables[found] = (struct reference_table){ .name = tables_known[i].name };
        if (type != NULL)
            status = measure(reader, type->number, &tables[found]);
        found += tables[found].rows > 0;
    }
    *count = found;
    return status;
}
