#include "daemon/records/import/import_maps.h"

#include <string.h>

/* Made from maps/ by cmake/embed.cmake. */
#define MAP(symbol)                                                                                \
    extern const unsigned char embedded_maps_##symbol[];                                           \
    extern const size_t embedded_maps_##symbol##_size;
MAP(padron)
MAP(padron_ngo)
MAP(kobo_home_visits)
MAP(odk_home_visits)
MAP(his)
MAP(growth)
MAP(ubigeo)
MAP(schedule_rules)
MAP(his_codes)
MAP(products)
MAP(indicators)
#undef MAP

const char *const import_map_names[] = { "padron",          "padron-ngo", "kobo-home-visits",
                                         "odk-home-visits", "his",        "growth",
                                         "ubigeo",          NULL };

#define MAP(name, symbol)                                                                          \
    {                                                                                              \
        name, embedded_maps_##symbol, &embedded_maps_##symbol##_size                               \
    }
static const struct {
    const char *name;
    const unsigned char *text;
    const size_t *size;
} maps[] = {
    MAP("padron", padron),
    MAP("padron-ngo", padron_ngo),
    MAP("kobo-home-visits", kobo_home_visits),
    MAP("odk-home-visits", odk_home_visits),
    MAP("his", his),
    MAP("growth", growth),
    MAP("ubigeo", ubigeo),
    MAP("schedule-rules", schedule_rules),
    MAP("his-codes", his_codes),
    MAP("products", products),
    MAP("indicators", indicators),
};

struct ayni_bytes import_map_text(const char *name)
{
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
        if (strcmp(name, maps[i].name) == 0)
            return (struct ayni_bytes){ maps[i].text, *maps[i].size };
    return (struct ayni_bytes){ NULL, 0 };
}
