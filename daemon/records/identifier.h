#ifndef AYNI_DAEMON_RECORDS_IDENTIFIER_H
#define AYNI_DAEMON_RECORDS_IDENTIFIER_H

#include "daemon/records/reader.h"
#include "proto/catalogue.h"

/*
 * The numbers by which a child or person is known. Each is a record of its own
 * (type `identifier`), which names its holder; the first one given makes the id of a new holder.
 */
struct identifier {
    const char *scheme;
    char value[96];
};

/* The schemes that can be given with a child or person, in the order of use: dni cnv cui padron
 * code. */
enum { IDENTIFIER_SCHEMES = 5 };
extern const char *const identifier_names[IDENTIFIER_SCHEMES];
/* The place of a name among them, or -1. */
int identifier_index(const char *name);
/*
 * The identifier that `name`=`value` means: `code` is the scheme programme with
 * the value ORGANISATION:value. AYNI_E_LIMIT where the value is too long.
 */
AYNI_CHECKED enum ayni_status identifier_of(const char *name, const char *value,
                                            const char *organisation,
                                            struct identifier *identifier);

/* What the catalogue calls the type and its fields; AYNI_E_NOT_FOUND where it has none such. */
struct identifier_type {
    const struct ayni_catalogue_type *type;
    uint32_t holder, scheme, value, state;
};
AYNI_CHECKED enum ayni_status identifier_type_of(const struct ayni_catalogue *catalogue,
                                                 struct identifier_type *type);

/* The id of the identifier's own record, or of the holder of `type` whom it would be the first one
 * of. */
AYNI_CHECKED enum ayni_status identifier_id(const struct charter *charter, uint32_t type,
                                            const struct identifier *identifier,
                                            struct ayni_record *record);

/* The id of a new record that has neither a number nor a natural key. */
struct ayni_record identifier_random_id(void);

/* Who holds it, by what is shown in some space. AYNI_E_NOT_FOUND: nobody here. */
AYNI_CHECKED enum ayni_status identifier_holder(struct reader *reader,
                                                const struct identifier *identifier,
                                                struct ayni_record *holder);

#endif
