#include "store/fault.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [STORE_OK] = "ok",
    [STORE_E_BUSY] = "busy",
    [STORE_E_TIMEOUT] = "timeout",
    [STORE_E_LOST] = "lost",
    [STORE_E_CANCELLED] = "cancelled",
    [STORE_E_UNIQUE] = "unique",
    [STORE_E_CONSTRAINT] = "constraint",
    [STORE_E_DATA] = "data",
    [STORE_E_CONFLICT] = "conflict",
    [STORE_E_DENIED] = "denied",
    [STORE_E_STATEMENT] = "statement",
    [STORE_E_RESOURCE] = "resource",
    [STORE_E_DOWN] = "down",
    [STORE_E_READONLY] = "readonly",
};

/* The longest matching prefix decides; the order therefore goes from the particular to the class.
 */
static const struct {
    const char *prefix;
    enum store_error code;
    bool retry;
} classes[] = {
    {"23505", STORE_E_UNIQUE, false}, {"23", STORE_E_CONSTRAINT, false},
    {"22", STORE_E_DATA, false},      {"P0", STORE_E_DATA, false},
    {"40", STORE_E_CONFLICT, true},   {"55P03", STORE_E_CONFLICT, true},
    {"57014", STORE_E_TIMEOUT, true}, {"57P", STORE_E_DOWN, true},
    {"25P03", STORE_E_TIMEOUT, true}, {"25006", STORE_E_READONLY, true},
    {"28", STORE_E_DENIED, false},    {"42501", STORE_E_DENIED, false},
    {"42", STORE_E_STATEMENT, false}, {"53", STORE_E_RESOURCE, true},
    {"54", STORE_E_RESOURCE, false},  {"58", STORE_E_RESOURCE, true},
    {"08", STORE_E_LOST, true},
};

void db_error_classify(struct db_error *ret_error, const char *sqlstate)
{
    struct db_error *error = ret_error;

    error->sqlstate[0] = '\0';
    error->code = STORE_E_LOST;
    error->retry = true;
    if (sqlstate == NULL || strlen(sqlstate) != 5)
        return;
    memcpy(error->sqlstate, sqlstate, sizeof(error->sqlstate));
    error->code = STORE_E_STATEMENT;
    error->retry = false;
    for (size_t i = 0; i < DVC_COUNT(classes); i++)
        if (strncmp(sqlstate, classes[i].prefix, strlen(classes[i].prefix)) == 0) {
            error->code = classes[i].code;
            error->retry = classes[i].retry;
            return;
        }
}

void db_error_set(struct db_error *ret_error, int code, const char *message)
{
    *ret_error = (struct db_error){.code = code};
    ret_error->retry = code == STORE_E_BUSY || code == STORE_E_TIMEOUT || code == STORE_E_LOST ||
                       code == STORE_E_CONFLICT || code == STORE_E_DOWN;
    if (message != NULL)
        snprintf(ret_error->message, sizeof(ret_error->message), "%s", message);
}

const char *store_error_name(int code)
{
    if (code < 0 || (size_t)code >= DVC_COUNT(names))
        return "error";
    return names[code];
}
