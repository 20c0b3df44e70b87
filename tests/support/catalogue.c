#include "tests/support/catalogue.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

#define TYPE(no, the_name, the_subjects, the_key)                                                  \
    {                                                                                              \
        .kind = AYNI_ROW_TYPE, .type = {                                                           \
            .number = (no),                                                                        \
            .name = TEXT(the_name),                                                                \
            .label_es = TEXT(the_name),                                                            \
            .label_en = TEXT(the_name),                                                            \
            .subjects = TEXT(the_subjects),                                                        \
            .key = TEXT(the_key),                                                                  \
            .class = TEXT("personal"),                                                             \
            .edition = TEXT("test"),                                                               \
        }                                                                                          \
    }
#define FIELD(of, no, the_name, the_kind, is_required, the_merge, the_codes, the_targets)          \
    {                                                                                              \
        .kind = AYNI_ROW_FIELD, .field = {                                                         \
            .type = (of),                                                                          \
            .number = (no),                                                                        \
            .name = TEXT(the_name),                                                                \
            .kind = TEXT(the_kind),                                                                \
            .required = (is_required),                                                             \
            .merge = TEXT(the_merge),                                                              \
            .read = TEXT("personal"),                                                              \
            .codes = TEXT(the_codes),                                                              \
            .targets = TEXT(the_targets),                                                          \
            .label_es = TEXT(the_name),                                                            \
            .label_en = TEXT(the_name),                                                            \
        }                                                                                          \
    }
#define RULE(of, the_name, the_level, the_expression)                                              \
    {                                                                                              \
        .kind = AYNI_ROW_RULE, .rule = {                                                           \
            .type = (of),                                                                          \
            .name = TEXT(the_name),                                                                \
            .level = TEXT(the_level),                                                              \
            .expression = TEXT(the_expression),                                                    \
            .message_es = TEXT(the_name " es"),                                                    \
            .message_en = TEXT(the_name " en"),                                                    \
        }                                                                                          \
    }
#define PLAIN(of, no, name, kind, required) FIELD(of, no, name, kind, required, "review", "", "")

const struct ayni_catalogue_row test_catalogue_rows[] = {
    TYPE(101, "child", "child", "@identifier"),
    PLAIN(101, 1, "surname_1", "text 80", true),
    PLAIN(101, 2, "surname_2", "text 80", false),
    PLAIN(101, 3, "given_names", "text 80", true),
    PLAIN(101, 4, "birth_date", "date", true),
    FIELD(101, 6, "sex", "code", true, "review", "f m", ""),
    PLAIN(101, 8, "birth_order", "int", false),
    FIELD(101, 11, "ubigeo", "id ubigeo", true, "authority:municipality", "", ""),
    FIELD(101, 13, "address", "text 160", false, "latest", "", ""),
    FIELD(101, 15, "insurance", "set", false, "union", "none sis essalud forces private other", ""),
    FIELD(101, 16, "state", "code", true, "review", "active moved_abroad dead not_found", ""),
    RULE(101, "date_in_future", "reject", "birth_date <= today"),
    RULE(101, "surname_2_not_mothers", "warn", "fold(surname_2) = fold(mother_surname_1)"),

    TYPE(102, "identifier", "child person", "2,3"),
    FIELD(102, 1, "holder", "ref", true, "review", "", "child person"),
    FIELD(102, 2, "scheme", "code", true, "review", "dni cnv cui padron passport programme", ""),
    PLAIN(102, 3, "value", "id scheme", true),
    FIELD(102, 4, "issued_on", "date", false, "min", "", ""),
    FIELD(102, 5, "state", "code", true, "review", "valid revoked mistyped", ""),

    TYPE(103, "person", "person", "@identifier"),
    PLAIN(103, 1, "surname_1", "text 80", true),
    PLAIN(103, 3, "given_names", "text 80", true),

    TYPE(104, "guardian_link", "child", "1,2,3"),
    FIELD(104, 1, "child", "ref", true, "review", "", "child"),
    FIELD(104, 2, "person", "ref", true, "review", "", "person"),
    FIELD(104, 3, "role", "code", true, "review", "mother father other_relative", ""),
    FIELD(104, 5, "starts_on", "date", false, "min", "", ""),

    TYPE(203, "growth", "child", "6,7"),
    FIELD(203, 1, "subject", "ref", true, "review", "", "child"),
    PLAIN(203, 2, "date", "date", true),
    PLAIN(203, 6, "source_id", "text 80", false),
    FIELD(203, 7, "source", "code", false, "review", "manual kobo his padron", ""),
    PLAIN(203, 10, "weight_g", "int", false),
    FIELD(203, 11, "length_mm", "int", false, "max", "", ""),
    RULE(203, "date_before_birth", "reject", "date >= subject_birth_date"),

    TYPE(208, "hb_test", "child", "6,7"),
    FIELD(208, 1, "subject", "ref", true, "review", "", "child"),
    PLAIN(208, 2, "date", "date", true),
    PLAIN(208, 6, "source_id", "text 80", false),
    FIELD(208, 7, "source", "code", false, "review", "manual kobo his padron", ""),
    PLAIN(208, 10, "hb", "dec 1", true),

    TYPE(601, "link_decision", "child", "1,2"),
    FIELD(601, 1, "a", "ref", true, "review", "", "child person"),
    FIELD(601, 2, "b", "ref", true, "review", "", "child person"),
    FIELD(601, 3, "verdict", "code", true, "review", "same different twins undecided", ""),
    FIELD(601, 4, "reason", "set", false, "union", "same_id same_names document_seen visit other",
          ""),
    FIELD(601, 5, "keep", "ref", false, "review", "", "child person"),

    TYPE(703, "facility", "", "1,2"),
    FIELD(703, 1, "register", "code", true, "review", "renaes school day_care", ""),
    PLAIN(703, 2, "code", "text 10", true),
    PLAIN(703, 3, "name", "text 120", true),

    TYPE(704, "organisation", "", "1"),
    PLAIN(704, 1, "code", "text 20", true),
    PLAIN(704, 2, "name", "text 120", true),
    FIELD(704, 3, "kind", "code", true, "review", "ministry municipality ngo", ""),
    FIELD(704, 4, "roles", "set", false, "review", "health registry municipality ministry midis",
          ""),
};
const size_t test_catalogue_row_count =
    sizeof(test_catalogue_rows) / sizeof(test_catalogue_rows[0]);
