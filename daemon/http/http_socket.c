#include "daemon/http/http_socket.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/config.h"
#include "po/language.h"

enum { BACKLOG = 32 };

/* "[ADDR]:PORT" into its parts; the brackets go. An address that is *, or empty, is none. */
static void split(char *text, const char **host, const char **port)
{
    char *colon = strrchr(text, ':');

    *colon = '\0';
    *port = colon + 1;
    if (text[0] == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        text++;
    }
    *host = strcmp(text, "*") == 0 ? NULL : text;
}

static int listen_at(const struct addrinfo *at)
{
    int yes = 1;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static enum ayni_status explain(const char *address, int error, char *why, size_t why_size)
{
    if (error == EADDRINUSE) {
        snprintf(why, why_size,
                 _("%s: another program listens there; another address or port is set by --http"),
                 address);
        return AYNI_E_BUSY;
    }
    snprintf(why, why_size, _("%s: %s; another address or port is set by --http"), address,
             strerror(error));
    return error == EADDRNOTAVAIL || error == EACCES ? AYNI_E_USAGE : AYNI_E_IO;
}

enum ayni_status http_socket_open(const char *address, int *fd, char *why, size_t why_size)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found;
    char text[CONFIG_TEXT_MAX];
    const char *host, *port;

    snprintf(text, sizeof(text), "%s", address);
    if (strrchr(text, ':') == NULL || strrchr(text, ':') == text)
        return explain(address, EADDRNOTAVAIL, why, why_size);
    split(text, &host, &port);
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return explain(address, EADDRNOTAVAIL, why, why_size);
    int made = listen_at(found);
    int error = errno;
    freeaddrinfo(found);
    if (made < 0)
        return explain(address, error, why, why_size);
    *fd = made;
    return AYNI_OK;
}
