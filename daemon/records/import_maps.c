#include "daemon/records/import_maps.h"

#include <string.h>

#define EMBEDDED(symbol)                                                                           \
    extern const unsigned char symbol[];                                                           \
    extern const size_t symbol##_size

EMBEDDED(embedded_maps_padron);
EMBEDDED(embedded_maps_padron_ngo);
EMBEDDED(embedded_maps_ubigeo);

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
