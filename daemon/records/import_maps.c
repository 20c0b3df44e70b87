#include "daemon/records/import_maps.h"

#include <string.h>

/* Made from maps/ by cmake/embed.cmake. */
#define MAP(symbol)                                                                                \
    extern const unsigned char embedded_maps_##symbol[];                                           \
    extern const size_t embedded_maps_##symbol##_size;
MAP(padron)
MAP(padron_ngo)
MAP(kobo_home_visits)
MAP(his)
MAP(growth)
MAP(ubigeo)
#undef MAP

const char *const import_map_names[] = { "padron", "padron-ngo", "kobo-home-visits",
                                         "his",    "growth",     "ubigeo",
                                         NULL };

#define TEXT(symbol)                                                                               \
    (struct ayni_bytes)                                                                            \
    {                                                                                              \
        embedded_maps_##symbol, embedded_maps_##symbol##_size                                      \
    }

struct ayni_bytes import_map_text(const char *name)
{
    const struct ayni_bytes texts[] = { TEXT(padron), TEXT(padron_ngo), TEXT(kobo_home_visits),
                                        TEXT(his),    TEXT(growth),     TEXT(ubigeo) };

    for (size_t i = 0; import_map_names[i] != NULL; i++)
        if (strcmp(name, import_map_names[i]) == 0)
            return texts[i];
    return (struct ayni_bytes){ NULL, 0 };
}
