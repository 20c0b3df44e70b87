#include "po/language.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "po/program.h"

static const char *known(const char *name)
{
    static const char *const languages[] = { "es", "en" };

    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strncmp(name, languages[i], 2) == 0 && strchr("_.@:", name[2]) != NULL)
            return languages[i];
    return NULL;
}

const char *language_choose(const char *asked)
{
    static const char *const variables[] = { "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG" };

    if (asked != NULL && known(asked) != NULL)
        return known(asked);
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0')
            return known(value) != NULL ? known(value) : "es";
    }
    return "es";
}

/* Beside the program, where it is installed or was built; else where it was to be installed. */
static void find_texts(char folder[PATH_MAX])
{
    static const char *const beside[] = { "../share/locale", "../locale" };
    char name[PATH_MAX], texts[PATH_MAX + 32];

    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        if (!program_beside(beside[i], name))
            continue;
        snprintf(texts, sizeof(texts), "%s/es/LC_MESSAGES/ayni.mo", name);
        if (access(texts, R_OK) == 0) {
            snprintf(folder, PATH_MAX, "%s", name);
            return;
        }
    }
    snprintf(folder, PATH_MAX, "%s", AYNI_LOCALE_DIR);
}

void language_use(const char *language)
{
    char folder[PATH_MAX];

    /* C.UTF-8 is always there; LANGUAGE alone then chooses, whatever locales the system has. */
    setlocale(LC_ALL, "C.UTF-8");
    setenv("LANGUAGE", language, 1);
    find_texts(folder);
    bindtextdomain("ayni", folder);
    bind_textdomain_codeset("ayni", "UTF-8");
    textdomain("ayni");
}
