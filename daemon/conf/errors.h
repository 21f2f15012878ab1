/* errors.h - everything that is wrong with the configuration, collected to be shown at once. */
#ifndef DVC_CONF_ERRORS_H
#define DVC_CONF_ERRORS_H

#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/jw.h"

#define CONF_ERRORS_MAX 200 /* kept where `max` says nothing; those beyond are only counted */

struct conf_error_item {
    const char *file;
    uint32_t line, column; /* 1-based, characters; 0: no place (a file that cannot be read) */
    const char *text;      /* Vietnamese: what is wrong, what was expected */
};

struct conf_errors {
    struct arena *arena; /* texts and the array live here */
    struct conf_error_item *items;
    size_t count, cap;
    size_t max;    /* kept, 0: CONF_ERRORS_MAX */
    size_t beyond; /* errors after those */
};

#define CONF_ERRORS_INIT(a) ((struct conf_errors){.arena = (a)})

/* `file` is copied. */
void conf_error(struct conf_errors *errors, const char *file, uint32_t line, uint32_t column,
                const char *fmt, ...) DVC_PRINTF(5, 6);
/* The text of one message: beyond 1,500 bytes it is cut between two characters, and the rule at its
 * end ("[K105]") is kept. Lives in `arena`. */
const char *conf_error_text(struct arena *arena, const char *fmt, va_list args);
size_t conf_errors_total(const struct conf_errors *errors); /* kept and beyond */
/* By file, line and column; errors at one place keep their order, and a repeated one is dropped. */
void conf_errors_sort(struct conf_errors *errors);
/* One line each, `file:line:col: text`, sorted, then how many more there are. */
void conf_errors_write(struct buf *buf, struct conf_errors *errors);
/* [{file, line, column, message, rule}], sorted; line and column null where there is no place, rule
 * the number at the message's end ("K105") or null. */
void conf_errors_json(struct jw *jw, struct conf_errors *errors);

#endif
