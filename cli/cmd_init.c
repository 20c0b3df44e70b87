#include "cli/arguments.h"

#include "cli/language.h"
#include "cli/output.h"

static void print_next(const char *home, bool steering)
{
    printf("\n%s\n", _("What to do next:"));
    if (steering)
        printf("  %s\n", _("put the root key away: print it or keep it on a stick in a safe, and "
                           "delete the file"));
    printf("  aynid --home %s", home);
    if (steering) {
        printf(" --listen %s\n", _("tcp://ADDRESS:4747"));
        printf("      %s\n",
               _("start the daemon at an address that others can reach, and keep it running"));
        printf("  ayni --home %s ticket\n", home);
        printf("      %s\n", _("prints the ticket for those who join"));
        printf("  ayni --home %s member add CARD\n", home);
        printf("      %s\n", _("admits a node by its card"));
        return;
    }
    printf("\n      %s\n", _("start the daemon, and keep it running"));
    printf("  ayni --home %s card\n", home);
    printf("      %s\n", _("prints this node's card: send it to the steering node"));
    printf("  ayni --home %s join TICKET\n", home);
    printf("      %s\n", _("with the ticket that the steering node sent"));
}

enum ayni_status cmd_init(const struct settings *settings, const struct arguments *arguments,
                          struct failure *failure)
{
    char home[PATH_MAX];
    const char *federation = arguments_value(arguments, "federation");
    bool steering = arguments_value(arguments, "steering") != NULL;
    enum ayni_status status = settings_home(settings, home, failure);

    if (status != AYNI_OK)
        return status;
    if (steering != (federation != NULL))
        return fail(failure, AYNI_E_USAGE, _("--steering and --federation NAME belong together"),
                    NULL);
    const char *words[] = {
        "aynid",
        "--worker",
        "init",
        "--home",
        home,
        "--name",
        arguments_value(arguments, "name"),
        steering ? "--steering" : NULL,
        "--federation",
        federation,
        NULL,
    };
    SCOPED_CLIENT client;
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    struct client_sink sink = output_sink(&output);
    status = client_start_worker(words, &client, failure);
    if (status == AYNI_OK)
        status = client_listen(&client, &sink, failure);
    output_end(&output, status, failure);
    if (status == AYNI_OK && !settings->json)
        print_next(home, steering);
    return status;
}
