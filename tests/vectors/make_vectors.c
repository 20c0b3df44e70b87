/*
 * make_vectors DIR          writes the vectors of all formats to DIR
 * make_vectors --check DIR  makes them again and compares: 1 if one differs
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/crypto.h"
#include "tests/vectors/vector.h"

static const struct {
    const char *name;
    json_t *(*make)(void);
} formats[] = {
    { "bundle", vectors_bundle },
    { "card", vectors_card },
    { "cbor", vectors_cbor },
    { "confidential", vectors_confidential },
    { "cut", vectors_cut },
    { "derived_id", vectors_derived_id },
    { "erase", vectors_erase },
    { "feed", vectors_feed },
    { "fingerprint", vectors_fingerprint },
    { "fold", vectors_fold },
    { "fork_proof", vectors_fork_proof },
    { "ids", vectors_ids },
    { "list", vectors_list },
    { "message", vectors_message },
    { "payload", vectors_payload },
    { "proof", vectors_proof },
    { "receipt", vectors_receipt },
    { "registry", vectors_registry },
    { "root", vectors_root },
    { "run", vectors_run },
    { "ticket", vectors_ticket },
    { "value", vectors_value },
};

/* The whole file as text, which the caller frees. */
static char *text_of(size_t format)
{
    json_t *file = json_object();

    json_object_set_new(file, "format", json_string(formats[format].name));
    json_object_set_new(file, "cases", formats[format].make());
    char *text = json_dumps(file, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    json_decref(file);
    if (text == NULL)
        abort();
    return text;
}

static int write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fprintf(file, "%s\n", text) < 0 || fclose(file) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

/* Whether the file holds exactly this text. */
static int check_text(const char *path, const char *text)
{
    size_t size = strlen(text);
    char *held = malloc(size + 3);
    FILE *file = fopen(path, "r");

    if (held == NULL || file == NULL) {
        perror(path);
        free(held);
        return 1;
    }
    size_t read = fread(held, 1, size + 2, file);
    fclose(file);
    int differs = read != size + 1 || memcmp(held, text, size) != 0 || held[size] != '\n';
    if (differs)
        fprintf(stderr, "%s: is not what the program makes\n", path);
    free(held);
    return differs;
}

int main(int argc, char **argv)
{
    int check = argc == 3 && strcmp(argv[1], "--check") == 0, failed = 0;

    if (argc != 2 + check || ayni_crypto_init() != AYNI_OK) {
        fprintf(stderr, "make_vectors [--check] DIR\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        char path[4096];
        char *text = text_of(i);
        snprintf(path, sizeof(path), "%s/%s.json", argv[1 + check], formats[i].name);
        failed |= check ? check_text(path, text) : write_text(path, text);
        free(text);
    }
    return failed;
}
