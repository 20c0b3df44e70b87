#ifndef AYNI_PROTO_STATUS_H
#define AYNI_PROTO_STATUS_H

/*
 * What a function answers: AYNI_OK, or a failure named for what the caller can
 * do about it. Outputs are written only on AYNI_OK, unless a header says so.
 */
enum ayni_status {
    AYNI_OK = 0,
    AYNI_E_TRUNCATED = -1, /* the bytes end too early; more may complete them */
    AYNI_E_MALFORMED = -2, /* the bytes are not of the form; more won't help */
    AYNI_E_LIMIT = -3,     /* over a maximum of proto/limits.h or of the configuration */
    AYNI_E_SIGNATURE = -4, /* a signature, seal or sealed box does not verify */
    AYNI_E_CHAIN = -5,     /* an entry does not continue what is held */
    AYNI_E_FORK = -6,      /* under a valid seal: one feed, two histories */
    AYNI_E_NOT_FOUND = -7, /* there is no such thing here */
    AYNI_E_EXISTS = -8,    /* there is one already */
    AYNI_E_CHANGED = -9,   /* it is no longer what the caller expected */
    AYNI_E_RIGHT = -10,    /* the asker has no right to it */
    AYNI_E_INVALID = -11,  /* well-formed, but against a rule or of a wrong value */
    AYNI_E_USAGE = -12,    /* asked in a wrong way: a name or value nobody knows */
    AYNI_E_VERSION = -13,  /* of another federation or an incompatible protocol */
    AYNI_E_FULL = -14,     /* the disk, map or memory budget is used up */
    AYNI_E_IO = -15,       /* the disk, network or system failed */
    AYNI_E_MEMORY = -16,   /* no memory */
    AYNI_E_BUSY = -17,     /* somebody else has it; later may work */
    AYNI_E_STOPPED = -18,  /* the daemon is shutting down */
};

/* The name in lower case, as logs and JSON spell it: "ok", "truncated", ... Never NULL. */
const char *ayni_status_name(enum ayni_status status);

/* The compiler objects to an ignored result. */
#define AYNI_CHECKED __attribute__((warn_unused_result))

#endif
