#include "daemon/http/http_server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/http/health.h"
#include "daemon/http/http_socket.h"
#include "daemon/report.h"
#include "po/language.h"

/* Whoever comes gets no more of this process than that. */
enum { CONNECTIONS_MAX = 32, CONNECTION_MEMORY = 16 * 1024, CONNECTION_TIMEOUT_S = 10 };

struct http_server {
    struct daemon *daemon;
    struct MHD_Daemon *mhd;
};

static const struct {
    const char *path, *type;
    /* Appends the page, and answers its status. */
    unsigned (*make)(struct daemon *daemon, struct ayni_buffer *body);
} pages[] = {
    { "/health", "application/json", health_page },
};

/* --- answers --- */

static bool add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, unsigned status,
                                   const char *type, struct ayni_buffer *body)
{
    if (ayni_buffer_status(body) != AYNI_OK)
        return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    bool made = add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) &&
                add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        made = made && add_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED || status == MHD_HTTP_BAD_REQUEST)
        made = made && add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result = made ? MHD_queue_response(connection, status, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *line)
{
    SCOPED_BUFFER body = { 0 };

    ayni_buffer_append_text(&body, line);
    return send_answer(connection, status, "text/plain; charset=utf-8", &body);
}

/* No page takes data; and to say both a length and chunks is a way to smuggle requests. */
static bool has_body(struct MHD_Connection *connection)
{
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

    return (length != NULL && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **request)
{
    const struct http_server *server = context;

    (void)version;
    (void)data;
    (void)data_size;
    (void)request;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    if (has_body(connection))
        return refuse(connection, MHD_HTTP_BAD_REQUEST, "a request has no data here\n");
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        SCOPED_BUFFER body = { 0 };
        if (strcmp(url, pages[i].path) != 0)
            continue;
        unsigned status = pages[i].make(server->daemon, &body);
        return send_answer(connection, status, pages[i].type, &body);
    }
    return refuse(connection, MHD_HTTP_NOT_FOUND, "there is no such page\n");
}

/* --- its life --- */

/* What breaks off or isn't HTTP is no news. */
static void no_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

/* A path is what was sent, and not what a %00 in it may make of it. */
static size_t keep_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start_at(int fd, struct http_server *server)
{
    struct MHD_OptionItem limits[] = {
        { MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_TIMEOUT_S, NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL,
                            answer, server, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL,
                            MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL,
                            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_ARRAY, limits, MHD_OPTION_END);
}

enum ayni_status http_server_start(struct daemon *daemon, const char *address,
                                   struct http_server **server, char *why, size_t why_size)
{
    int fd;
    struct http_server *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = http_socket_open(address, &fd, why, why_size);
    if (status == AYNI_OK) {
        made->daemon = daemon;
        made->mhd = start_at(fd, made); /* which has the socket from here on */
    }
    if (status == AYNI_OK && made->mhd == NULL) {
        snprintf(why, why_size, _("%s: no web server can be started there"), address);
        status = AYNI_E_IO;
    }
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    report(REPORT_INFO, "listening", "for=http address=%s", address);
    *server = made;
    return AYNI_OK;
}

void http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    MHD_stop_daemon(server->mhd); /* and closes the socket */
    free(server);
}
