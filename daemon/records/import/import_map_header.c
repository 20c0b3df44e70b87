#include <string.h>

#include "daemon/records/identifier.h"
#include "daemon/records/import/import_map_private.h"

static void add_column(struct import_map_record *record, const char *name, bool takes_identifiers)
{
    struct import_source source = { .columns = { name },
                                    .column_count = 1,
                                    .dates = IMPORT_DATES_FOUND };

    if (name == NULL)
        return; /* no memory, as the arena remembers */
    if (strcmp(name, "_id") == 0)
        record->id = name;
    else if (name[0] == '_')
        return;
    else if (takes_identifiers && identifier_index(name) >= 0)
        record->identifiers[identifier_index(name)] =
            (struct import_map_identifier){ identifier_names[identifier_index(name)], source };
    else
        record->fields[record->field_count++] = (struct import_map_field){ name, source };
}

/* What was put by scheme stands close together, each with its own record. */
static void close_identifiers(struct import_map *map, struct import_map_record *record)
{
    for (size_t i = 0; i < IDENTIFIER_SCHEMES; i++) {
        if (record->identifiers[i].name == NULL)
            continue;
        record->identifiers[record->identifier_count] = record->identifiers[i];
        import_map_add_identifier(map, record, &record->identifiers[record->identifier_count++],
                                  NULL);
    }
}

enum ayni_status import_map_of_header(const char *type, bool takes_identifiers,
                                      const char *const *header, size_t count,
                                      struct import_map *map)
{
    struct import_map_record *record;

    *map = (struct import_map){
        .name = "", .origin = "csv", .dates = IMPORT_DATES_FOUND, .restates = true
    };
    record = map->records =
        ayni_arena_zero(&map->memory, 1 + IDENTIFIER_SCHEMES, sizeof(*map->records));
    if (record == NULL)
        return AYNI_E_MEMORY;
    record->name = record->type = ayni_arena_text(&map->memory, ayni_bytes_of_text(type));
    record->fields = ayni_arena_zero(&map->memory, count + 1, sizeof(*record->fields));
    record->identifiers =
        ayni_arena_zero(&map->memory, IDENTIFIER_SCHEMES, sizeof(*record->identifiers));
    if (record->fields == NULL || record->identifiers == NULL)
        return AYNI_E_MEMORY;
    record->main = true;
    map->record_count = 1;
    for (size_t i = 0; i < count; i++)
        add_column(record, ayni_arena_text(&map->memory, ayni_bytes_of_text(header[i])),
                   takes_identifiers);
    close_identifiers(map, record);
    return ayni_arena_status(&map->memory);
}
