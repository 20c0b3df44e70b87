/*
 * aynid: command line, settings, start, signals, stop. Everything else is in
 * the parts (daemon/daemon.h).
 */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/home.h"
#include "daemon/report.h"
#include "daemon/worker.h"
#include "po/language.h"

enum exit_code { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_FAILED = 5 };

/* A service manager waits longer than that. */
enum { STOP_MAX_S = 30 };

struct command_line {
    const char *home, *config, *listen, *http, *worker;
    bool check, print, help, version;
};

static const struct option options[] = {
    { "home", required_argument, NULL, 'h' },
    { "config", required_argument, NULL, 'c' },
    { "listen", required_argument, NULL, 'l' },
    { "http", required_argument, NULL, 'w' },
    { "check-config", no_argument, NULL, 'k' },
    { "print-config", no_argument, NULL, 'p' },
    { "foreground", no_argument, NULL, 'f' },
    { "worker", required_argument, NULL, 'o' },
    { "help", no_argument, NULL, '?' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

static const char usage[] =
    "usage: aynid [--home DIR] [--config FILE] [--listen tcp://ADDR:PORT] [--http ADDR:PORT]\n"
    "             [--check-config] [--print-config] [--foreground]\n";

static bool parse(int argc, char **argv, struct command_line *line)
{
    int option;

    /* A worker's own options follow its name, and are its own to read. */
    while (line->worker == NULL && (option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        switch (option) {
        case 'h':
            line->home = optarg;
            break;
        case 'c':
            line->config = optarg;
            break;
        case 'l':
            line->listen = optarg;
            break;
        case 'w':
            line->http = optarg;
            break;
        case 'k':
            line->check = true;
            break;
        case 'p':
            line->print = true;
            break;
        case 'f': /* aynid never leaves the foreground: a service manager keeps it */
            break;
        case 'o':
            line->worker = optarg;
            break;
        case 'V':
            line->version = true;
            break;
        default:
            line->help = strcmp(argv[optind - 1], "--help") == 0;
            return line->help;
        }
    }
    return line->worker != NULL || optind == argc;
}

/* --home, else AYNI_HOME, else XDG_DATA_HOME/ayni, else ~/.local/share/ayni. */
static bool find_home(const char *given, char *home, size_t size)
{
    const char *environment = getenv("AYNI_HOME");
    const char *data = getenv("XDG_DATA_HOME");
    const char *user = getenv("HOME");
    int length;

    if (given != NULL)
        length = snprintf(home, size, "%s", given);
    else if (environment != NULL && environment[0] != '\0')
        length = snprintf(home, size, "%s", environment);
    else if (data != NULL && data[0] != '\0')
        length = snprintf(home, size, "%s/ayni", data);
    else
        length = snprintf(home, size, "%s/.local/share/ayni", user != NULL ? user : "");
    return length > 0 && (size_t)length < size;
}

static enum ayni_status read_settings(const struct command_line *line, struct config *config,
                                      char *why, size_t size)
{
    char path[PATH_MAX];

    config_init(config);
    if (!find_home(line->home, config->home, sizeof(config->home))) {
        snprintf(why, size, _("--home: the path is too long"));
        return AYNI_E_USAGE;
    }
    if (snprintf(path, sizeof(path), "%s/aynid.conf", config->home) >= (int)sizeof(path))
        return AYNI_E_USAGE;
    enum ayni_status status =
        config_read(config, line->config != NULL ? line->config : path, why, size);
    if (status == AYNI_E_NOT_FOUND && line->config == NULL)
        status = AYNI_OK;
    if (status == AYNI_OK)
        status = config_read_environment(config, why, size);
    if (status == AYNI_OK && line->listen != NULL)
        status = config_set(config, "net", "listen", line->listen, why, size);
    if (status == AYNI_OK && line->http != NULL)
        status = config_set(config, "http", "listen", line->http, why, size);
    return status;
}

static void set_log_level(const char *level)
{
    static const char *const names[] = { "debug", "info", "warning", "error" };

    for (int i = 0; i < 4; i++)
        if (strcmp(level, names[i]) == 0)
            report_set_level((enum report_level)i);
}

/* Blocked in all threads, so that the main one alone takes them, one at a time. */
static int signal_descriptor(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write that fails */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static void wait_for_end(int signals)
{
    struct signalfd_siginfo info;

    while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        if (info.ssi_signo != SIGHUP)
            return;
}

/* Each peer is a descriptor: as many as this user may have, within reason. */
static void raise_descriptors(void)
{
    enum { ENOUGH = 65536 };
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= ENOUGH)
        return;
    limit.rlim_cur = limit.rlim_max < ENOUGH ? limit.rlim_max : ENOUGH;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        report(REPORT_WARNING, "few_descriptors", "limit=%" PRIu64, (uint64_t)limit.rlim_cur);
}

/* What can't be ended in the time that there is is left as a crash would leave it: nothing that was
 * acknowledged is lost by that. */
static void end_now(int signal)
{
    static const char line[] = "stop_forced\n";
    ssize_t written = write(STDERR_FILENO, line, sizeof(line) - 1);

    (void)signal;
    (void)written;
    _exit(EXIT_FAILED);
}

static void limit_stop(void)
{
    signal(SIGALRM, end_now);
    alarm(STOP_MAX_S);
}

static int exit_code_of(enum ayni_status status)
{
    switch (status) {
    case AYNI_OK:
        return EXIT_DONE;
    case AYNI_E_USAGE:
    case AYNI_E_NOT_FOUND:
        return EXIT_USAGE;
    case AYNI_E_RIGHT:
    case AYNI_E_INVALID:
    case AYNI_E_EXISTS:
        return EXIT_REFUSED;
    default:
        return EXIT_FAILED;
    }
}

static int serve(const struct config *config)
{
    char why[1024] = "";
    static struct daemon daemon; /* large, and one for the process */
    int signals = signal_descriptor();

    raise_descriptors();
    enum ayni_status status = home_check(config->home, why, sizeof(why));
    if (status == AYNI_OK)
        status = daemon_open(&daemon, config, true, why, sizeof(why));
    if (status == AYNI_OK)
        status = daemon_serve(&daemon, why, sizeof(why));
    if (status == AYNI_OK) {
        wait_for_end(signals);
        report(REPORT_INFO, "stopping", NULL);
        limit_stop();
    } else {
        fprintf(stderr, "aynid: %s\n", why[0] != '\0' ? why : ayni_status_name(status));
    }
    daemon_close(&daemon);
    close(signals);
    return exit_code_of(status);
}

int main(int argc, char **argv)
{
    struct command_line line = { 0 };
    struct config config;
    char why[1024] = "";

    umask(077);
    language_use(language_choose(getenv("AYNI_LANG")));
    if (!parse(argc, argv, &line)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (line.help) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    if (line.version) {
        puts("aynid " AYNI_VERSION);
        return EXIT_DONE;
    }
    if (ayni_crypto_init() != AYNI_OK) {
        fprintf(stderr, "aynid: %s\n", _("the system gives no random numbers"));
        return EXIT_FAILED;
    }
    if (line.worker != NULL)
        return worker_run(line.worker, argc - optind, argv + optind);
    if (read_settings(&line, &config, why, sizeof(why)) != AYNI_OK) {
        fprintf(stderr, "aynid: %s\n", why);
        return EXIT_USAGE;
    }
    if (line.print)
        config_print(&config, stdout);
    if (line.print || line.check)
        return EXIT_DONE;
    set_log_level(config.log_level);
    return serve(&config);
}
