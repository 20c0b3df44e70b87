#include "cli/wrap.h"

#include <string.h>

/* Our texts have no wide and no combining characters: one for each that begins. */
size_t wrap_width(const char *text, size_t size)
{
    size_t width = 0;

    for (size_t i = 0; i < size; i++)
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

void wrap_piece(struct wrap *wrap, const char *piece, size_t size)
{
    size_t width = wrap_width(piece, size);

    if (wrap->begun && wrap->column + 1 + width > WRAP_WIDTH) {
        fprintf(wrap->to, "\n%*s", (int)wrap->indent, "");
        wrap->column = wrap->indent;
    } else if (wrap->begun) {
        fputc(' ', wrap->to);
        wrap->column++;
    }
    fwrite(piece, 1, size, wrap->to);
    wrap->column += width;
    wrap->begun = true;
}

void wrap_print(const char *text, size_t indent, FILE *to)
{
    struct wrap wrap = { .to = to, .column = indent, .indent = indent };

    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        wrap_piece(&wrap, text, size);
        text += size + (text[size] == ' ');
    }
    fputc('\n', to);
}
