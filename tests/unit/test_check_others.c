/* Rules that look at other records of the same subject: for each a side that holds and one that
 * doesn't. */
#include "daemon/records/rules/check_others.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "daemon/records/rules/neighbours.h"
#include "daemon/records/rules/norms.h"
#include "proto/crypto.h"
#include "proto/instant.h"
#include "proto/value_parse.h"
#include "tests/support/suite.h"

enum { OTHERS_MAX = 6, FIELDS_MAX = 16 };

static const uint8_t root_key[32] = { 7 };
static const uint8_t identity_key[32] = { 9 };
static struct catalogue_file file;
static struct check *checker;
static struct ayni_arena memory;

/* What is held besides, by its type. */
static struct other {
    const struct ayni_catalogue_type *type;
    struct neighbour is;
} others[OTHERS_MAX];
static size_t other_count;
static bool unknown; /* nothing can be said of others */

/* What steering has loaded. */
static struct norms norms;
static bool has_norms;
static const char *roles; /* of who writes; NULL: not known */
static const char words[] =
    "{\"components\": [{\"component\": \"cred\", \"type\": \"cred_check\", \"codes\": "
    "[\"under_1\"]},"
    " {\"component\": \"polio\", \"type\": \"vaccine\", \"codes\": [\"ipv\", \"opv\"]}],"
    " \"instruments\": [{\"code\": \"tepsi\", \"months\": [24, 60]}]}";
static struct schedule_window windows[] = {
    { .component = "cred", .dose = 7, .interval_min = { true, 28 }, .valid_to = INT64_MAX },
    { .component = "polio", .dose = 1, .age_min = { true, 55 }, .valid_to = INT64_MAX },
    { .component = "polio",
      .dose = 2,
      .age_max = { true, 119 },
      .interval_min = { true, 28 },
      .interval_max = { true, 70 },
      .valid_to = INT64_MAX },
};
static const char weights[] = "sex,age_days,l,m,s\n1,181,0.17,7.9,0.11\n2,181,-0.07,7.3,0.12\n";

static void set_up(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), root_key, &file, error),
                     AYNI_OK);
    ck_assert_int_eq(check_new(file.catalogue, &checker), AYNI_OK);
    other_count = 0;
    unknown = false;
    has_norms = true;
    roles = NULL;
    norms.schedule.windows = windows;
    norms.schedule.window_count = sizeof(windows) / sizeof(windows[0]);
    ck_assert_int_eq(schedule_read_words(ayni_bytes_of_text(words), file.catalogue, &memory,
                                         &norms.schedule.words),
                     AYNI_OK);
    ck_assert_int_eq(
        lms_table_read(ayni_bytes_of_text(weights), &norms.standards[GROWTH_WFA], NULL), AYNI_OK);
}

static void tear_down(void)
{
    check_free(checker);
    catalogue_file_free(&file);
    ayni_arena_free(&memory);
    norms_free_standards(norms.standards);
    norms = (struct norms){ 0 };
}

/* --- records as texts: "type field=value field=value" --- */

static const struct ayni_catalogue_type *type_of(const char **text)
{
    size_t size = strcspn(*text, " ");
    const struct ayni_bytes name = { (const uint8_t *)*text, size };
    const struct ayni_catalogue_type *type = ayni_catalogue_type_named(file.catalogue, name);

    ck_assert_msg(type != NULL, "no type in '%s'", *text);
    *text += size;
    return type;
}

static struct ayni_bytes value_of(const struct ayni_catalogue_field *field, struct ayni_bytes text)
{
    const struct ayni_value_context context = { .catalogue = file.catalogue,
                                                .root_key = root_key,
                                                .identity_key = identity_key };
    struct ayni_buffer value = { 0 };
    struct ayni_reason reason;

    ck_assert_msg(ayni_value_parse(&context, field, text, &value, &reason) == AYNI_OK, "%s=%.*s",
                  field->name, (int)text.size, (const char *)text.data);
    uint8_t *kept = ayni_arena_take(&memory, value.size, 1);
    memcpy(kept, value.data, value.size);
    const struct ayni_bytes bytes = { kept, value.size };
    ayni_buffer_free(&value);
    return bytes;
}

static int by_number(const void *a, const void *b)
{
    return (int)((const struct ayni_field *)a)->number -
           (int)((const struct ayni_field *)b)->number;
}

static size_t fields_of(const struct ayni_catalogue_type *type, const char *text,
                        struct ayni_field *fields)
{
    size_t count = 0;

    while (*text == ' ') {
        const char *is = strchr(++text, '=');
        size_t size = strcspn(is + 1, " ");
        const struct ayni_catalogue_field *field = ayni_catalogue_field_named(
            type, (struct ayni_bytes){ (const uint8_t *)text, (size_t)(is - text) });
        ck_assert_msg(field != NULL, "no field in '%s'", text);
        fields[count++] = (struct ayni_field){
            field->number, value_of(field, (struct ayni_bytes){ (const uint8_t *)is + 1, size })
        };
        text = is + 1 + size;
    }
    qsort(fields, count, sizeof(*fields), by_number);
    return count;
}

static void add_other(const char *text, uint8_t id)
{
    struct other *other = &others[other_count++];
    struct ayni_field *fields = ayni_arena_zero(&memory, FIELDS_MAX, sizeof(*fields));

    other->type = type_of(&text);
    other->is = (struct neighbour){ .record = { { id } }, .fields = fields };
    other->is.field_count = fields_of(other->type, text, fields);
}

/* --- lookups --- */

static const struct neighbours *neighbours(void *context, const char *type,
                                           const struct ayni_record *subject)
{
    struct neighbours *found = ayni_arena_zero(&memory, 1, sizeof(*found));
    struct neighbour *items = ayni_arena_zero(&memory, OTHERS_MAX, sizeof(*items));

    (void)context, (void)subject;
    found->type = ayni_catalogue_type_named(file.catalogue, ayni_bytes_of_text(type));
    found->items = items;
    for (size_t i = 0; i < other_count; i++)
        if (others[i].type == found->type)
            items[found->count++] = others[i].is;
    return unknown ? NULL : found;
}

static void fact(void *context, enum check_fact fact, const struct ayni_record *record,
                 struct sql_value *value)
{
    (void)context, (void)record;
    static const uint8_t woman[16] = { 5 };

    if (fact == CHECK_SUBJECT_WOMAN)
        *value = (struct sql_value){ .type = SQL_BLOB, .bytes = { woman, sizeof(woman) } };
    if (fact == CHECK_SUBJECT_WOMAN)
        return;
    value->bytes = ayni_bytes_of_text(fact == CHECK_SUBJECT_SEX ? "f" : "child");
    if (fact == CHECK_SUBJECT_TYPE || fact == CHECK_SUBJECT_SEX)
        value->type = SQL_TEXT;
    if (fact != CHECK_SUBJECT_BIRTH_DATE && fact != CHECK_ADVICE_DATE)
        return;
    value->type = SQL_INTEGER;
    ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text("2025-09-01"), &value->integer), AYNI_OK);
}

static const struct neighbours *births(void *context, const struct ayni_record *mother)
{
    ck_assert_uint_eq(mother->bytes[0], 5);
    return neighbours(context, "birth", mother);
}

static bool altitude(void *context, struct ayni_bytes ubigeo, int64_t day, int32_t *altitude_m)
{
    (void)context, (void)ubigeo, (void)day;
    *altitude_m = 100;
    return !unknown;
}

/* The one of the findings that was asked for; others, as of fields that are missing, are not. */
static const struct check_finding *ask(const char *text, const char *code)
{
    static struct check_findings findings;
    const struct check_lookups lookups = { .fact = fact,
                                           .neighbours = neighbours,
                                           .births = births,
                                           .territory_altitude = altitude,
                                           .norms = has_norms ? &norms : NULL };
    const struct ayni_record record = { { 1 } };
    struct ayni_field fields[FIELDS_MAX];
    struct check_change change = { .record = &record,
                                   .space_class = AYNI_CLASS_SEALED,
                                   .is_new = true,
                                   .changes = fields,
                                   .roles = roles };

    ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text("2026-10-05"), &change.today), AYNI_OK);
    change.type = type_of(&text);
    change.change_count = fields_of(change.type, text, fields);
    ck_assert_int_eq(check_run(checker, &change, &lookups, &findings), AYNI_OK);
    for (size_t i = 0; i < findings.count; i++)
        if (strcmp(findings.items[i].reason.code, code) == 0)
            return &findings.items[i];
    return NULL;
}

/* --- the rules --- */

#define CHILD "subject=dni:99000001"
#define OF "child=dni:99000001 person=dni:"

/* `holds` and `fails` are others beside which the record is right and isn't; the first is read
 * beside all of the row. */
static const struct {
    const char *code;
    enum ayni_level level;
    const char *record, *always, *holds, *fails;
} rules[] = {
    { "possible_repeat", AYNI_LEVEL_WARN, "growth " CHILD " date=2026-03-01 weight_g=5000", NULL,
      "growth " CHILD " date=2026-03-02 weight_g=5000",
      "growth " CHILD " date=2026-03-01 weight_g=5100" },
    { "possible_repeat", AYNI_LEVEL_WARN, "vaccine " CHILD " date=2026-03-01 antigen=pcv dose=1",
      NULL, "vaccine " CHILD " date=2026-03-01 antigen=rota dose=1",
      "vaccine " CHILD " date=2026-03-01 antigen=pcv dose=2" },
    { "possible_repeat", AYNI_LEVEL_WARN, "hb_test " CHILD " date=2026-03-01 hb=10.5", NULL,
      "hb_test " CHILD " date=2026-02-01 hb=10.5", "hb_test " CHILD " date=2026-03-01 hb=11.0" },
    { "second_number", AYNI_LEVEL_WARN,
      "identifier holder=dni:99000001 scheme=cnv value=9000001 state=valid", NULL,
      "identifier holder=dni:99000001 scheme=dni value=99000001 state=valid",
      "identifier holder=dni:99000001 scheme=cnv value=9000002 state=valid" },
    { "second_number", AYNI_LEVEL_WARN,
      "identifier holder=dni:99000001 scheme=cnv value=9000001 state=valid", NULL,
      "identifier holder=dni:99000001 scheme=cnv value=9000002 state=mistyped",
      "identifier holder=dni:99000001 scheme=cnv value=9000003 state=valid" },
    { "second_number", AYNI_LEVEL_WARN,
      "identifier holder=dni:99000001 scheme=programme value=care:1 state=valid", NULL,
      "identifier holder=dni:99000001 scheme=programme value=innova:2 state=valid",
      "identifier holder=dni:99000001 scheme=programme value=care:2 state=valid" },
    { "two_main_carers", AYNI_LEVEL_WARN,
      "guardian_link " OF "99800001 role=mother main_carer=true starts_on=2026-02-01",
      "guardian_link " OF "99800003 role=father main_carer=false",
      "guardian_link " OF "99800002 role=father main_carer=true ends_on=2026-01-31",
      "guardian_link " OF "99800002 role=father main_carer=true ends_on=2026-02-01" },
    { "two_main_carers", AYNI_LEVEL_WARN,
      "guardian_link " OF "99800001 role=mother main_carer=true", NULL,
      "guardian_link " OF "99800001 role=legal_guardian main_carer=true",
      "guardian_link " OF "99800002 role=grandparent main_carer=true starts_on=2026-02-01" },
    { "second_open_pregnancy", AYNI_LEVEL_WARN,
      "pregnancy woman=dni:99800001 last_menstrual_period=2026-05-01", NULL,
      "pregnancy woman=dni:99800001 last_menstrual_period=2024-05-01 ended_on=2025-02-01",
      "pregnancy woman=dni:99800001 last_menstrual_period=2026-04-01" },
    { "number_out_of_order", AYNI_LEVEL_REJECT, "newborn_check " CHILD " date=2026-03-10 number=2",
      "newborn_check " CHILD " date=2026-03-20 number=3",
      "newborn_check " CHILD " date=2026-03-09 number=1",
      "newborn_check " CHILD " date=2026-03-10 number=1" },
    { "number_out_of_order", AYNI_LEVEL_REJECT, "newborn_check " CHILD " date=2026-03-10 number=1",
      NULL, "newborn_check " CHILD " date=2026-03-11 number=2",
      "newborn_check " CHILD " date=2026-03-09 number=2" },
    { "shorter_than_before", AYNI_LEVEL_WARN, "growth " CHILD " date=2026-03-01 length_mm=600",
      "growth " CHILD " date=2026-04-01 length_mm=700",
      "growth " CHILD " date=2026-02-01 length_mm=619",
      "growth " CHILD " date=2026-01-01 length_mm=620" },
    { "number_does_not_follow", AYNI_LEVEL_WARN,
      "cred_check " CHILD " date=2026-03-01 age_group=under_1 number=4",
      "cred_check " CHILD " date=2026-01-01 age_group=newborn number=2",
      "cred_check " CHILD " date=2026-02-01 age_group=under_1 number=3",
      "cred_check " CHILD " date=2026-02-02 age_group=under_1 number=4" },
    { "too_soon", AYNI_LEVEL_WARN,
      "supplement " CHILD " date=2026-03-26 product=iron_drops number=2 purpose=preventive",
      "supplement " CHILD " date=2026-03-20 product=vitamin_a purpose=preventive",
      "supplement " CHILD " date=2026-03-01 product=iron_drops number=1 purpose=preventive",
      "supplement " CHILD " date=2026-03-02 product=iron_drops number=1 purpose=preventive" },
    { "over_two_in_a_week", AYNI_LEVEL_WARN,
      "home_visit " CHILD " date=2026-03-07 programme=parents_plus outcome=refused",
      "home_visit " CHILD " date=2026-03-09 programme=parents_plus outcome=refused",
      "home_visit " CHILD " date=2026-03-02 programme=parents_plus outcome=refused",
      "home_visit " CHILD " date=2026-03-03 programme=saf outcome=refused" },
    { "member_elsewhere", AYNI_LEVEL_WARN,
      "programme_membership member=dni:99000001 programme=saf starts_on=2026-03-01 "
      "organisation=organisation:care",
      "programme_membership member=dni:99000001 programme=scd starts_on=2026-01-01 "
      "organisation=organisation:innova",
      "programme_membership member=dni:99000001 programme=saf starts_on=2026-01-01 "
      "ends_on=2026-02-28 organisation=organisation:innova",
      "programme_membership member=dni:99000001 programme=saf starts_on=2026-01-01 "
      "ends_on=2026-03-01 organisation=organisation:innova" },
    { "giver_is_no_guardian", AYNI_LEVEL_WARN,
      "consent " CHILD " basis=consent given_by=dni:99800001 form=handwritten purposes=care "
      "given_on=2026-03-01",
      "guardian_link " OF "99800002 role=father",
      "guardian_link " OF "99800001 role=mother starts_on=2026-03-01",
      "guardian_link " OF "99800001 role=mother starts_on=2026-03-02" },
};

START_TEST(a_rule_holds_beside_the_one_and_fails_beside_the_other)
{
    const struct check_finding *found;

    if (rules[_i].always != NULL)
        add_other(rules[_i].always, 2);
    add_other(rules[_i].holds, 3);
    ck_assert_msg(ask(rules[_i].record, rules[_i].code) == NULL, "%s", rules[_i].code);
    if (strcmp(rules[_i].code, "giver_is_no_guardian") == 0)
        other_count--;
    add_other(rules[_i].fails, 4);
    found = ask(rules[_i].record, rules[_i].code);
    ck_assert_msg(found != NULL, "%s", rules[_i].code);
    ck_assert_int_eq(found->level, rules[_i].level);
    ck_assert_ptr_nonnull(found->message_es);
}
END_TEST

#define CRED "cred_check " CHILD " age_group=under_1 "
#define POLIO "vaccine " CHILD " "

/* What rules measure by is loaded: one record holds and the other fails, both beside a third. */
static const struct {
    const char *code, *other, *holds, *fails;
} measured[] = {
    { "check_too_soon", CRED "date=2026-03-01 number=6", CRED "date=2026-03-29 number=7",
      CRED "date=2026-03-28 number=7" },
    { "check_too_soon", CRED "date=2026-03-01 number=6", CRED "date=2026-03-28 number=8",
      CRED "date=2026-03-02 number=7" },
    { "dose_outside_age", NULL, POLIO "date=2025-10-26 antigen=ipv dose=1",
      POLIO "date=2025-10-25 antigen=ipv dose=1" },
    { "dose_outside_age", NULL, POLIO "date=2025-12-29 antigen=ipv dose=2",
      POLIO "date=2025-12-30 antigen=opv dose=2" },
    { "dose_outside_age", NULL, POLIO "date=2025-10-25 antigen=pcv dose=1",
      POLIO "date=2025-10-25 antigen=opv dose=1" },
    { "dose_outside_interval", POLIO "date=2025-11-01 antigen=ipv dose=1",
      POLIO "date=2025-11-29 antigen=opv dose=2", POLIO "date=2025-11-28 antigen=opv dose=2" },
    { "dose_outside_interval", POLIO "date=2025-11-01 antigen=ipv dose=1",
      POLIO "date=2026-01-10 antigen=opv dose=2", POLIO "date=2026-01-11 antigen=ipv dose=2" },
    { "age_outside_instrument", NULL,
      "development_test " CHILD " date=2026-03-01 instrument=eedp result=normal",
      "development_test " CHILD " date=2026-03-01 instrument=tepsi result=normal" },
    { "score_flagged", NULL, "growth " CHILD " date=2026-03-01 weight_g=7300",
      "growth " CHILD " date=2026-03-01 weight_g=2500" },
};

START_TEST(what_is_measured_by_what_steering_loaded_holds_or_fails)
{
    if (measured[_i].other != NULL)
        add_other(measured[_i].other, 2);
    ck_assert_msg(ask(measured[_i].holds, measured[_i].code) == NULL, "%s", measured[_i].code);
    const struct check_finding *found = ask(measured[_i].fails, measured[_i].code);
    ck_assert_msg(found != NULL, "%s", measured[_i].code);
    ck_assert_int_eq(found->level, AYNI_LEVEL_WARN);
    has_norms = false;
    ck_assert_msg(ask(measured[_i].fails, measured[_i].code) == NULL, "%s", measured[_i].code);
}
END_TEST

#define BIRTH "birth subject=dni:99000001 mother=dni:99800001 cnv=9000001 "
#define DELIVERY "delivery subject=01a204e8-b9ba-702e-8628-b9c2c741fbc3 "
#define REPLY "advice_reply advice=01a204e8-b9ba-702e-8628-b9c2c741fbc3 "

/* What is followed from the record: one holds and the other fails, both beside a third. */
static const struct {
    const char *code;
    enum ayni_level level;
    const char *other, *holds, *fails;
} followed[] = {
    { "no_birth", AYNI_LEVEL_WARN, BIRTH "date=2026-03-01",
      DELIVERY "date=2026-03-08 live_births=1", DELIVERY "date=2026-03-09 live_births=1" },
    { "no_birth", AYNI_LEVEL_WARN, BIRTH "date=2026-03-01",
      DELIVERY "date=2026-02-22 live_births=1", DELIVERY "date=2026-02-21 live_births=2" },
    { "no_birth", AYNI_LEVEL_WARN, BIRTH "date=2026-01-01",
      DELIVERY "date=2026-03-08 live_births=0", DELIVERY "date=2026-03-08 live_births=1" },
    { "altitude_differs", AYNI_LEVEL_WARN, NULL, "facility territory=160101 altitude_m=1600",
      "facility territory=160101 altitude_m=1601" },
    { "reply_before_advice", AYNI_LEVEL_REJECT, NULL, REPLY "date=2025-09-01",
      REPLY "date=2025-08-31" },
};

START_TEST(what_a_record_refers_to_is_followed)
{
    if (followed[_i].other != NULL)
        add_other(followed[_i].other, 2);
    ck_assert_msg(ask(followed[_i].holds, followed[_i].code) == NULL, "%s", followed[_i].holds);
    const struct check_finding *found = ask(followed[_i].fails, followed[_i].code);
    ck_assert_msg(found != NULL, "%s", followed[_i].fails);
    ck_assert_int_eq(found->level, followed[_i].level);
    unknown = true;
    if (followed[_i].level == AYNI_LEVEL_WARN)
        ck_assert_ptr_null(ask(followed[_i].fails, followed[_i].code));
}
END_TEST

START_TEST(a_ministry_alone_widens_a_scope)
{
    static const char widened[] =
        "emergency starts_on=2026-09-01 scope_widened_until=2026-09-20T00:00:00Z";

    ck_assert_ptr_null(ask(widened, "widened_without_role"));
    roles = "health,municipality";
    ck_assert_int_eq(ask(widened, "widened_without_role")->level, AYNI_LEVEL_REJECT);
    ck_assert_ptr_null(ask("emergency starts_on=2026-09-01", "widened_without_role"));
    roles = "";
    ck_assert_ptr_nonnull(ask(widened, "widened_without_role"));
    roles = "health,ministry";
    ck_assert_ptr_null(ask(widened, "widened_without_role"));
}
END_TEST

/* What is held already is no other, wherever it is read from. */
START_TEST(a_record_is_not_compared_with_itself)
{
    add_other(rules[_i].record, 1);
    if (strcmp(rules[_i].code, "giver_is_no_guardian") != 0)
        ck_assert_msg(ask(rules[_i].record, rules[_i].code) == NULL, "%s", rules[_i].code);
}
END_TEST

START_TEST(where_nothing_can_be_said_of_others_a_rule_holds)
{
    add_other(rules[_i].fails, 4);
    unknown = true;
    ck_assert_msg(ask(rules[_i].record, rules[_i].code) == NULL, "%s", rules[_i].code);
}
END_TEST

START_TEST(a_household_has_a_member)
{
    ck_assert_ptr_nonnull(ask("household ubigeo=160101", "no_member"));
    ck_assert_ptr_null(ask("household ubigeo=160101 members=dni:99000001", "no_member"));
}
END_TEST

START_TEST(no_name_stands_twice)
{
    for (size_t i = 0; i < check_others_count(); i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(check_others_name(i), check_others_name(j));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_others");
    TCase *one = tcase_create("one");
    const int count = sizeof(rules) / sizeof(rules[0]);

    tcase_add_checked_fixture(one, set_up, tear_down);
    tcase_add_loop_test(one, a_rule_holds_beside_the_one_and_fails_beside_the_other, 0, count);
    tcase_add_loop_test(one, a_record_is_not_compared_with_itself, 0, count);
    tcase_add_loop_test(one, where_nothing_can_be_said_of_others_a_rule_holds, 0, count);
    tcase_add_loop_test(one, what_is_measured_by_what_steering_loaded_holds_or_fails, 0,
                        sizeof(measured) / sizeof(measured[0]));
    tcase_add_loop_test(one, what_a_record_refers_to_is_followed, 0,
                        sizeof(followed) / sizeof(followed[0]));
    tcase_add_test(one, a_ministry_alone_widens_a_scope);
    tcase_add_test(one, a_household_has_a_member);
    tcase_add_test(one, no_name_stands_twice);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
