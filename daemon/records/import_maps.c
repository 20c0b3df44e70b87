#include "daemon/records/import_maps.h"

#include <string.h>

/* Made from maps/ by cmake/embed.cmake. */
extern const unsigned char embedded_maps_padron[];
extern const size_t embedded_maps_padron_size;
extern const unsigned char embedded_maps_padron_ngo[];
extern const size_t embedded_maps_padron_ngo_size;
extern const unsigned char embedded_maps_ubigeo[];
extern const size_t embedded_maps_ubigeo_size;

const char *const import_map_names[] = { "padron", "padron-ngo", "ubigeo", NULL };

struct ayni_bytes import_map_text(const char *name)
{
    if (strcmp(name, "padron") == 0)
        return (struct ayni_bytes){ embedded_maps_padron, embedded_maps_padron_size };
    if (strcmp(name, "padron-ngo") == 0)
        return (struct ayni_bytes){ embedded_maps_padron_ngo, embedded_maps_padron_ngo_size };
    if (strcmp(name, "ubigeo") == 0)
        return (struct ayni_bytes){ embedded_maps_ubigeo, embedded_maps_ubigeo_size };
    return (struct ayni_bytes){ NULL, 0 };
}
