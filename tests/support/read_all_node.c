#include <stdlib.h>
#include <unistd.h>

#include "daemon/federation/cuts.h"
#include "daemon/federation/forks.h"
#include "daemon/report.h"
#include "tests/support/damage.h"
#include "tests/support/erasing.h"
#include "tests/support/fork.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"
#include "tests/support/read_all.h"

/* In memory where there is such a disk: it is written twice a run. */
static void choose_disk(void)
{
    if (access("/dev/shm", W_OK) == 0)
        test_require(setenv("TMPDIR", "/dev/shm", 0) == 0, "TMPDIR");
}

static void open_nodes(void)
{
    memset(&test_midis, 0, sizeof(test_midis));
    test_midis.has_view = true;
    test_midis.is_small = true;
    test_node_open(&test_midis, 1);
    test_node_found(&test_midis);
    test_visits = test_node_space(&test_midis, "visits", AYNI_CLASS_SENSITIVE);
    test_node_indicator(&test_midis);
    memset(&test_innova, 0, sizeof(test_innova));
    test_node_open(&test_innova, 2);
    test_node_join(&test_innova, &test_midis, "innova");
}

static void write_records(void)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Rojas"), gone;

    (void)test_put_child(&test_innova, "99000001", "Rosas");
    (void)test_put_child(&test_innova, "99000002", "Diaz");
    gone = test_put_child(&test_innova, "99000003", "Soto");
    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_innova, &child, "given_names=Ana Rosa", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &gone, NULL);
}

/* A version under a key that nobody has. */
static void write_sealed(void)
{
    const struct ayni_confidential_place place = { test_visits, { { 1 } }, AYNI_KIND_VERSION };
    const struct ayni_epoch epoch = { { 66 } };
    const uint8_t key[32] = { 3 }, nonce[24] = { 4 };
    SCOPED_BUFFER sealed = { 0 };

    test_must(ayni_confidential_seal(key, &epoch, &place, nonce, TEST_BYTES("what"), &sealed),
              "seal");
    test_must(author_write_entry(test_midis.records.author, &test_visits, AYNI_KIND_VERSION,
                                 ayni_buffer_bytes(&sealed), NULL),
              "sealed entry");
}

static void pass_stopped(void *context, const struct ayni_feed *feed)
{
    (void)context;
    (void)feed;
}

/* What a member forked, with its proof. */
static void fork_once(void)
{
    SCOPED_BUFFER proof = { 0 };
    struct test_fork fork;

    test_fork_make(&fork, 2, &test_visits, 3);
    test_fork_prove(&fork, 0, 1, &proof);
    test_must(author_write_entry(test_midis.records.author, &test_visits, AYNI_KIND_FORK_PROOF,
                                 ayni_buffer_bytes(&proof), NULL),
              "proof entry");
    test_node_settle(&test_midis);
    test_must(forks_tend(&test_midis.records, pass_stopped, NULL), "forks");
}

/* Its right ended, with the cut. */
static void end_right(const struct ayni_record *grant)
{
    (void)test_node_ungrant(&test_midis, grant);
    test_node_settle(&test_midis);
    test_must(cuts_give(&test_midis.records), "cut");
}

void read_all_open(void)
{
    struct ayni_record grant;

    choose_disk();
    test_random_fix();
    open_nodes();
    grant = test_node_grant(&test_midis, &test_visits, &test_innova, AYNI_RIGHT_WRITER);
    test_node_exchange(&test_midis, &test_innova);
    write_records();
    write_sealed();
    fork_once();
    end_right(&grant);
    test_node_settle(&test_midis);
}

void read_all_close(void)
{
    test_two_close();
}

void read_all_open_once(void)
{
    static bool is_open;

    if (is_open)
        return;
    is_open = true;
    read_all_open();
    report_set_level(REPORT_NOTHING);
    atexit(read_all_close);
}

void read_all_damaged(struct lmdb *lmdb, unsigned part, unsigned which, struct ayni_bytes how)
{
    unsigned reader = part % (READ_LOG_PARTS + READ_RECORDS_PARTS);
    struct damage damage;

    damage_do(lmdb, how, &damage);
    if (reader < READ_LOG_PARTS)
        read_all_log(&test_midis, reader, which);
    else
        read_all_records(&test_midis, reader - READ_LOG_PARTS, which);
    damage_undo(&damage);
}
