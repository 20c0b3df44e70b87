#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config.h"
#include "daemon/config_peer.h"
#include "tests/support/folder.h"
#include "tests/support/suite.h"

static struct test_folder folder;
static struct config config;
static char why[512];

static void setup(void)
{
    test_folder_make(&folder);
    config_init(&config);
    why[0] = '\0';
}

static void teardown(void)
{
    test_folder_remove(&folder);
}

static enum ayni_status read_text(struct config *into, const char *text)
{
    char path[512];

    test_folder_write(&folder, "aynid.conf", text, strlen(text));
    test_folder_path(&folder, "aynid.conf", path, sizeof(path));
    return config_read(into, path, why, sizeof(why));
}

/* What config_print() prints, read into `into` from the defaults. */
static void round_trip(const struct config *from, struct config *into)
{
    char path[512];

    test_folder_path(&folder, "printed.conf", path, sizeof(path));
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    config_print(from, file);
    fclose(file);
    config_init(into);
    ck_assert_msg(config_read(into, path, why, sizeof(why)) == AYNI_OK, "%s", why);
}

START_TEST(defaults_are_those_of_the_design)
{
    ck_assert_str_eq(config.listen, "");
    ck_assert_uint_eq(config.dial_interval_min_ms, 2000);
    ck_assert_uint_eq(config.dial_interval_max_ms, 60000);
    ck_assert_uint_eq(config.peer_timeout_ms, 30000);
    ck_assert_uint_eq(config.peers_wanted, 4);
    ck_assert(!config.metered);
    ck_assert_str_eq(config.log_level, "info");
}
END_TEST

static const struct setting {
    const char *section, *name, *value;
} good[] = {
    { "net", "listen", "tcp://127.0.0.1:0" },
    { "net", "listen", "tcp://*:7000" },
    { "net", "listen", "tcp://[::]:65535" },
    { "net", "listen", "tcp://eth0:7000" },
    { "net", "listen", "" },
    { "net", "advertise", "tcp://a.example:7000" },
    { "net", "advertise", "tcp://a.example:7000,tcp://[2001:db8::1]:7001,tcp://10.0.0.1:1" },
    { "net", "advertise", "" },
    { "net", "peer-timeout", "1000ms" },
    { "net", "peer-timeout", "600s" },
    { "net", "peer-timeout", "10min" },
    { "net", "dial-interval-min", "100MS" },
    { "net", "dial-interval-max", "1h" },
    { "net", "peers-wanted", "0" },
    { "net", "peers-wanted", "1000" },
    { "net", "metered", "yes" },
    { "net", "metered", "TRUE" },
    { "net", "metered", "0" },
    { "store", "log-map-size", "1M" },
    { "store", "log-map-size", "1048576" },
    { "store", "views-map-size", "64t" },
    { "store", "projection-memory", "1G" },
    { "net", "proxy", "127.0.0.1:9050" },
    { "net", "proxy", "" },
    { "link", "rate", "64K" },
    { "link", "day", "200M" },
    { "link", "hours", "22:00-06:00" },
    { "link", "hours", "00:00-24:00" },
    { "link", "hours", "always" },
    { "peer tcp://a.example:7000", "rate", "1K" },
    { "peer tcp://10.0.0.7:7001", "day", "0" },
    { "peer tcp://[2001:db8::1]:7001", "rate", "2K" },
    { "peer tcp://a-name-that-is-rather-long-for-a-machine.loreto.example:7000", "rate", "1K" },
    { "peer 7nilagut", "hours", "12:30-13:00" },
    { "http", "listen", "127.0.0.1:8080" },
    { "http", "listen", "[::1]:8080" },
    { "http", "listen", "" },
    { "log", "level", "debug" },
};

START_TEST(a_good_value_is_taken_and_printed_so_that_it_reads_the_same)
{
    struct config again;
    enum ayni_status status =
        config_set(&config, good[_i].section, good[_i].name, good[_i].value, why, sizeof(why));

    ck_assert_msg(status == AYNI_OK, "%s", why);
    round_trip(&config, &again);
    ck_assert_int_eq(memcmp(&again, &config, sizeof(config)), 0);
}
END_TEST

static const struct setting bad[] = {
    { "net", "listen", "127.0.0.1:7000" },
    { "net", "listen", "tcp://127.0.0.1" },
    { "net", "listen", "tcp://:7000" },
    { "net", "listen", "tcp://127.0.0.1:" },
    { "net", "listen", "tcp://127.0.0.1:65536" },
    { "net", "listen", "tcp://127.0.0.1:7x" },
    { "net", "listen", "ipc:///tmp/x:1" },
    { "net", "listen", "tcp://127.0.0.1:1 ; x" },
    { "net", "advertise", "tcp://a.example" },
    { "net", "advertise", "tcp://*:7000" },
    { "net", "advertise", "tcp://a:1," },
    { "net", "advertise", ",tcp://a:1" },
    { "net", "advertise", "tcp://a:1,,tcp://b:1" },
    { "net", "advertise", "tcp://a:1 tcp://b:1" },
    { "net", "advertise",
      "tcp://a:1,tcp://a:2,tcp://a:3,tcp://a:4,tcp://a:5,tcp://a:6,tcp://a:7,tcp://a:8,tcp://a:9" },
    { "net", "peer-timeout", "999ms" },
    { "net", "peer-timeout", "5000" },
    { "net", "peer-timeout", "11min" },
    { "net", "peer-timeout", "" },
    { "net", "peer-timeout", "30 s" },
    { "net", "peer-timeout", "-1s" },
    { "net", "peer-timeout", "3e4" },
    { "net", "dial-interval-min", "99999999999999999999" },
    { "net", "dial-interval-min", "18446744073709551615h" },
    { "net", "peers-wanted", "1001" },
    { "net", "peers-wanted", "4K" },
    { "net", "metered", "maybe" },
    { "net", "metered", "" },
    { "store", "log-map-size", "1023K" },
    { "store", "log-map-size", "65T" },
    { "store", "projection-memory", "1P" },
    { "net", "proxy", "9050" },
    { "link", "rate", "-1" },
    { "link", "day", "much" },
    { "link", "hours", "" },
    { "link", "hours", "22:00" },
    { "link", "hours", "22:00-22:00" },
    { "link", "hours", "24:00-06:00" },
    { "link", "hours", "22:60-06:00" },
    { "link", "hours", "22:00-24:01" },
    { "link", "hours", "22:00-6:00" },
    { "link", "hours", "22:00-06:00," },
    { "link", "burst", "1" },
    { "peer 7nilagut", "rate", "fast" },
    { "peer 7nilagut", "hours", "never" },
    { "peer 7nilagut", "listen", "tcp://a:1" },
    { "http", "listen", "8080" },
    { "http", "listen", "http://127.0.0.1:8080" },
    { "log", "level", "loud" },
    { "log", "level", "" },
    { "net", "no-such", "1" },
    { "no-such", "listen", "tcp://a:1" },
    { "", "listen", "tcp://a:1" },
};

START_TEST(a_bad_value_is_refused_with_its_name_and_nothing_changes)
{
    struct config before = config;

    ck_assert_int_eq(
        config_set(&config, bad[_i].section, bad[_i].name, bad[_i].value, why, sizeof(why)),
        AYNI_E_USAGE);
    ck_assert_ptr_nonnull(strstr(why, bad[_i].name));
    ck_assert_int_eq(memcmp(&before, &config, sizeof(config)), 0);
}
END_TEST

START_TEST(a_section_of_a_peer_names_a_node_or_an_endpoint)
{
    const char *node = "7nilagut7nilagut7nilagut7nilagut7nilagut7nilagut2345";
    const char *const wrong[] = { "peer ",
                                  "peer midis",
                                  "peer 7NILAGUT",
                                  "peer 7nilagu",
                                  "peer udp://a:1",
                                  "peer tcp://a",
                                  "peer tcp://[2001:db8::1:7001",
                                  "peer tcp://2001:db8::1]:7001",
                                  "peer [7nilagut]" };
    char text[256];

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        ck_assert_int_eq(config_set(&config, wrong[i], "rate", "1K", why, sizeof(why)),
                         AYNI_E_USAGE);
        ck_assert_uint_eq(config.peer_count, 0);
    }
    snprintf(text, sizeof(text), "[peer %s]\nrate = 1K\nday = 2K\n", node);
    ck_assert_msg(read_text(&config, text) == AYNI_OK, "%s", why);
    ck_assert_uint_eq(config.peer_count, 1);
    ck_assert_uint_eq(config_budget_of(&config, node, NULL, 0).day, 2048);
}
END_TEST

/* A section's name may have brackets of its own; what follows it on the line is nothing. */
START_TEST(brackets_of_an_address_do_not_end_a_section)
{
    const char *const endpoints[] = { "tcp://[::1]:7001" };
    const char *const wrong[] = { "[peer tcp://[::1]:7001\nrate = 1K\n", "[[log]\nlevel = debug\n",
                                  "[peer tcp://[::1]\nrate = 1K\n", "[log\nlevel = debug\n",
                                  "[[log]]\nlevel = debug\n" };

    ck_assert_msg(read_text(&config, "[peer tcp://[::1]:7001] ; [by cable]\nrate = 3K\n"
                                     "[log]\nlevel = debug\n"
                                     "[net]\nlisten = tcp://[::1]:7001\n") == AYNI_OK,
                  "%s", why);
    ck_assert_uint_eq(config_budget_of(&config, "aaaaaaaa", endpoints, 1).rate, 3072);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        ck_assert_int_eq(read_text(&config, wrong[i]), AYNI_E_USAGE);
}
END_TEST

START_TEST(a_section_that_is_too_long_is_refused)
{
    char text[300];

    snprintf(text, sizeof(text), "[peer tcp://%0*d:1]\nrate = 1K\n", 120, 0);
    ck_assert_int_eq(read_text(&config, text), AYNI_OK);
    snprintf(text, sizeof(text), "[peer tcp://%0*d:1]\nrate = 1K\n", 160, 0);
    ck_assert_int_eq(read_text(&config, text), AYNI_E_USAGE);
}
END_TEST

START_TEST(what_a_section_of_a_peer_does_not_say_is_as_for_all)
{
    const char *const endpoints[] = { "tcp://b:2", "tcp://a:1" };
    const char *node = "aaaaaaaabbbbbbbb";

    ck_assert_msg(read_text(&config, "[link]\nrate = 5K\nday = 1M\nhours = 22:00-06:00\n"
                                     "[peer tcp://a:1]\nday = 0\n"
                                     "[peer aaaaaaaa]\nrate = 0\nhours = always\n") == AYNI_OK,
                  "%s", why);
    struct config_budget all = config_budget_of(&config, "cccccccc", NULL, 0);
    struct config_budget by_endpoint = config_budget_of(&config, node, endpoints, 2);
    struct config_budget by_node = config_budget_of(&config, node, endpoints, 1);
    ck_assert_uint_eq(all.rate, 5120);
    ck_assert_uint_eq(all.day, 1 << 20);
    ck_assert_str_eq(all.hours, "22:00-06:00");
    ck_assert_uint_eq(by_endpoint.rate, 5120);
    ck_assert_uint_eq(by_endpoint.day, 0);
    ck_assert_uint_eq(by_node.rate, 0);
    ck_assert_uint_eq(by_node.day, 1 << 20);
    ck_assert_str_eq(by_node.hours, "always");
}
END_TEST

START_TEST(there_are_only_so_many_sections_of_peers)
{
    char section[32];

    for (int i = 0; i <= CONFIG_PEERS_MAX; i++) {
        snprintf(section, sizeof(section), "peer tcp://a:%d", i + 1);
        ck_assert_int_eq(config_set(&config, section, "rate", "1K", why, sizeof(why)),
                         i < CONFIG_PEERS_MAX ? AYNI_OK : AYNI_E_USAGE);
    }
    ck_assert_uint_eq(config.peer_count, CONFIG_PEERS_MAX);
}
END_TEST

START_TEST(the_longest_values_survive_a_round_trip)
{
    const char *endpoints = "tcp://node-1.loreto.example:7001,tcp://node-2.loreto.example:7002,"
                            "tcp://node-3.loreto.example:7003,tcp://node-4.loreto.example:7004,"
                            "tcp://node-5.gob.pe:7005";
    struct config again;

    ck_assert_uint_gt(strlen(endpoints), 155);
    ck_assert_int_eq(config_set(&config, "net", "advertise", endpoints, why, sizeof(why)), AYNI_OK);
    round_trip(&config, &again);
    ck_assert_str_eq(again.advertise, endpoints);
}
END_TEST

START_TEST(a_value_that_is_too_long_is_refused)
{
    char text[CONFIG_TEXT_MAX + 64];

    memset(text, 'a', sizeof(text));
    memcpy(text, "tcp://", 6);
    snprintf(text + sizeof(text) - 8, 8, ":7000");
    ck_assert_int_eq(config_set(&config, "net", "listen", text, why, sizeof(why)), AYNI_E_USAGE);
}
END_TEST

START_TEST(a_file_may_hold_comments_blanks_and_sections_in_any_order)
{
    ck_assert_msg(read_text(&config,
                            "# ours\n[log]\nlevel=error\n\n; more\n[net]\n"
                            "listen = tcp://127.0.0.1:7000 ; here\nmetered: yes\n") == AYNI_OK,
                  "%s", why);
    ck_assert_str_eq(config.log_level, "error");
    ck_assert_str_eq(config.listen, "tcp://127.0.0.1:7000");
    ck_assert(config.metered);
    ck_assert_int_eq(read_text(&config, ""), AYNI_OK);
}
END_TEST

static const struct broken {
    const char *text;
    const char *where;
} broken[] = {
    { "[net]\n\nlisten = nowhere\n", "line 3" },
    { "[net]\nno-such = 1\n", "line 2" },
    { "[net]\nnot a pair\n", "line 2" },
    { "[net\nlisten=tcp://a:1\n", "line 1" },
    { "listen = tcp://a:1\n", "line 1" },
    { "[net]\npeers-wanted = 4\npeers-wanted = -4\n", "line 3" },
};
START_TEST(a_broken_file_says_where)
{
    ck_assert_int_eq(read_text(&config, broken[_i].text), AYNI_E_USAGE);
    ck_assert_msg(strstr(why, broken[_i].where) != NULL, "%s", why);
    ck_assert_msg(strstr(why, "aynid.conf") != NULL, "%s", why);
}
END_TEST

/* Cut off, a port would be another one. */
START_TEST(a_line_that_is_too_long_is_never_cut_off)
{
    char text[512];

    snprintf(text, sizeof(text), "[net]\nlisten = %*stcp://127.0.0.1:7000\n", 170 + _i, "");
    enum ayni_status status = read_text(&config, text);
    if (status == AYNI_OK)
        ck_assert_str_eq(config.listen, "tcp://127.0.0.1:7000");
    else
        ck_assert_ptr_nonnull(strstr(why, "line 2"));
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told_from_one_that_cannot_be_read)
{
    ck_assert_int_eq(config_read(&config, "/nowhere/at/all", why, sizeof(why)), AYNI_E_NOT_FOUND);
    ck_assert_int_ne(config_read(&config, folder.path, why, sizeof(why)), AYNI_OK);
}
END_TEST

START_TEST(the_environment_goes_over_the_file)
{
    ck_assert_int_eq(read_text(&config, "[net]\nlisten = tcp://a:1\npeers-wanted = 7\n"), AYNI_OK);
    setenv("AYNI_NET_LISTEN", "tcp://b:2", 1);
    setenv("AYNI_STORE_PROJECTION_MEMORY", "2M", 1);
    ck_assert_int_eq(config_read_environment(&config, why, sizeof(why)), AYNI_OK);
    ck_assert_str_eq(config.listen, "tcp://b:2");
    ck_assert_uint_eq(config.projection_memory, 2 << 20);
    ck_assert_uint_eq(config.peers_wanted, 7);
    setenv("AYNI_NET_PEERS_WANTED", "many", 1);
    ck_assert_int_eq(config_read_environment(&config, why, sizeof(why)), AYNI_E_USAGE);
    ck_assert_ptr_nonnull(strstr(why, "AYNI_NET_PEERS_WANTED"));
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *settings = tcase_create("settings");

    tcase_add_checked_fixture(settings, setup, teardown);
    tcase_add_test(settings, defaults_are_those_of_the_design);
    tcase_add_loop_test(settings, a_good_value_is_taken_and_printed_so_that_it_reads_the_same, 0,
                        COUNT(good));
    tcase_add_loop_test(settings, a_bad_value_is_refused_with_its_name_and_nothing_changes, 0,
                        COUNT(bad));
    tcase_add_test(settings, a_section_of_a_peer_names_a_node_or_an_endpoint);
    tcase_add_test(settings, brackets_of_an_address_do_not_end_a_section);
    tcase_add_test(settings, a_section_that_is_too_long_is_refused);
    tcase_add_test(settings, what_a_section_of_a_peer_does_not_say_is_as_for_all);
    tcase_add_test(settings, there_are_only_so_many_sections_of_peers);
    tcase_add_test(settings, the_longest_values_survive_a_round_trip);
    tcase_add_test(settings, a_value_that_is_too_long_is_refused);
    tcase_add_test(settings, a_file_may_hold_comments_blanks_and_sections_in_any_order);
    tcase_add_loop_test(settings, a_broken_file_says_where, 0, COUNT(broken));
    tcase_add_loop_test(settings, a_line_that_is_too_long_is_never_cut_off, 0, 60);
    tcase_add_test(settings, a_file_that_is_not_there_is_told_from_one_that_cannot_be_read);
    tcase_add_test(settings, the_environment_goes_over_the_file);
    suite_add_tcase(suite, settings);
    return test_run(suite);
}
