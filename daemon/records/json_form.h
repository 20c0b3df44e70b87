#ifndef AYNI_DAEMON_RECORDS_JSON_FORM_H
#define AYNI_DAEMON_RECORDS_JSON_FORM_H

#include "proto/bytes.h"

/*
 * JSON files of a fixed form (an edition of the catalogue, an import map),
 * read strictly. A document remembers the first thing that is wrong with its
 * place, and then reads as empty, so that a reader asks once, at the end.
 * jansson is known here, and nowhere else in the daemon.
 */
enum { JSON_ERROR_SIZE = 240 };

struct json_form {
    void *root;
    enum ayni_status status; /* AYNI_OK, or AYNI_E_INVALID with `error` */
    char error[JSON_ERROR_SIZE];
};

/* One value in it, and how one came there. Lent by the document; a parent outlives its children. */
struct json_at {
    struct json_form *form;
    void *value; /* NULL: absent, or the document has failed */
    const struct json_at *parent;
    const char *key; /* in an object */
    size_t index;    /* in an array */
};

/* Always to be closed. A name given twice in an object is an error. */
void json_form_open(struct json_form *form, struct ayni_bytes text);
void json_form_close(struct json_form *form);
#define SCOPED_JSON_FORM __attribute__((cleanup(json_form_close))) struct json_form

struct json_at json_form_root(struct json_form *form);
/* Note what is wrong at a place, unless something was before. */
void json_form_fail(const struct json_at *at, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether there is a value at all. */
bool json_form_given(const struct json_at *at);
bool json_form_is_null(const struct json_at *at); /* there, and null */
bool json_form_is_text(const struct json_at *at);
bool json_form_is_object(const struct json_at *at);

/* A member of an object that may be absent, or must be there. `key` is lent to one that is absent.
 */
struct json_at json_form_member(const struct json_at *object, const char *key);
struct json_at json_form_required(const struct json_at *object, const char *key);
/* Fails where the object has a member with another name than these; NULL ends them. */
void json_form_only(const struct json_at *object, const char *const *keys);

/* Items of an array, or members of an object in the order of the file; 0 where it is absent. */
size_t json_form_count(const struct json_at *at);
struct json_at json_form_item(const struct json_at *array, size_t index);
/*
 * The next member of an object, any name: `cursor` starts as NULL. False at
 * the end. `member->key` is its name.
 */
bool json_form_next(const struct json_at *object, void **cursor, struct json_at *member);

/* Values; empty or 0 where it is absent. Another kind of value is an error. */
struct ayni_bytes json_form_text(const struct json_at *at);
int64_t json_form_integer(const struct json_at *at, int64_t least, int64_t most);
bool json_form_flag(const struct json_at *at);
/* The value as compact JSON, appended. */
void json_form_append(const struct json_at *at, struct ayni_buffer *to);

#endif
