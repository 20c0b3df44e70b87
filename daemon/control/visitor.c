#include "daemon/control/visitor.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/socket.h>

/* The name of a local user; a user without one is called by number. */
static void name_user(uid_t uid, char name[VISITOR_NAME_SIZE])
{
    struct passwd entry, *found = NULL;
    char text[4096];

    snprintf(name, VISITOR_NAME_SIZE, "uid:%lu", (unsigned long)uid);
    if (getpwuid_r(uid, &entry, text, sizeof(text), &found) == 0 && found != NULL)
        snprintf(name, VISITOR_NAME_SIZE, "%s", found->pw_name);
}

enum ayni_status visitor_of_socket(int fd, struct visitor *visitor)
{
    struct ucred who;
    socklen_t size = sizeof(who);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return AYNI_E_IO;
    *visitor = (struct visitor){ .has_key = false };
    name_user(who.uid, visitor->name);
    return AYNI_OK;
}
