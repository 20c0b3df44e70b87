#include "proto/status.h"

const char *ayni_status_name(enum ayni_status status)
{
    switch (status) {
    case AYNI_OK:
        return "ok";
    case AYNI_E_TRUNCATED:
        return "truncated";
    case AYNI_E_MALFORMED:
        return "malformed";
    case AYNI_E_LIMIT:
        return "limit";
    case AYNI_E_SIGNATURE:
        return "signature";
    case AYNI_E_CHAIN:
        return "chain";
    case AYNI_E_FORK:
        return "fork";
    case AYNI_E_NOT_FOUND:
        return "not_found";
    case AYNI_E_EXISTS:
        return "exists";
    case AYNI_E_CHANGED:
        return "changed";
    case AYNI_E_RIGHT:
        return "right";
    case AYNI_E_INVALID:
        return "invalid";
    case AYNI_E_USAGE:
        return "usage";
    case AYNI_E_VERSION:
        return "version";
    case AYNI_E_FULL:
        return "full";
    case AYNI_E_IO:
        return "io";
    case AYNI_E_MEMORY:
        return "memory";
    case AYNI_E_BUSY:
        return "busy";
    case AYNI_E_STOPPED:
        return "stopped";
    }
    return "unknown";
}
