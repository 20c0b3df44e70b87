/*
 * How long a daemon takes from its start to its first answer, and to the first
 * record that it shows, after all that may have happened to it before. One JSON
 * line, in milliseconds: NAME to the answer, NAME_read to the record. The argument is
 * how many records; 100,000 if none is given.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/store/views.h"
#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/bench_register.h"

enum { WORK_MS = 400 };
static const char space[] = "visits";

/* --- what is measured --- */

static void measure(struct bench_line *line, struct bench_node *node, const char *name,
                    const struct ayni_record *record)
{
    char read[48];
    double start = bench_now();

    bench_node_start(node);
    bench_line_number(line, name, (bench_now() - start) * 1000);
    bench_require(bench_register_get(node, record), name, "the record isn't there");
    snprintf(read, sizeof(read), "%s_read", name);
    bench_line_number(line, read, (bench_now() - start) * 1000);
}

/* --- what happens before --- */

static enum ayni_status ignore(void *context, const struct ayni_control_value *value,
                               struct failure *failure)
{
    (void)context;
    (void)value;
    (void)failure;
    return AYNI_OK;
}
static const struct client_sink quiet = { .item = ignore };

/* Files go from the page cache as after a boot, as far as the system does what it is asked for. */
static void cool_folder(const char *home, const char *store)
{
    char path[400];

    snprintf(path, sizeof(path), "%s/%s/data.mdb", home, store);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bench_require(fd >= 0 && fdatasync(fd) == 0 &&
                      posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0,
                  "cold", path);
    close(fd);
}

static void run(const char *program, const char *first, const char *second, const char *third)
{
    int ended = 0;
    pid_t child = fork();

    if (child == 0) {
        execlp(program, program, first, second, third, (char *)NULL);
        _exit(127);
    }
    bench_require(waitpid(child, &ended, 0) == child && ended == 0, program, "failed");
}

static void drop_views(const struct bench_node *node)
{
    char path[400];

    snprintf(path, sizeof(path), "%s/views", node->home);
    bench_require(views_destroy(path) == AYNI_OK, "views", "can't be deleted");
}

/* A rebuild after the other, in a thread of its own, until the daemon is killed. */
static void *rebuild_on(void *context)
{
    struct bench_node more;
    struct failure failure = { 0 };

    bench_node_connect(&more, context);
    do {
        struct ayni_control_writer request = client_request(&more.client, "rebuild");
        ayni_control_open_object(&request, NULL);
        ayni_control_close(&request);
    } while (client_exchange(&more.client, &quiet, &failure) == AYNI_OK);
    bench_node_free(&more);
    return NULL;
}

/* Killed while it computes everything that is derived anew. */
static void kill_at_work(struct bench_node *node)
{
    pthread_t thread;

    bench_require(pthread_create(&thread, NULL, rebuild_on, node) == 0, "thread", "can't be made");
    usleep(WORK_MS * 1000);
    bench_node_kill(node);
    pthread_join(thread, NULL);
}

/* The home on another machine: all its files are others. */
static void copy_home(struct bench_node *node)
{
    char copy[400];

    snprintf(copy, sizeof(copy), "%s-copy", node->home);
    run("cp", "-R", node->home, copy);
    run("rm", "-r", node->home, "-f");
    bench_require(rename(copy, node->home) == 0, "copy", "can't be moved");
}

static void restore_home(struct bench_node *node, const char *folder)
{
    struct client client;
    struct failure failure = { 0 };
    const char *words[] = { "aynid",    "--worker", "restore", "--home",
                            node->home, "--from",   folder,    NULL };

    run("rm", "-r", node->home, "-f");
    enum ayni_status status = client_start_worker(words, &client, &failure);
    if (status == AYNI_OK)
        status = client_listen(&client, &quiet, &failure);
    bench_require(status == AYNI_OK, "restore", failure.text);
    client_close(&client);
}

/* --- all of it --- */

static void run_all(struct bench_line *line, struct bench_node *node, const char *folder,
                    const struct ayni_record *record)
{
    char backup[400];

    bench_node_stop(node);
    measure(line, node, "stopped_ms", record);
    bench_node_kill(node);
    measure(line, node, "killed_ms", record);
    bench_node_stop(node);
    cool_folder(node->home, "log");
    cool_folder(node->home, "views");
    measure(line, node, "cold_ms", record);
    bench_node_ask(node, "compact", NULL);
    bench_node_stop(node);
    measure(line, node, "compacted_ms", record);
    bench_node_stop(node);
    copy_home(node);
    measure(line, node, "copied_ms", record);
    kill_at_work(node);
    measure(line, node, "killed_at_work_ms", record);
    bench_node_stop(node);
    drop_views(node);
    measure(line, node, "without_views_ms", record);
    snprintf(backup, sizeof(backup), "%s/backup", folder);
    bench_node_ask(node, "backup", "folder", backup, NULL);
    bench_node_stop(node);
    restore_home(node, backup);
    measure(line, node, "restored_ms", record);
}

int main(int argc, char **argv)
{
    uint64_t count = bench_argument(argc, argv, 1, 100000);
    struct ayni_record record;
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(ayni_crypto_init() == AYNI_OK, "start", "failed");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "starter", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_register_import(&node, &bench_tests, space, count);
    bench_register_put(&node, space, count, &record);
    bench_line_begin(&line, "start");
    bench_line_number(&line, "records", (double)count);
    run_all(&line, &node, folder, &record);
    bench_line_end(&line);
    bench_node_free(&node);
    bench_folder_remove(folder);
    return 0;
}
