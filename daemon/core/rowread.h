/* rowread.h - a dossier's row out of the database, member by member. What does not fit its member
 * marks the row as unfit, and the reading goes on: whoever reads asks once, at the end. */
#ifndef DVC_CORE_ROWREAD_H
#define DVC_CORE_ROWREAD_H

#include "base/value.h"
#include "base/wall.h"
#include "core/limit.h"
#include "core/procedure.h"

struct rowread {
    struct arena *arena;               /* takes the copies */
    const struct procedure *procedure; /* whose step ids the row holds */
    bool unfit;                        /* something did not fit: the row is refused as a whole */
};

/* The member `key` of `row`, a map or NULL. Missing or null: WALL_NONE, DAY_NONE, NULL,
 * `otherwise`; also what is given for a member that does not fit. */
wall_t rowread_wall(struct rowread *reader, const struct value *row, const char *key);
day_t rowread_day(struct rowread *reader, const struct value *row, const char *key);
const char *rowread_str(struct rowread *reader, const struct value *row, const char *key);
int rowread_int(struct rowread *reader, const struct value *row, const char *key, int otherwise);
/* Index of the step whose id the member holds. None such: -1; when `required`, unfit and 0. */
int rowread_step(struct rowread *reader, const struct value *row, const char *key, bool required);
/* LIMIT_UNSET when there is none. */
void rowread_limit(struct rowread *reader, const struct value *row, const char *key,
                   struct limit *ret);

/* A required word of one of the enums, read by its parser. */
#define ROWREAD_WORD(reader, row, key, parse, ret)                                                 \
    do {                                                                                           \
        if ((parse)(value_get_text((row), (key)), (ret)) != 0)                                     \
            (reader)->unfit = true;                                                                \
    } while (0)

#endif
