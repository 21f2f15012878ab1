/* fields.h - reads members of a request's body one by one: each fault is noted with its pointer, and
 * reading goes on. */
#ifndef DVC_SERVICE_FIELDS_H
#define DVC_SERVICE_FIELDS_H

#include "base/wall.h"
#include "core/form.h"

struct fields {
    struct arena *arena;
    struct form_faults *faults;
};

void fields_fault(struct fields *fields, const char *pointer, const char *code,
                  const char *message);

enum { FIELDS_REQUIRED = 1, FIELDS_LINES = 2 /* line breaks and tabs are allowed */ };
/* The member `key` of `map`, whose own pointer is `pointer` ("" for the body): NFC, trimmed, without
 * control characters, at most `max` code points. NULL when absent, blank or faulty. */
const char *fields_text(struct fields *fields, const struct value *map, const char *key,
                        const char *pointer, size_t max, unsigned flags);
/* A moment in RFC 3339; WALL_NONE when absent or faulty. */
wall_t fields_moment(struct fields *fields, const struct value *map, const char *key,
                     const char *pointer);

#endif
