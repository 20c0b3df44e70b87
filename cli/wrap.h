#ifndef AYNI_CLI_WRAP_H
#define AYNI_CLI_WRAP_H

#include <stdbool.h>
#include <stdio.h>

/* Lines of at most WRAP_WIDTH characters, made of pieces that aren't broken. */
enum { WRAP_WIDTH = 80 };
struct wrap {
    FILE *to;
    size_t column; /* where the cursor is: the first piece is put there */
    size_t indent; /* of lines after the first */
    bool begun;
};

/* A piece, after a space or on a line of its own. */
void wrap_piece(struct wrap *wrap, const char *piece, size_t size);
/* A text, broken at its spaces, and a line end. The cursor is at `indent`. */
void wrap_print(const char *text, size_t indent, FILE *to);
/* How many characters of a terminal a text takes. */
size_t wrap_width(const char *text, size_t size);

#endif
