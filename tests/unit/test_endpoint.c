#include "proto/endpoint.h"

#include "tests/support/suite.h"

static const char *const good[] = {
    "tcp://127.0.0.1:7411",           "tcp://localhost:1",
    "tcp://ayni.midis.gob.pe:65535",  "tcp://[::1]:7411",
    "tcp://[2001:DB8::192.0.2.1]:80", "tcp://xn--u-ida.pe:7411",
};

START_TEST(tcp_host_and_port_are_valid)
{
    ck_assert(ayni_endpoint_valid(ayni_bytes_of_text(good[_i])));
}
END_TEST

static const char *const bad[] = {
    "",
    "tcp://",
    "tcp://host",
    "tcp://host:",
    "tcp://:7411",
    "tcp://*:7411",
    "tcp://host:*",
    "tcp://host:0",
    "tcp://host:07411",
    "tcp://host:65536",
    "tcp://host:99999999999999999999",
    "tcp://host:74 11",
    "tcp://host:7411 ",
    " tcp://host:7411",
    "TCP://host:7411",
    "tcp:/host:7411",
    "ipc:///tmp/socket",
    "ipc://@abstract:1",
    "inproc://x:1",
    "ws://host:80",
    "pgm://eth0;239.192.1.1:5555",
    "tcp://eth0;host:7411",
    "tcp://127.0.0.1:0;host:7411",
    "tcp://user@host:7411",
    "tcp://host/path:7411",
    "tcp://ho_st:7411",
    "tcp://.host:7411",
    "tcp://host.:7411",
    "tcp://a..b:7411",
    "tcp://-host:7411",
    "tcp://host-:7411",
    "tcp://[]:7411",
    "tcp://[1234]:7411",
    "tcp://[::1:7411",
    "tcp://::1:7411",
    "tcp://[::1%eth0]:7411",
    "tcp://\xc3\xb1.pe:7411",
    "tcp://"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
    "12345678901234567890123456789:7411",
};

START_TEST(anything_else_is_none)
{
    ck_assert_msg(!ayni_endpoint_valid(ayni_bytes_of_text(bad[_i])), "%s", bad[_i]);
}
END_TEST

START_TEST(a_nul_inside_is_none)
{
    ck_assert(!ayni_endpoint_valid(TEST_BYTES("tcp://ho\0st:7411")));
    ck_assert(!ayni_endpoint_valid(TEST_BYTES("tcp://host:74\0")));
}
END_TEST

START_TEST(a_host_that_is_no_address_is_a_name)
{
    const char *const names[] = { "tcp://localhost:1", "tcp://7.example:80", "tcp://a-1:2" };
    const char *const others[] = { "tcp://127.0.0.1:1", "tcp://[::1]:80", "ipc:///tmp/x", "" };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        ck_assert_msg(ayni_endpoint_is_name(names[i]), "%s", names[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        ck_assert_msg(!ayni_endpoint_is_name(others[i]), "%s", others[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("endpoint");
    TCase *endpoint = tcase_create("endpoint");

    tcase_add_loop_test(endpoint, tcp_host_and_port_are_valid, 0, sizeof(good) / sizeof(good[0]));
    tcase_add_loop_test(endpoint, anything_else_is_none, 0, sizeof(bad) / sizeof(bad[0]));
    tcase_add_test(endpoint, a_nul_inside_is_none);
    tcase_add_test(endpoint, a_host_that_is_no_address_is_a_name);
    suite_add_tcase(suite, endpoint);
    return test_run(suite);
}
