/* json.h - strict JSON reading (RFC 8259) into plain values. */
#ifndef DVC_BASE_JSON_H
#define DVC_BASE_JSON_H

#include "base/value.h"

struct json_error {
    int line, column;  /* 1-based, characters */
    const char *what;  /* English, short, in the arena */
};

enum {
    JSON_E_SYNTAX = 1, /* not JSON, bad UTF-8, \u0000, number too large, trailing text */
    JSON_E_DUPLICATE,  /* a member twice in one object */
    JSON_E_DEPTH,      /* nested deeper than max_depth */
};

/* Parses one document of any kind. Strings come out as they are (normalising is the caller's
 * matter). 0, or one of JSON_E_* with *ret_error filled. */
int json_parse(struct arena *arena, struct slice text, int max_depth, struct value **ret,
               struct json_error *ret_error) DVC_MUSTCHECK;

#endif
