#include "proto/endpoint.h"

#include <string.h>

#include "proto/limits.h"

static bool all_of(struct ayni_bytes text, const char *allowed)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == 0 || strchr(allowed, text.data[i]) == NULL)
            return false;
    return text.size > 0;
}

/* A name or an IPv4 address: labels between dots, none empty, none with a hyphen at an end. */
static bool is_name(struct ayni_bytes host)
{
    if (!all_of(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"))
        return false;
    for (size_t i = 0; i < host.size; i++) {
        bool first = i == 0 || host.data[i - 1] == '.';
        bool last = i + 1 == host.size || host.data[i + 1] == '.';
        if (host.data[i] == '.' ? first || last : host.data[i] == '-' && (first || last))
            return false;
    }
    return true;
}

static bool is_host(struct ayni_bytes host)
{
    bool brackets = host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';

    if (!brackets)
        return is_name(host);
    struct ayni_bytes inside = { host.data + 1, host.size - 2 };
    return all_of(inside, "0123456789abcdefABCDEF:.") && memchr(inside.data, ':', inside.size);
}

static bool is_port(struct ayni_bytes port)
{
    unsigned long value = 0;

    if (!all_of(port, "0123456789") || port.size > 5 || port.data[0] == '0')
        return false;
    for (size_t i = 0; i < port.size; i++)
        value = value * 10 + (unsigned long)(port.data[i] - '0');
    return value <= 65535;
}

static const char scheme[] = "tcp://";

bool ayni_endpoint_is_name(const char *endpoint)
{
    size_t start = sizeof(scheme) - 1;

    if (strncmp(endpoint, scheme, start) != 0 || endpoint[start] == '[')
        return false;
    return endpoint[start + strspn(endpoint + start, "0123456789.")] != ':';
}

bool ayni_endpoint_valid(struct ayni_bytes endpoint)
{
    size_t start = sizeof(scheme) - 1, colon = endpoint.size;

    if (endpoint.size <= start || endpoint.size > AYNI_ENDPOINT_SIZE_MAX ||
        memcmp(endpoint.data, scheme, start) != 0)
        return false;
    while (colon > start && endpoint.data[colon - 1] != ':')
        colon--;
    if (colon == start)
        return false;
    struct ayni_bytes host = { endpoint.data + start, colon - 1 - start };
    struct ayni_bytes port = { endpoint.data + colon, endpoint.size - colon };
    return is_host(host) && is_port(port);
}
