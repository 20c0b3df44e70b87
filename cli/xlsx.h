#ifndef AYNI_CLI_XLSX_H
#define AYNI_CLI_XLSX_H

#include "cli/failure.h"

/*
 * A workbook of one sheet, written as rows come: headings, then values with
 * the type that they have, so that numbers can be summed and days sorted. A text stays a
 * text, whatever it begins with. libxlsxwriter is known here and nowhere else.
 */
struct xlsx_file;

/* AYNI_E_MEMORY. Whatever is at `path` is replaced when the file is closed. */
AYNI_CHECKED enum ayni_status xlsx_open(const char *path, struct xlsx_file **file,
                                        struct failure *failure);
/* An ARRAY of values; the first is that of the headings. In words: more rows than a sheet has. */
AYNI_CHECKED enum ayni_status
xlsx_put_row(struct xlsx_file *file, const struct ayni_control_value *row, struct failure *failure);
/* Write it, readable by its owner alone. In words: it can't be. */
AYNI_CHECKED enum ayni_status xlsx_close(struct xlsx_file *file, struct failure *failure);
/* Instead of closing it: nothing stays at its path that wasn't whole. NULL is fine. */
void xlsx_abandon(struct xlsx_file *file);

#endif
