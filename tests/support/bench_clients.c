#include "tests/support/bench_clients.h"

#include <lmdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/bytes.h"
#include "tests/support/bench.h"
#include "tests/support/random.h"

enum {
    CLIENTS_MAX = 64,
    REQUEST_SIZE = 300,
    ANSWER_SIZE = 60,
    INDEX_SIZE = 52,
    MAP_SIZE = 1 << 30
};

/* One request on its way, on the stack of the thread that answers it. */
struct asked {
    uint8_t bytes[REQUEST_SIZE];
    sem_t answered;
    struct asked *next;
};

/* Commits what has gathered, all at once, and hands it on. */
struct stage {
    MDB_env *env;
    size_t key_size;
    size_t value_size;
    struct stage *next; /* NULL: who asked is told */
    uint64_t count, commits;
    struct test_random random; /* of keys in no order; those of the first stage count up */
    pthread_t thread;
    pthread_mutex_t mutex; /* over all below */
    pthread_cond_t changed;
    struct asked *gathered;
    bool ends;
};

struct client {
    pthread_t asks, answers;
    int ends[2];
    uint64_t count;
    struct stage *first;
};

static void must(int rc, const char *what)
{
    bench_require(rc == MDB_SUCCESS, what, mdb_strerror(rc));
}

/* --- a store --- */

static void push(struct stage *stage, struct asked *asked)
{
    pthread_mutex_lock(&stage->mutex);
    asked->next = stage->gathered;
    stage->gathered = asked;
    pthread_cond_signal(&stage->changed);
    pthread_mutex_unlock(&stage->mutex);
}

static struct asked *take(struct stage *stage)
{
    pthread_mutex_lock(&stage->mutex);
    while (stage->gathered == NULL && !stage->ends)
        pthread_cond_wait(&stage->changed, &stage->mutex);
    struct asked *all = stage->gathered;
    stage->gathered = NULL;
    pthread_mutex_unlock(&stage->mutex);
    return all;
}

static void put(struct stage *stage, MDB_txn *txn, MDB_dbi dbi, const struct asked *asked)
{
    uint8_t name[INDEX_SIZE];
    MDB_val key = { stage->key_size, name };
    MDB_val value = { stage->value_size, (void *)(uintptr_t)asked->bytes };

    if (stage->next != NULL)
        ayni_put_u64(name, stage->count++);
    else
        test_random_fill(&stage->random, name, sizeof(name));
    must(mdb_put(txn, dbi, &key, &value, 0), "put");
}

static void commit(struct stage *stage, const struct asked *all)
{
    MDB_txn *txn;
    MDB_dbi dbi;

    must(mdb_txn_begin(stage->env, NULL, 0, &txn), "begin");
    must(mdb_dbi_open(txn, NULL, 0, &dbi), "table");
    for (; all != NULL; all = all->next)
        put(stage, txn, dbi, all);
    must(mdb_txn_commit(txn), "commit");
    stage->commits++;
}

static void *run_stage(void *arg)
{
    struct stage *stage = arg;

    for (struct asked *all, *next; (all = take(stage)) != NULL;) {
        commit(stage, all);
        for (; all != NULL; all = next) {
            next = all->next; /* it isn't ours any more after this */
            if (stage->next != NULL)
                push(stage->next, all);
            else
                sem_post(&all->answered);
        }
    }
    return NULL;
}

static void begin_stage(struct stage *stage, const char *folder, const char *name)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    bench_require(mkdir(path, 0700) == 0, "making a folder", path);
    must(mdb_env_create(&stage->env), "create");
    must(mdb_env_set_mapsize(stage->env, (size_t)MAP_SIZE), "map");
    must(mdb_env_open(stage->env, path, 0, 0600), "open");
    pthread_mutex_init(&stage->mutex, NULL);
    pthread_cond_init(&stage->changed, NULL);
    bench_require(pthread_create(&stage->thread, NULL, run_stage, stage) == 0, "thread", "failed");
}

static void end_stage(struct stage *stage)
{
    pthread_mutex_lock(&stage->mutex);
    stage->ends = true;
    pthread_cond_signal(&stage->changed);
    pthread_mutex_unlock(&stage->mutex);
    pthread_join(stage->thread, NULL);
    pthread_cond_destroy(&stage->changed);
    pthread_mutex_destroy(&stage->mutex);
    mdb_env_close(stage->env);
}

/* --- both ends of a socket --- */

static void *ask(void *arg)
{
    struct client *client = arg;
    uint8_t request[REQUEST_SIZE] = { 0 }, answer[ANSWER_SIZE];

    for (uint64_t i = 0; i < client->count; i++)
        bench_require(send(client->ends[0], request, sizeof(request), 0) == sizeof(request) &&
                          recv(client->ends[0], answer, sizeof(answer), MSG_WAITALL) ==
                              sizeof(answer),
                      "asking", "no answer");
    return NULL;
}

static void *answer(void *arg)
{
    struct client *client = arg;
    uint8_t answer[ANSWER_SIZE] = { 0 };
    struct asked asked;

    sem_init(&asked.answered, 0, 0);
    for (uint64_t i = 0; i < client->count; i++) {
        bench_require(recv(client->ends[1], asked.bytes, sizeof(asked.bytes), MSG_WAITALL) ==
                          sizeof(asked.bytes),
                      "answering", "nobody asks");
        push(client->first, &asked);
        while (sem_wait(&asked.answered) != 0) /* a signal */
            ;
        bench_require(send(client->ends[1], answer, sizeof(answer), 0) == sizeof(answer),
                      "answering", "nobody listens");
    }
    sem_destroy(&asked.answered);
    return NULL;
}

static void begin_client(struct client *client, struct stage *first, uint64_t count)
{
    *client = (struct client){ .first = first, .count = count };
    bench_require(socketpair(AF_UNIX, SOCK_STREAM, 0, client->ends) == 0 &&
                      pthread_create(&client->answers, NULL, answer, client) == 0 &&
                      pthread_create(&client->asks, NULL, ask, client) == 0,
                  "client", "can't begin");
}

static void end_client(const struct client *client)
{
    pthread_join(client->asks, NULL);
    pthread_join(client->answers, NULL);
    close(client->ends[0]);
    close(client->ends[1]);
}

struct bench_clients bench_clients_run(const char *folder, size_t clients, uint64_t count)
{
    struct stage views = { .key_size = INDEX_SIZE, .value_size = 12, .random = { 1 } };
    struct stage log = { .key_size = 8, .value_size = REQUEST_SIZE, .next = &views };
    struct client all[CLIENTS_MAX];

    bench_require(clients <= CLIENTS_MAX, "clients", "too many");
    begin_stage(&views, folder, "clients-views");
    begin_stage(&log, folder, "clients-log");
    double start = bench_now();
    for (size_t i = 0; i < clients; i++)
        begin_client(&all[i], &log, count * (i + 1) / clients - count * i / clients);
    for (size_t i = 0; i < clients; i++)
        end_client(&all[i]);
    double seconds = bench_now() - start;
    end_stage(&log);
    end_stage(&views);
    return (struct bench_clients){ (double)count / seconds, (double)count / (double)log.commits };
}
