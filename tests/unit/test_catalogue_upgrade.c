#include "daemon/federation/catalogue_upgrade.h"

#include "daemon/control/catalogue_checkup.h"
#include "daemon/daemon.h"
#include "tests/support/node_pair.h"

/* The tests' federation was founded with a few types: by an earlier program, as it were. */

struct tally {
    size_t counts[UPGRADE_STATES];
};

static enum ayni_status tally(void *context, const struct upgrade_finding *finding)
{
    struct tally *tally = context;

    tally->counts[finding->state]++;
    return AYNI_OK;
}

static enum ayni_status upgrade(struct test_node *node, const char *edition, bool dry_run,
                                struct tally *tallied)
{
    struct complaint complaint = { 0 };
    const struct upgrade_request request = { .edition = ayni_bytes_of_text(edition),
                                             .dry_run = dry_run,
                                             .steward = "maria",
                                             .visit = tally,
                                             .context = tallied };

    *tallied = (struct tally){ { 0 } };
    enum ayni_status status = catalogue_upgrade(&node->records, &request, &complaint);
    ck_assert_int_eq(status != AYNI_OK, complaint.text != NULL);
    test_node_settle(node);
    return status;
}

/* The code of what doctor says; empty where all is well. */
static const char *doctor(struct test_node *node)
{
    static struct finding finding;
    struct daemon daemon = { .records = node->records };

    catalogue_checkup(&daemon, &finding);
    ck_assert_int_eq(finding.state == CHECKUP_WELL, finding.trouble.code[0] == '\0');
    return finding.trouble.code;
}

static size_t count_types(struct test_node *node)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);

    return charter->catalogue->type_count;
}

static const char *child_label(struct test_node *node, char *label, size_t size)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    const struct ayni_catalogue_type *child = ayni_catalogue_type(charter->catalogue, 101);

    ck_assert_ptr_nonnull(child);
    snprintf(label, size, "%s", child->label_en);
    return label;
}

/* What steering says of children, in a version of its own. */
static void call_children(struct test_node *node, const char *label)
{
    struct ayni_node root = test_root().node;
    const struct ayni_catalogue_row row = { .kind = AYNI_ROW_TYPE, .type = { .number = 101 } };
    const struct test_field fields[] = { { 4, test_text_value(node, label) }, { 0 } };
    struct ayni_record record;

    test_must(ayni_catalogue_row_id(root.bytes, &row, &record), "id");
    test_node_register(node, AYNI_ROW_TYPE, &record, fields);
    test_node_settle(node);
}

START_TEST(an_earlier_federation_gets_the_rest_once)
{
    const size_t before = count_types(&test_midis);
    struct tally found;

    ck_assert_str_eq(doctor(&test_midis), "older_catalogue");
    ck_assert_int_eq(upgrade(&test_midis, "", true, &found), AYNI_OK);
    ck_assert_uint_gt(found.counts[UPGRADE_NEW], 1000);
    ck_assert_uint_eq(count_types(&test_midis), before);
    ck_assert_int_eq(upgrade(&test_midis, "", false, &found), AYNI_OK);
    ck_assert_uint_eq(count_types(&test_midis), 93);
    ck_assert_str_eq(doctor(&test_midis), "");
    ck_assert_int_eq(upgrade(&test_midis, "", false, &found), AYNI_OK);
    ck_assert_uint_eq(found.counts[UPGRADE_NEW] + found.counts[UPGRADE_CHANGED], 0);
}
END_TEST

START_TEST(other_nodes_have_it_and_are_told_of_nothing)
{
    struct tally found;

    ck_assert_str_eq(doctor(&test_innova), "");
    ck_assert_int_eq(upgrade(&test_innova, "", false, &found), AYNI_E_RIGHT);
    ck_assert_int_eq(upgrade(&test_midis, "", false, &found), AYNI_OK);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(count_types(&test_innova), 93);
    ck_assert_uint_eq(test_problems(&test_innova), 0);
}
END_TEST

START_TEST(what_steering_said_itself_stays)
{
    struct tally found;
    char label[80];

    call_children(&test_midis, "Little one");
    ck_assert_int_eq(upgrade(&test_midis, "", false, &found), AYNI_OK);
    ck_assert_uint_eq(found.counts[UPGRADE_KEPT], 1);
    ck_assert_str_eq(child_label(&test_midis, label, sizeof(label)), "Little one");
    ck_assert_str_eq(doctor(&test_midis), "");
}
END_TEST

START_TEST(a_name_that_the_federation_gave_away_is_not_taken)
{
    const struct ayni_catalogue_row household = {
        .kind = AYNI_ROW_TYPE,
        .type = { .number = 1500,
                  .name = TEST_BYTES("household"),
                  .label_es = TEST_BYTES("es"),
                  .label_en = TEST_BYTES("en"),
                  .class = TEST_BYTES("public") },
    };
    struct tally found;

    test_node_declare(&test_midis, &household);
    test_node_settle(&test_midis);
    ck_assert_int_eq(upgrade(&test_midis, "", false, &found), AYNI_OK);
    ck_assert_uint_gt(found.counts[UPGRADE_TAKEN], 1); /* and what belongs to it */
    ck_assert_uint_eq(count_types(&test_midis), 93);
    ck_assert_str_eq(doctor(&test_midis), "");
}
END_TEST

START_TEST(a_rule_that_this_program_cannot_apply_is_named)
{
    const struct ayni_catalogue_row rule = {
        .kind = AYNI_ROW_RULE,
        .rule = { .type = 101,
                  .name = TEST_BYTES("of_tomorrow"),
                  .level = TEST_BYTES("reject"),
                  .expression = TEST_BYTES("moon_phase(birth_date) < 3"),
                  .message_es = TEST_BYTES("es"),
                  .message_en = TEST_BYTES("en") },
    };
    struct tally found;

    ck_assert_int_eq(upgrade(&test_midis, "", false, &found), AYNI_OK);
    ck_assert_str_eq(doctor(&test_midis), "");
    test_node_declare(&test_midis, &rule);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_str_eq(doctor(&test_midis), "rules_not_applied");
    ck_assert_str_eq(doctor(&test_innova), "rules_not_applied");
}
END_TEST

START_TEST(what_is_no_edition_changes_nothing)
{
    static const char *const none[] = { "{", "[]", "null", "{\"edition\":\"ecd_2\"}", "\xff\xfe" };
    const size_t before = count_types(&test_midis);
    struct tally found;

    ck_assert_int_eq(upgrade(&test_midis, none[_i], false, &found), AYNI_E_INVALID);
    ck_assert_uint_eq(count_types(&test_midis), before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue_upgrade");
    TCase *upgrades = tcase_create("upgrades");

    tcase_add_checked_fixture(upgrades, test_two_open, test_two_close);
    tcase_add_test(upgrades, an_earlier_federation_gets_the_rest_once);
    tcase_add_test(upgrades, other_nodes_have_it_and_are_told_of_nothing);
    tcase_add_test(upgrades, what_steering_said_itself_stays);
    tcase_add_test(upgrades, a_name_that_the_federation_gave_away_is_not_taken);
    tcase_add_test(upgrades, a_rule_that_this_program_cannot_apply_is_named);
    tcase_add_loop_test(upgrades, what_is_no_edition_changes_nothing, 0, 5);
    suite_add_tcase(suite, upgrades);
    return test_run(suite);
}
