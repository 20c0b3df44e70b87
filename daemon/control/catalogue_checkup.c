#include "daemon/control/catalogue_checkup.h"

#include <stdio.h>

#include "daemon/daemon.h"
#include "daemon/federation/catalogue_upgrade.h"
#include "daemon/records/rules/check_pool.h"

/* The first rule that can't be applied, and how many they are. */
static size_t count_broken(struct daemon *daemon, const struct charter *charter,
                           struct complaint_word *first)
{
    struct check *check;
    size_t count = 0;

    if (check_pool_take(daemon->records.checks, charter, &check) != AYNI_OK)
        return 0;
    for (const char *name; (name = check_broken_rule(check, count)) != NULL; count++)
        if (count == 0)
            *first = complaint_word(ayni_bytes_of_text(name));
    check_pool_give(daemon->records.checks, charter, check);
    return count;
}

static bool check_rules_apply(struct daemon *daemon, const struct charter *charter,
                              struct complaint *to)
{
    struct complaint_word first;
    char number[24];
    size_t count = count_broken(daemon, charter, &first);

    if (count == 0)
        return true;
    snprintf(number, sizeof(number), "%zu", count);
    complain_code(to, "rules_not_applied");
    complain_hint(to, N_("install a newer version of ayni; until then they refuse nothing here"),
                  NULL);
    (void)complain(to, AYNI_OK, N_("this program can't apply {} rules of the catalogue: {} ..."),
                   number, first.text, NULL);
    return false;
}

static enum ayni_status count_finding(void *context, const struct upgrade_finding *finding)
{
    size_t *count = context;

    *count += finding->state == UPGRADE_NEW || finding->state == UPGRADE_CHANGED;
    return AYNI_OK;
}

/* How many records an upgrade would write; 0 where that isn't known. */
static size_t count_missing(struct daemon *daemon, const struct charter *charter)
{
    SCOPED_READER *reader = NULL;
    struct catalogue_file file;
    char error[CATALOGUE_FILE_ERROR_SIZE];
    size_t count = 0;

    if (catalogue_file_read(catalogue_file_first_edition(), charter->root.bytes, &file, error) !=
        AYNI_OK)
        return 0;
    if (reader_begin(&daemon->records, &reader) != AYNI_OK ||
        catalogue_upgrade_each(reader, &file, count_finding, &count) != AYNI_OK)
        count = 0;
    catalogue_file_free(&file);
    return count;
}

static bool check_edition(struct daemon *daemon, const struct charter *charter,
                          struct complaint *to)
{
    char number[24];
    size_t count = catalogue_upgrade_is_ours(charter) ? count_missing(daemon, charter) : 0;

    if (count == 0)
        return true;
    snprintf(number, sizeof(number), "%zu", count);
    complain_code(to, "older_catalogue");
    complain_hint(to,
                  N_("`ayni catalogue upgrade --dry-run` lists them; without it they are "
                     "written, and all nodes have them"),
                  NULL);
    (void)complain(to, AYNI_OK,
                   N_("this program brings a newer catalogue: {} records differ from the "
                      "federation's"),
                   number, NULL);
    return false;
}

void catalogue_checkup(struct daemon *daemon, struct finding *finding)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);

    *finding = (struct finding){ .check = "catalogue", .state = CHECKUP_WELL };
    if (charter->founded && (!check_rules_apply(daemon, charter, &finding->trouble) ||
                             !check_edition(daemon, charter, &finding->trouble)))
        finding->state = CHECKUP_TROUBLED;
}
