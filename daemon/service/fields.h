/* fields.h - reads members of a request's body one by one: each fault is noted with its pointer,
 * and reading goes on. */
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
/* The member `key` of `map`, whose own pointer is `pointer` ("" for the body): NFC, trimmed,
 * without control characters and marks that hide text, at most `max` code points. NULL when absent,
 * blank or faulty. */
const char *fields_text(struct fields *fields, const struct value *map, const char *key,
                        const char *pointer, size_t max, unsigned flags);
/* False when `map` is there and no object. A member that is none of `keys` is a fault too: a
 * misspelled name must not pass for one left out. */
bool fields_members(struct fields *fields, const struct value *map, const char *pointer,
                    const char *const *keys, size_t count);
/* A whole number of min..max; `otherwise` when absent or faulty. */
int64_t fields_int(struct fields *fields, const struct value *map, const char *key,
                   const char *pointer, int64_t min, int64_t max, int64_t otherwise);
/* False when absent or faulty. */
bool fields_bool(struct fields *fields, const struct value *map, const char *key,
                 const char *pointer);
/* A moment in RFC 3339; WALL_NONE when absent or faulty. */
wall_t fields_moment(struct fields *fields, const struct value *map, const char *key,
                     const char *pointer);

#endif
