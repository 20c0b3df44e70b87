#include "tests/support/bench_commit.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "proto/bytes.h"
#include "tests/support/bench.h"

enum { PAYLOAD_SIZE = 300, MAP_SIZE = 1 << 30 };

struct bench_commits {
    MDB_env *env;
    uint64_t count;
};

static void must(int rc, const char *what)
{
    bench_require(rc == MDB_SUCCESS, what, mdb_strerror(rc));
}

struct bench_commits *bench_commits_open(const char *folder, const char *name)
{
    struct bench_commits *commits = calloc(1, sizeof(*commits));
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    bench_require(commits != NULL && mkdir(path, 0700) == 0, "making a folder", path);
    must(mdb_env_create(&commits->env), "create");
    must(mdb_env_set_mapsize(commits->env, (size_t)MAP_SIZE), "map");
    must(mdb_env_open(commits->env, path, 0, 0600), "open");
    return commits;
}

void bench_commits_close(struct bench_commits *commits)
{
    mdb_env_close(commits->env);
    free(commits);
}

double bench_commits_one(struct bench_commits *commits)
{
    static uint8_t payload[PAYLOAD_SIZE];
    uint8_t number[8];
    MDB_val key = { sizeof(number), number };
    MDB_val value = { sizeof(payload), payload };
    MDB_txn *txn;
    MDB_dbi dbi;
    double start = bench_now();

    ayni_put_u64(number, commits->count++);
    must(mdb_txn_begin(commits->env, NULL, 0, &txn), "begin");
    must(mdb_dbi_open(txn, NULL, 0, &dbi), "table");
    must(mdb_put(txn, dbi, &key, &value, 0), "put");
    must(mdb_txn_commit(txn), "commit");
    return bench_now() - start;
}

uint64_t bench_commits_of(const char *folder)
{
    MDB_env *env;
    MDB_envinfo info;

    must(mdb_env_create(&env), "create");
    must(mdb_env_open(env, folder, MDB_RDONLY, 0600), "open");
    must(mdb_env_info(env, &info), "info");
    mdb_env_close(env);
    return info.me_last_txnid;
}
