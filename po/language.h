#ifndef AYNI_PO_LANGUAGE_H
#define AYNI_PO_LANGUAGE_H

#include <libintl.h>
#include <stdbool.h>

/* Texts for people: English in the sources, Spanish in po/es.po. */
#define _(text) gettext(text)

/*
 * The language that was asked for ("es", "en"), or else the first of LANGUAGE,
 * LC_ALL, LC_MESSAGES and LANG that is set, or else Spanish.
 */
const char *language_choose(const char *asked);
/* From here on _() speaks it. */
void language_use(const char *language);

#endif
