#include "tests/support/ceiling.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/random.h"

enum { BATCH_COUNT = 500, BODY_SIZE = 300, INDEX_COUNT = 3, INDEX_KEY_SIZE = 40 };

/* 404 bytes, of which the chain hashes the first 340; the rest stands for a signature. */
struct wire_entry {
    uint8_t seq[8], previous[32], body[BODY_SIZE], rest[64];
};
struct wire_batch {
    struct ayni_signature signature; /* over the hash of the last entry */
    struct wire_entry entries[BATCH_COUNT];
};

struct transport_keys {
    char server_public[41], server_secret[41], client_public[41], client_secret[41];
};

static struct ayni_hash hash_entry(const struct wire_entry *entry)
{
    return ayni_hash_of((struct ayni_bytes){ entry->seq, 8 + 32 + BODY_SIZE });
}

static void zmq(int rc, const char *what)
{
    bench_require(rc >= 0, what, zmq_strerror(zmq_errno()));
}

static void lmdb(int rc, const char *what)
{
    bench_require(rc == MDB_SUCCESS, what, mdb_strerror(rc));
}

/* --- the sender --- */

static struct wire_batch *build(uint64_t batch_count, const struct ayni_signing_key *secret)
{
    struct wire_batch *batches = calloc(batch_count, sizeof(*batches));
    struct test_random random = { 42 };
    struct ayni_hash chain = { 0 };
    uint64_t seq = 0;

    bench_require(batches != NULL, "building", "no memory");
    for (uint64_t i = 0; i < batch_count; i++) {
        for (size_t j = 0; j < BATCH_COUNT; j++) {
            struct wire_entry *entry = &batches[i].entries[j];
            ayni_put_u64(entry->seq, seq++);
            memcpy(entry->previous, chain.bytes, 32);
            test_random_fill(&random, entry->body, BODY_SIZE);
            chain = hash_entry(entry);
        }
        ayni_sign(secret, (struct ayni_bytes){ chain.bytes, 32 }, &batches[i].signature);
    }
    return batches;
}

/* Waits for a word to begin, so that building is not timed, and for one that all is stored. */
static void send_all(const char *endpoint, const struct transport_keys *keys,
                     const struct wire_batch *batches, uint64_t batch_count)
{
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    char word;

    zmq(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, keys->server_public, 41), "curve");
    zmq(zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->client_public, 41), "curve");
    zmq(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->client_secret, 41), "curve");
    zmq(zmq_connect(socket, endpoint), "connect");
    zmq(zmq_send(socket, "?", 1, 0), "send");
    zmq(zmq_recv(socket, &word, 1, 0), "recv");
    for (uint64_t i = 0; i < batch_count; i++)
        zmq(zmq_send(socket, &batches[i], sizeof(batches[i]), 0), "send");
    zmq(zmq_recv(socket, &word, 1, 0), "recv");
    zmq_close(socket);
    zmq_ctx_term(context);
}

/* --- the receiver --- */

struct receiver {
    struct ayni_node node; /* whose signatures they are */
    struct ayni_hash chain;
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi entries, indexes[INDEX_COUNT];
    void *context, *socket;
    double check_s, store_s, commit_s; /* where the time goes */
};

static void open_store(struct receiver *r, const char *folder)
{
    char name[16];

    lmdb(mdb_env_create(&r->env), "create");
    lmdb(mdb_env_set_maxdbs(r->env, INDEX_COUNT + 1), "tables");
    lmdb(mdb_env_set_mapsize(r->env, (size_t)64 << 30), "map");
    lmdb(mdb_env_open(r->env, folder, 0, 0600), "open");
    lmdb(mdb_txn_begin(r->env, NULL, 0, &r->txn), "begin");
    lmdb(mdb_dbi_open(r->txn, "entries", MDB_CREATE, &r->entries), "table");
    for (unsigned i = 0; i < INDEX_COUNT; i++) {
        snprintf(name, sizeof(name), "index%u", i);
        lmdb(mdb_dbi_open(r->txn, name, MDB_CREATE, &r->indexes[i]), "table");
    }
    lmdb(mdb_txn_commit(r->txn), "commit");
}

static void check(struct receiver *r, const struct wire_batch *batch)
{
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        bool follows = memcmp(batch->entries[i].previous, r->chain.bytes, 32) == 0;
        bench_require(follows, "chain", "broken");
        r->chain = hash_entry(&batch->entries[i]);
    }
    bench_require(ayni_verify(&r->node, (struct ayni_bytes){ r->chain.bytes, 32 },
                              &batch->signature) == AYNI_OK,
                  "signature", "bad");
}

static void put(MDB_txn *txn, MDB_dbi table, uint8_t *key, size_t key_size, void *value,
                size_t value_size, unsigned flags)
{
    MDB_val k = { key_size, key };
    MDB_val v = { value_size, value };

    lmdb(mdb_put(txn, table, &k, &v, flags), "put");
}

/* Index keys stand for a field's value and a record's id: random, as hashes and ids are. */
static void store(struct receiver *r, struct wire_batch *batch)
{
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        struct wire_entry *entry = &batch->entries[i];
        put(r->txn, r->entries, entry->seq, 8, entry, sizeof(*entry), MDB_APPEND);
        for (size_t j = 0; j < INDEX_COUNT; j++)
            put(r->txn, r->indexes[j], entry->body + j * INDEX_KEY_SIZE, INDEX_KEY_SIZE, entry->seq,
                8, 0);
    }
}

static void listen_to(struct receiver *r, const struct transport_keys *keys, char *endpoint,
                      size_t endpoint_size)
{
    int one = 1;

    r->context = zmq_ctx_new();
    r->socket = zmq_socket(r->context, ZMQ_ROUTER);
    zmq(zmq_setsockopt(r->socket, ZMQ_CURVE_SERVER, &one, sizeof(one)), "curve");
    zmq(zmq_setsockopt(r->socket, ZMQ_CURVE_SECRETKEY, keys->server_secret, 41), "curve");
    zmq(zmq_bind(r->socket, "tcp://127.0.0.1:*"), "bind");
    zmq(zmq_getsockopt(r->socket, ZMQ_LAST_ENDPOINT, endpoint, &endpoint_size), "endpoint");
}

/* One message, after the frame that says from whom, which goes to `from` if it isn't NULL. */
static void receive(struct receiver *r, zmq_msg_t *from, zmq_msg_t *message)
{
    zmq_msg_t sender;

    zmq_msg_init(&sender);
    zmq(zmq_msg_recv(&sender, r->socket, 0), "recv");
    zmq(zmq_msg_recv(message, r->socket, 0), "recv");
    if (from != NULL)
        zmq_msg_move(from, &sender);
    zmq_msg_close(&sender);
}

static void say(struct receiver *r, zmq_msg_t *to)
{
    zmq_msg_t copy;

    zmq_msg_init(&copy);
    zmq_msg_copy(&copy, to);
    zmq(zmq_msg_send(&copy, r->socket, ZMQ_SNDMORE), "send");
    zmq(zmq_send(r->socket, "!", 1, 0), "send");
}

static void take_batch(struct receiver *r, struct wire_batch *batch, bool begin, bool commit)
{
    double start = bench_now();
    check(r, batch);
    double checked = bench_now();
    if (begin)
        lmdb(mdb_txn_begin(r->env, NULL, 0, &r->txn), "begin");
    store(r, batch);
    double stored = bench_now();
    if (commit)
        lmdb(mdb_txn_commit(r->txn), "commit");
    r->check_s += checked - start;
    r->store_s += stored - checked;
    r->commit_s += bench_now() - stored;
}

static double receive_all(struct receiver *r, uint64_t batch_count, uint64_t batches_per_commit)
{
    zmq_msg_t peer, message;

    zmq_msg_init(&peer);
    zmq_msg_init(&message);
    receive(r, &peer, &message);
    double start = bench_now();
    say(r, &peer);
    for (uint64_t i = 0; i < batch_count; i++) {
        receive(r, NULL, &message);
        bench_require(zmq_msg_size(&message) == sizeof(struct wire_batch), "batch", "wrong size");
        take_batch(r, zmq_msg_data(&message), i % batches_per_commit == 0,
                   (i + 1) % batches_per_commit == 0 || i + 1 == batch_count);
    }
    double seconds = bench_now() - start;
    say(r, &peer);
    zmq_msg_close(&message);
    zmq_msg_close(&peer);
    return seconds;
}

static void close_all(struct receiver *r)
{
    int linger_ms = 1000;

    zmq(zmq_setsockopt(r->socket, ZMQ_LINGER, &linger_ms, sizeof(linger_ms)), "linger");
    zmq_close(r->socket);
    zmq_ctx_term(r->context);
    mdb_env_close(r->env);
}

/* In the child. */
static void send_when_told(int told, uint64_t batch_count, const struct ayni_signing_key *secret,
                           const struct transport_keys *keys)
{
    char endpoint[128];
    struct wire_batch *batches = build(batch_count, secret);

    bench_require(read(told, endpoint, sizeof(endpoint)) == sizeof(endpoint), "pipe", "read");
    send_all(endpoint, keys, batches, batch_count);
    free(batches);
    _exit(0);
}

void ceiling_measure(uint64_t entries, uint64_t per_commit, struct ceiling *measured)
{
    uint64_t batch_count = entries / BATCH_COUNT;
    struct receiver receiver = { 0 };
    struct ayni_signing_key secret;
    struct transport_keys keys;
    char endpoint[128] = "";
    char folder[256];
    int told[2], ended;

    bench_require(batch_count > 0 && per_commit >= BATCH_COUNT, "arguments",
                  "at least one batch of 500");
    bench_require(ayni_crypto_init() == AYNI_OK && pipe(told) == 0, "start", "failed");
    bench_require(ayni_signing_key_of_seed((const uint8_t[32]){ 1 }, &secret, &receiver.node) ==
                      AYNI_OK,
                  "key", "failed");
    zmq(zmq_curve_keypair(keys.server_public, keys.server_secret), "keys");
    zmq(zmq_curve_keypair(keys.client_public, keys.client_secret), "keys");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        send_when_told(told[0], batch_count, &secret, &keys);
    bench_folder_make(folder, sizeof(folder));
    open_store(&receiver, folder);
    listen_to(&receiver, &keys, endpoint, sizeof(endpoint));
    bench_require(write(told[1], endpoint, sizeof(endpoint)) == sizeof(endpoint), "pipe", "write");
    double cpu_s = bench_cpu();
    measured->seconds = receive_all(&receiver, batch_count, per_commit / BATCH_COUNT);
    measured->cpu_s = bench_cpu() - cpu_s;
    measured->entries = (double)(batch_count * BATCH_COUNT);
    measured->check_s = receiver.check_s;
    measured->store_s = receiver.store_s;
    measured->commit_s = receiver.commit_s;
    measured->disk_bytes = bench_folder_bytes(folder);
    close_all(&receiver);
    close(told[0]);
    close(told[1]);
    bench_require(waitpid(child, &ended, 0) == child && ended == 0, "sender", "failed");
    bench_folder_remove(folder);
}
