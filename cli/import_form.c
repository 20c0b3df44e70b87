#include "cli/import_form.h"

#include <ctype.h>
#include <string.h>

#include "cli/language.h"

/* `tab`, or a character that is no part of words and numbers and quotes nothing. */
static enum ayni_status delimiter_of(const char *text, char *delimiter, struct failure *failure)
{
    bool is_tab = strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0 || strcmp(text, "\t") == 0;

    if (!is_tab && (strlen(text) != 1 || !ispunct((unsigned char)text[0]) ||
                    strchr("\"'.-_", text[0]) != NULL)) {
        fail_hint(failure, _("it is \",\" \";\" \"|\" or another such character, or tab"), NULL);
        return fail(failure, AYNI_E_USAGE, _("{} can't stand between cells"), text, NULL);
    }
    *delimiter = is_tab ? '\t' : text[0];
    return AYNI_OK;
}

enum ayni_status import_form_of(const struct arguments *arguments, struct csv_form *form,
                                struct failure *failure)
{
    const char *encoding = arguments_value(arguments, "encoding");
    const char *delimiter = arguments_value(arguments, "delimiter");

    *form = (struct csv_form){ 0 };
    if (encoding != NULL)
        form->encoding = strcmp(encoding, "latin-1") == 0 ? CSV_LATIN_1 : CSV_UTF_8;
    return delimiter == NULL ? AYNI_OK : delimiter_of(delimiter, &form->delimiter, failure);
}

void import_form_tell(const struct csv_file *file)
{
    char delimiter = csv_file_delimiter(file);
    bool is_latin = csv_file_is_latin(file);

    if (is_latin || delimiter != ',')
        fprintf(stderr, "%s %s, %s %s\n", _("read as"), is_latin ? "Latin-1" : "UTF-8",
                _("between cells:"), delimiter == '\t' ? "TAB" : (char[]){ delimiter, 0 });
}
