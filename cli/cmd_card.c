#include "cli/ask.h"

#include <qrencode.h>
#include <string.h>

#include "cli/language.h"
#include "cli/output.h"

/* Two rows of modules a line, dark on light, with the margin that readers want. */
static void print_code(const QRcode *code)
{
    enum { MARGIN = 2 };
    static const char *const blocks[] = { "█", "▄", "▀", " " }; /* by upper + 2 * lower dark */

    for (int y = -MARGIN; y < code->width + MARGIN; y += 2) {
        for (int x = -MARGIN; x < code->width + MARGIN; x++) {
            unsigned dark = 0;
            for (int half = 0; half < 2; half++) {
                int row = y + half;
                bool inside = x >= 0 && x < code->width && row >= 0 && row < code->width;
                if (inside && (code->data[row * code->width + x] & 1))
                    dark |= 1u << half;
            }
            fputs(blocks[dark], stdout);
        }
        fputc('\n', stdout);
    }
}

static enum ayni_status on_card(void *context, const struct ayni_control_value *item,
                                struct failure *failure)
{
    struct ayni_control_value card;
    char text[4096];

    (void)context;
    if (!ayni_control_find(item, "card", &card) || card.kind != AYNI_CONTROL_TEXT ||
        card.bytes.size >= sizeof(text))
        return fail(failure, AYNI_E_IO, _("the daemon's answer is not understood"), NULL);
    memcpy(text, card.bytes.data, card.bytes.size);
    text[card.bytes.size] = '\0';
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    if (code == NULL)
        return fail(failure, AYNI_E_LIMIT, _("the card is too long for a QR code"), NULL);
    print_code(code);
    QRcode_free(code);
    printf("%s\n", text);
    return AYNI_OK;
}

enum ayni_status cmd_card(const struct settings *settings, const struct arguments *arguments,
                          struct failure *failure)
{
    struct client_sink sink = { .item = on_card };

    if (arguments_value(arguments, "qr") == NULL || settings->json)
        return ask_and_print(settings, arguments, failure);
    return ask_to(settings, arguments, &sink, failure);
}
