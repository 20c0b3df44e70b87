#ifndef AYNI_PROTO_CATALOGUE_H
#define AYNI_PROTO_CATALOGUE_H

#include "proto/arena.h"
#include "proto/catalogue_row.h"
#include "proto/fold.h"
#include "proto/kind.h"

/*
 * The catalogue: record types, their fields, codes, merge rules and rules, as
 * data. docs/catalogue.md. Immutable once built, so any number of threads may
 * read one. Texts are C strings that live as long as it, never NULL.
 */

enum ayni_level { AYNI_LEVEL_REJECT, AYNI_LEVEL_WARN };

/* The fields that all events share; their own begin at 10. */
enum ayni_event_field {
    AYNI_EVENT_SUBJECT = 1,
    AYNI_EVENT_DATE,
    AYNI_EVENT_FACILITY,
    AYNI_EVENT_ORGANISATION,
    AYNI_EVENT_WORKER,
    AYNI_EVENT_SOURCE_ID,
    AYNI_EVENT_SOURCE,
    AYNI_EVENT_UBIGEO,
    AYNI_EVENT_NOTE,
};

/* One word of a field's codes or of a code list. */
struct ayni_catalogue_code {
    const char *word;
    const char *label_es; /* the word itself where nobody gave one */
    const char *label_en;
    const char *external; /* HIS, ISO, ICD; of lists only */
    bool has_valid_from, has_valid_to;
    int64_t valid_from, valid_to; /* days, of lists only */
    bool retired;
};

struct ayni_catalogue_list {
    const char *name;
    const struct ayni_catalogue_code *codes; /* by word */
    size_t code_count;
};

struct ayni_catalogue_field {
    uint32_t type;
    uint32_t number;
    const char *name;
    struct ayni_kind kind;
    const char *unit; /* "g", "week" ...; empty for none */
    bool has_minimum, has_maximum;
    int64_t minimum, maximum; /* of the number as stored */
    bool required;
    struct ayni_merge_rule merge;
    enum ayni_class read;
    const struct ayni_catalogue_code
        *codes; /* of CODE and SET without a list, in the order given */
    size_t code_count;
    const char *list_name; /* of CODE and SET: the code list they draw on, else empty */
    const struct ayni_catalogue_list *list; /* NULL where nobody has loaded it: any word goes */
    const char *const *targets;             /* of REF and REFS: names of types; none: any */
    size_t target_count;
    const char *label_es;
    const char *label_en;
    const char *pattern; /* empty for none */
    bool retired;
};

struct ayni_catalogue_rule {
    const char *name;
    enum ayni_level level;
    const char *expression;
    const char *message_es;
    const char *message_en;
};

struct ayni_catalogue_type {
    uint32_t number;
    const char *name;
    const char *label_es;
    const char *label_en;
    const char *const *subjects; /* names of types; "any" */
    size_t subject_count;
    uint32_t key[AYNI_KEY_FIELDS_MAX]; /* field numbers in the key's order */
    size_t key_count;                  /* 0: no natural key, or an identifier's */
    bool key_is_identifier; /* child, person: [scheme, value] of the first identifier given */
    bool is_event;          /* has the event block: subject, date, ... source_id, source */
    uint32_t subject_field; /* whom it is about: a REF field's number; 0: itself or nobody */
    enum ayni_class class;
    bool retired;
    const char *edition;
    const struct ayni_catalogue_field *fields; /* by number */
    size_t field_count;
    const struct ayni_catalogue_rule *rules; /* by name, retired ones left out */
    size_t rule_count;
};

struct ayni_catalogue {
    const struct ayni_catalogue_type *types; /* by number, retired ones included */
    size_t type_count;
    const struct ayni_catalogue_list *lists; /* by name */
    size_t list_count;
    struct ayni_arena memory; /* of all that is above */
};

/* What ayni_catalogue_build() (proto/catalogue_builder.h) made. */
void ayni_catalogue_free(struct ayni_catalogue *catalogue);
#define SCOPED_CATALOGUE __attribute__((cleanup(ayni_catalogue_cleanup))) struct ayni_catalogue *
void ayni_catalogue_cleanup(struct ayni_catalogue **catalogue);

/* NULL where there is none. */
const struct ayni_catalogue_type *ayni_catalogue_type(const struct ayni_catalogue *catalogue,
                                                      uint32_t number);
const struct ayni_catalogue_type *ayni_catalogue_type_named(const struct ayni_catalogue *catalogue,
                                                            struct ayni_bytes name);
const struct ayni_catalogue_field *ayni_catalogue_field(const struct ayni_catalogue_type *type,
                                                        uint32_t number);
const struct ayni_catalogue_field *
ayni_catalogue_field_named(const struct ayni_catalogue_type *type, struct ayni_bytes name);
/* The words that a CODE or SET field takes: its own or those of its list. */
const struct ayni_catalogue_code *ayni_catalogue_codes(const struct ayni_catalogue_field *field,
                                                       size_t *count);
const struct ayni_catalogue_code *
ayni_catalogue_code_named(const struct ayni_catalogue_field *field, struct ayni_bytes word);
const struct ayni_catalogue_list *ayni_catalogue_list(const struct ayni_catalogue *catalogue,
                                                      struct ayni_bytes name);
/* Whether the field may refer to records of that type. */
bool ayni_catalogue_field_targets(const struct ayni_catalogue_field *field, const char *type_name);

/* The known name nearest to a wrong one, for "did you mean"; NULL where none is near. */
const char *ayni_catalogue_nearest_type(const struct ayni_catalogue *catalogue,
                                        struct ayni_bytes name);
const char *ayni_catalogue_nearest_field(const struct ayni_catalogue_type *type,
                                         struct ayni_bytes name);
const char *ayni_catalogue_nearest_code(const struct ayni_catalogue_field *field,
                                        struct ayni_bytes word);

/* An ayni_fold_rule of proto/fold.h: `catalogue` is a struct ayni_catalogue. Unknown fields are
 * review. */
struct ayni_merge_rule ayni_catalogue_fold_rule(void *catalogue, uint32_t type, uint32_t field);

#endif
